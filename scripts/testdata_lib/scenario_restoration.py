"""Ledgers of Protocol 23: parallel phases, restored entries, lifetimes."""

from stellar_sdk import xdr

from . import values as v
from .ledgers import Ledger
from .network import key_hash
from .scenario import CREATOR, OPERATOR, OTHER_POOL, PAYER, POOL, REGISTRY, ROUTER_CODE, TRADER, VAULT, WALLET_CODE
from .state import TEMPORARY, Code, Data, StateLog, instance_of, ttl_key
from .transactions import Party


def stages_and_restorations(at):
    """Two stages, the first with two clusters: they determine the apply order; the order of the set differs."""
    return Ledger(
        "parallel stages and clusters; automatic restoration",
        23,
        classic_events=True,
        evicted=_evicted(at),
        classic=[
            at.pay(
                "payment before the parallel phase",
                "The classic phase is applied first.",
                memo=xdr.Memo(xdr.MemoType.MEMO_ID, id=xdr.Uint64(7)),
            )
        ],
        soroban=[
            [[_bump(at, n) for n in range(3)], [_restored_only(at), _restored_then_updated(at)]],
            [[_restored_then_deleted(at)], [_restored_instance_and_code(at)], [_restored_but_failed(at)]],
        ],
    )


def _evicted(at):
    temporary = Data(POOL, v.symbol("Lock"), TEMPORARY).ledger_key()
    persistent = Data(VAULT, v.symbol("Config")).ledger_key()
    return [
        temporary,
        ttl_key(key_hash(temporary)),
        ttl_key(key_hash(persistent)),
        persistent,
        ROUTER_CODE.ledger_key(),
    ]


def _bump(at, n):
    story, state = at.story()
    with story.root(VAULT, "read", [v.u32(n)]) as root:
        root.returns(v.u32(n))
    state.extends(instance_of(VAULT), at.sequence + 100, at.sequence + 1000 * (n + 1))
    return at.invoke(
        f"read-only extension {n + 1} of 3",
        "From Protocol 23 on an extension of a readOnly entry is an observation of its own transaction: "
        "several in one ledger start from the same old value.",
        story,
        state,
        returns=v.u32(n),
        source=Party((PAYER, TRADER, CREATOR)[n]),
        expect={
            "/contract_call/ttl_extensions/0/old_ttl": at.sequence + 100,
            "/contract_call/ttl_extensions/0/new_ttl": at.sequence + 1000 * (n + 1),
            "/contract_call/ttl_extensions/0/entry": "instance",
        },
        shows=["/contract_call/ttl_extensions", "/meta/tx_hash", "/meta/toid"],
    )


def _restored_only(at):
    story, state = at.story()
    with story.root(VAULT, "get", [v.symbol("Config")]) as root:
        root.returns(v.u32(8))
    state.writes(Data(VAULT, v.symbol("Log")))
    state.restores(Data(VAULT, v.symbol("Config")), v.u32(8))
    return at.invoke(
        "automatic restoration, entry not changed",
        "RESTORED alone: a restore and nothing else. Its TTL is the minimum, which is no extension. "
        "The declared index points into readWrite.",
        story,
        state,
        returns=v.u32(8),
        expect={
            "/meta/data_source": "archive",
            "/meta/archive_restorations/0/reason": "automatic",
            "/meta/archive_restorations/0/restored_at_ledger": at.sequence,
            "/contract_call/state_changes/0/operation": "restore",
            "/contract_call/state_changes/0/old_value": None,
            "/contract_call/ttl_extensions": [],
        },
        shows=["/meta/archive_restorations", "/contract_call/state_changes"],
        expect_length={"/contract_call/state_changes": 1},
    )


def _restored_then_updated(at):
    story, state = at.story()
    entry = Data(VAULT, v.vec(v.symbol("Shares"), TRADER.value))
    with story.root(VAULT, "deposit", [TRADER.value, v.i128(5)]) as root:
        root.returns(v.void())
    state.restores(entry, v.i128(10), then=v.i128(15), bumped_to=at.sequence + 9000)
    return at.invoke(
        "automatic restoration, then an update and an extension",
        "RESTORED is the pre-image of the UPDATED behind it: two changes. "
        "The TTL was restored to the minimum and then extended from there.",
        story,
        state,
        source=Party(TRADER),
        expect={
            "/contract_call/state_changes/0/operation": "restore",
            "/contract_call/state_changes/1/operation": "update",
            "/contract_call/ttl_extensions/0/old_ttl": at.sequence + 4095,
            "/contract_call/ttl_extensions/0/new_ttl": at.sequence + 9000,
            "/meta/data_source": "archive",
        },
        shows=["/contract_call/state_changes", "/contract_call/ttl_extensions", "/meta/archive_restorations"],
        expect_length={"/meta/archive_restorations": 1},
    )


def _restored_then_deleted(at):
    story, state = at.story()
    with story.root(VAULT, "clear", [v.symbol("Old")]) as root:
        root.returns(v.void())
    state.restores(Data(VAULT, v.symbol("Old")), v.string("gone"), deleted=True)
    return at.invoke(
        "automatic restoration, then deletion",
        "RESTORED, REMOVED: a restore followed by a delete of what was restored.",
        story,
        state,
        expect={
            "/contract_call/state_changes/0/operation": "restore",
            "/contract_call/state_changes/1/operation": "delete",
            "/contract_call/state_changes/1/new_value": None,
            "/contract_call/ttl_extensions": [],
        },
        shows=["/contract_call/state_changes"],
    )


def _restored_instance_and_code(at):
    story, state = at.story()
    with story.root(REGISTRY, "wake", []) as root:
        root.returns(v.void())
    state.restores(WALLET_CODE)
    state.restores(instance_of(REGISTRY), v.instance(v.wasm_executable(WALLET_CODE.hash)))
    return at.invoke(
        "automatic restoration of an instance and its code",
        "A restored code entry has a code_hash, and neither contract nor key.",
        story,
        state,
        expect={
            "/meta/archive_restorations/0/entry": "code",
            "/meta/archive_restorations/0/contract_id": None,
            "/meta/archive_restorations/0/key": None,
            "/meta/archive_restorations/0/code_hash": WALLET_CODE.hash.hex(),
            "/meta/archive_restorations/1/entry": "instance",
        },
        shows=["/meta/archive_restorations", "/contract_call/state_changes"],
        expect_length={"/meta/archive_restorations": 2},
    )


def _restored_but_failed(at):
    story, state = at.story()
    with story.root(VAULT, "get", [v.symbol("Never")]):
        story.fail(v.host_error("storage", "missing_value"), "trying to get non-existing value for contract instance")
    story.host_failed(v.host_error("storage", "missing_value"))
    entry = Data(VAULT, v.symbol("Declared"))
    state.writes(entry)
    state.archived.append(entry.ledger_key())
    return at.invoke(
        "declared archived, but failed",
        "What the footprint declares archived is a request. A failed operation restored nothing.",
        story,
        state,
        code="trapped",
        expect={"/meta/data_source": "live", "/meta/archive_restorations": [], "/contract_call/state_changes": []},
    )


def state_and_lifetimes(at):
    requested = StateLog(at.sequence)
    requested.restores_on_request(Data(VAULT, v.symbol("Evicted")), v.u32(1), last_modified=at.sequence)
    requested.restores_on_request(Data(VAULT, v.symbol("Expired")), v.u32(2), last_modified=at.sequence - 500)
    requested.restores_on_request(Code(ROUTER_CODE.wasm), last_modified=at.sequence)
    extended = StateLog(at.sequence)
    extended.extends(Data(POOL, v.symbol("Reserve")), at.sequence, at.sequence + 50)
    return Ledger(
        "RestoreFootprint, unknown and shrinking lifetimes, unchanged updates",
        23,
        fee_extension=True,
        soroban=[
            [
                [
                    at.restore(
                        "restoration on request",
                        "RestoreFootprint from Protocol 23 on: RESTORED entries with reason explicit, whether "
                        "they came out of the hot archive or "
                        "had only expired; the TTL is set to the minimum, which is no extension.",
                        requested,
                        source=Party(OPERATOR, 5),
                        operation_source=Party(TRADER, 6),
                        expect={
                            "/meta/data_source": "archive",
                            "/meta/archive_restorations/0/reason": "explicit",
                            "/restore_footprint/ttl_extensions": [],
                            "/restore_footprint/account": Party(TRADER).account_text(),
                        },
                        shows=["/meta/archive_restorations"],
                        expect_length={"/meta/archive_restorations": 3},
                    ),
                    at.extend(
                        "extension under Protocol 23",
                        "The same under meta V4, without a return value.",
                        extended,
                        50,
                        shows=["/extend_ttl", "/meta/resources"],
                    ),
                    _unknown_owner(at),
                    _shrinking(at),
                ],
                [_unchanged(at), _deletions(at)],
            ]
        ],
    )


def _unknown_owner(at):
    story, state = at.story()
    with story.root(VAULT, "keep", []) as root:
        root.returns(v.void())
    state.extends_unknown(Data(OTHER_POOL, v.symbol("Elsewhere")), at.sequence + 7, at.sequence + 70)
    state.extends(instance_of(VAULT), at.sequence + 7, at.sequence + 70)
    return at.invoke(
        "a lifetime whose owner is unknown",
        "The key hash belongs to no key of the footprint or the changes: the owner's members are null, the hash "
        "is told.",
        story,
        state,
        expect={
            "/contract_call/ttl_extensions/0/contract_id": None,
            "/contract_call/ttl_extensions/0/entry": None,
            "/contract_call/ttl_extensions/0/key": None,
            "/contract_call/ttl_extensions/0/durability": None,
            "/contract_call/ttl_extensions/0/code_hash": None,
            "/contract_call/ttl_extensions/1/entry": "instance",
        },
        shows=["/contract_call/ttl_extensions", "/contract_call/ttl_extensions/0/key_hash"],
    )


def _shrinking(at):
    story, state = at.story()
    lock = Data(VAULT, v.symbol("Lock"), TEMPORARY)
    with story.root(VAULT, "relock", [v.u32(2)]) as root:
        root.returns(v.void())
    state.updates(lock, v.u32(1), v.u32(2))
    state.shrinks(lock, at.sequence + 900, at.sequence + 15)
    state.shrinks(Data(VAULT, v.symbol("Same")), at.sequence + 40, at.sequence + 40)
    return at.invoke(
        "a lifetime that shrinks and one that stays",
        "Deleted and created again in one transaction: the new lifetime is shorter. Only growth is an extension.",
        story,
        state,
        expect={"/contract_call/ttl_extensions": [], "/contract_call/state_changes/0/durability": "temporary"},
    )


def _unchanged(at):
    story, state = at.story()
    with story.root(VAULT, "touch", [v.u32(0)]) as root:
        root.returns(v.void())
    state.updates(Data(VAULT, v.symbol("Still")), v.u32(4), v.u32(4))
    state.updates(ROUTER_CODE)
    state.updates(Data(VAULT, v.symbol("Moved")), v.u32(4), v.u32(5))
    return at.invoke(
        "updates that change nothing",
        "Every read-write entry may be written back as it was; such updates are listed as the meta lists them.",
        story,
        state,
        expect={"/contract_call/state_changes/0/operation": "update", "/contract_call/state_changes/1/entry": "code"},
        shows=["/contract_call/state_changes"],
        expect_length={"/contract_call/state_changes": 3},
    )


def _deletions(at):
    story, state = at.story()
    with story.root(VAULT, "forget", [v.vec(v.u32(1), v.u32(2))]) as root:
        root.returns(v.void())
    state.deletes(Data(VAULT, v.u32(1)), v.absent_map())
    state.deletes(Data(VAULT, v.vec(), TEMPORARY), v.bytes_(b"\0"))
    state.creates(Data(VAULT, v.absent_vec()), v.absent_vec())
    return at.invoke(
        "deletions and creations",
        "STATE, REMOVED tells the old value; its TTL goes with it and is no extension.",
        story,
        state,
        expect={
            "/contract_call/state_changes/0/operation": "delete",
            "/contract_call/state_changes/0/new_value": None,
            "/contract_call/state_changes/1/durability": "temporary",
            "/contract_call/state_changes/2/operation": "create",
            "/contract_call/ttl_extensions": [],
        },
        shows=["/contract_call/state_changes"],
        expect_length={"/contract_call/arguments": 1},
    )


def upgrade_to_24(at):
    return Ledger("upgrade to 24", 24, upgrade_to=24)


LEDGERS = [stages_and_restorations, state_and_lifetimes, upgrade_to_24]
