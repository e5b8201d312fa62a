"""Ledgers of Protocol 20: every way to fail, and the footprint operations before entries were RESTORED."""

from . import values as v
from .ledgers import Ledger
from .network import preimage_from_address, preimage_from_asset
from .scenario import (
    CLOSED,
    CREATOR,
    OPERATOR,
    ORACLE,
    PAYER,
    POOL,
    RECEIVER,
    REGISTRY,
    ROUTER,
    ROUTER_CODE,
    TRADER,
    USD,
    USD_TOKEN,
    VAULT,
    contract_id,
)
from .signatures import Authorization, Creation, SignedCall
from .state import Code, Data, StateLog, instance_of
from .transactions import Party


def failures(at):
    return Ledger(
        "failures of every kind, meta V3",
        20,
        soroban=[
            _trapped(at),
            _trapped_below(at),
            _entry_archived(at),
            _insufficient_fee(at),
            _resource_limit(at),
            _malformed(at),
            _account_as_contract(at),
            _bad_sequence(at),
            _no_source(at),
            _failed_creation(at),
        ],
    )


def _trapped(at):
    story, state = at.story()
    with story.root(VAULT, "withdraw", [TRADER.value, v.i128(10)]):
        story.event([v.symbol("withdraw")], v.i128(10))
        story.fail(v.contract_error(7), "failing with contract error", v.u32(7))
    story.host_failed(v.contract_error(7))
    state.reads(instance_of(VAULT))
    return at.invoke(
        "trapped in the contract called",
        "Events of a failed operation took no effect: events is [], they stay visible in the diagnostics.",
        story,
        state,
        source=Party(TRADER),
        code="trapped",
        expect={
            "/meta/successful": False,
            "/meta/tx_successful": False,
            "/meta/result_code": "trapped",
            "/meta/tx_result_code": "tx_failed",
            "/contract_call/events": [],
            "/contract_call/return_value": None,
            "/contract_call/contract_calls": [],
            "/contract_call/diagnostic_events/1/type": "contract",
            "/contract_call/diagnostic_events/1/in_successful_contract_call": False,
        },
        expect_length={"/contract_call/diagnostic_events": 4},
    )


def _trapped_below(at):
    story, state = at.story()
    with story.root(ROUTER, "swap", [TRADER.value, v.i128(1), v.u32(1)]):
        with story.call(ORACLE, "price", [v.symbol("EUR")]) as price:
            price.returns(v.i128(5))
        with story.call(POOL, "swap_in", [v.i128(1)]):
            story.fail(
                v.host_error("budget", "exceeded_limit"),
                "operation instructions exceeds amount specified",
                v.u64(4_000_000),
            )
        story.fail(v.host_error("budget", "exceeded_limit"), "escalating error to panic")
    story.host_failed(v.host_error("budget", "exceeded_limit"))
    signed = SignedCall(ROUTER, "swap", [TRADER.value, v.i128(1), v.u32(1)])
    return at.invoke(
        "trapped in a sub-call",
        "A call without fn_return failed; one that returned did return, though everything was rolled back later.",
        story,
        state,
        source=Party(TRADER, 5),
        code="trapped",
        auth=[Authorization(signed)],
        expect={
            "/contract_call/contract_calls/0/successful": True,
            "/contract_call/contract_calls/1/successful": False,
            "/contract_call/contract_calls/1/return_value": None,
            "/contract_call/state_changes": [],
            "/contract_call/ttl_extensions": [],
        },
        shows=["/contract_call/contract_calls", "/contract_call/auth"],
    )


def _entry_archived(at):
    story, state = at.story()
    story.core_refused(
        v.host_error("storage", "invalid_input"),
        "trying to access an archived contract data entry",
        VAULT.value,
        v.instance_key(),
    )
    state.reads(instance_of(VAULT))
    return at.invoke(
        "an archived entry",
        "The host was never reached: no call at all, but core says why, so contract_calls is [] and not null.",
        story,
        state,
        target=(VAULT.address, "deposit", [v.i128(1)]),
        code="entry_archived",
        expect={
            "/meta/result_code": "entry_archived",
            "/contract_call/contract_calls": [],
            "/contract_call/diagnostic_events/0/contract_id": None,
        },
        expect_length={"/contract_call/diagnostic_events": 1},
    )


def _insufficient_fee(at):
    story, state = at.story()
    with story.root(VAULT, "store", [v.symbol("key"), v.u32(5)]) as root:
        with story.call(REGISTRY, "note", [v.u32(5)]) as call:
            call.returns(v.void())
        story.event([v.symbol("stored")], v.u32(5))
        root.returns(v.boolean(True))
    story.core_refused(
        v.host_error("budget", "exceeded_limit"),
        "refundable resource fee was not sufficient to cover the ledger storage rent: {} > {}",
        v.u64(900),
        v.u64(10),
    )
    state.writes(Data(VAULT, v.symbol("key")))
    return at.invoke(
        "the refundable fee does not suffice",
        "The host had finished, so its events are flagged successful and the calls returned; "
        "the operation failed all the same, and has no events and no return value.",
        story,
        state,
        code="insufficient_refundable_fee",
        expect={
            "/meta/successful": False,
            "/meta/result_code": "insufficient_refundable_fee",
            "/contract_call/events": [],
            "/contract_call/return_value": None,
            "/contract_call/contract_calls/0/successful": True,
            "/contract_call/diagnostic_events/0/in_successful_contract_call": True,
            "/contract_call/diagnostic_events/5/in_successful_contract_call": False,
        },
    )


def _resource_limit(at):
    story, state = at.story()
    with story.root(VAULT, "grow", [v.u32(2**32 - 1)]):
        story.fail(v.host_error("budget", "exceeded_limit"), "Memory(OutOfBoundsGrowth)")
    story.host_failed(v.host_error("budget", "exceeded_limit"))
    return at.invoke(
        "more memory than declared",
        "RESOURCE_LIMIT_EXCEEDED, -3.",
        story,
        state,
        code="resource_limit_exceeded",
        expect={
            "/meta/result_code": "resource_limit_exceeded",
            "/meta/successful": False,
            "/contract_call/contract_calls": [],
        },
    )


def _malformed(at):
    story, state = at.story()
    creation = Creation(preimage_from_asset(USD), v.wasm_executable(ROUTER_CODE.hash))
    return at.create(
        "malformed creation",
        "An asset's contract cannot run wasm: MALFORMED, before the host is reached; what follows from the envelope is "
        "shown all the same, what the diagnostics would say is null.",
        story,
        state,
        creation,
        code="malformed",
        expect={
            "/meta/result_code": "malformed",
            "/create_contract/contract_calls": None,
            "/create_contract/diagnostic_events": None,
            "/create_contract/return_value": None,
            "/create_contract/contract_id": contract_id(USD_TOKEN),
        },
        shows=["/create_contract/asset", "/create_contract/wasm_hash", "/create_contract/executable"],
    )


def _account_as_contract(at):
    story, state = at.story()
    story.core_refused(v.host_error("value", "unexpected_type"), "contract address expected")
    return at.invoke(
        "a call of an account",
        "A G… address can stand where a contract is called; such a call fails.",
        story,
        state,
        code="trapped",
        target=(RECEIVER.address, "transfer", [v.void(), v.vec()]),
        expect={
            "/contract_call/contract_id": Party(RECEIVER).account_text(),
            "/contract_call/function_name": "transfer",
        },
        shows=["/contract_call/arguments", "/meta/result_code"],
    )


def _bad_sequence(at):
    story, state = at.story()
    return at.invoke(
        "a wrong sequence number",
        "txBAD_SEQ: the operation has no result, so its result code is null and there are no diagnostics.",
        story,
        state,
        source=Party(TRADER),
        code="tx_bad_seq",
        target=(VAULT.address, "poke", []),
        expect={
            "/meta/result_code": None,
            "/meta/tx_result_code": "tx_bad_seq",
            "/meta/successful": False,
            "/meta/tx_successful": False,
            "/contract_call/contract_calls": None,
            "/contract_call/diagnostic_events": None,
            "/contract_call/events": [],
        },
    )


def _no_source(at):
    story, state = at.story()
    return at.invoke(
        "an operation source that does not exist",
        "opNO_ACCOUNT: the operation itself was never reached; the code is told at the level of operations.",
        story,
        state,
        operation_source=Party(CLOSED),
        code="op_no_account",
        target=(VAULT.address, "poke", [v.u32(0)]),
        expect={
            "/meta/result_code": "op_no_account",
            "/meta/tx_result_code": "tx_failed",
            "/contract_call/contract_calls": None,
            "/contract_call/invoking_account": Party(CLOSED).account_text(),
        },
        shows=["/meta/source_account"],
    )


def _failed_creation(at):
    story, state = at.story()
    creation = Creation(
        preimage_from_address(CREATOR.address, v.seeded("salt", "existing")), v.wasm_executable(ROUTER_CODE.hash)
    )
    story.error(
        v.host_error("storage", "existing_value"), "contract already exists", v.bytes_(creation.contract.id_bytes)
    )
    story.host_failed(v.host_error("storage", "existing_value"))
    return at.create(
        "creation of a contract that exists",
        "The contract id follows from the envelope and is told although the creation failed.",
        story,
        state,
        creation,
        source=Party(CREATOR),
        code="trapped",
        expect={
            "/create_contract/contract_id": contract_id(creation.contract),
            "/create_contract/return_value": None,
            "/create_contract/contract_calls": [],
        },
        shows=["/meta/result_code"],
    )


def footprint_operations(at):
    restored = StateLog(at.sequence)
    restored.revives(Data(VAULT, v.symbol("Config")), at.sequence - 30)
    restored.revives(Code(ROUTER_CODE.wasm), at.sequence - 1)
    nothing = StateLog(at.sequence)
    nothing.writes(Data(VAULT, v.symbol("Live")))
    failed = StateLog(at.sequence)
    failed.writes(Data(VAULT, v.symbol("Huge")))
    extended = StateLog(at.sequence)
    extended.extends(instance_of(VAULT), at.sequence + 10, at.sequence + 100_000)
    extended.extends(ROUTER_CODE, at.sequence + 11, at.sequence + 100_000)
    extended.reads(Data(VAULT, v.symbol("LivesLonger")))
    story, state = at.story()
    with story.root(VAULT, "poke", [v.u32(1)]) as root:
        with story.call(POOL, "poke", [v.u32(2)]) as call:
            story.event([v.symbol("poked")], v.u32(2))
            call.returns(v.void())
        root.returns(v.void())
    return Ledger(
        "footprint operations, no diagnostics",
        20,
        diagnostics=False,
        soroban=[
            at.extend(
                "extension of two lifetimes",
                "ExtendFootprintTTL: TTL entries of readOnly keys grow to the ledger plus extend_to; an entry "
                "that lives "
                "longer already is skipped.",
                extended,
                100_000,
                source=Party(OPERATOR, 1),
                operation_source=Party(PAYER, 8),
                expect={
                    "/extend_ttl/extend_to": 100_000,
                    "/extend_ttl/ttl_extensions/0/old_ttl": at.sequence + 10,
                    "/extend_ttl/ttl_extensions/0/new_ttl": at.sequence + 100_000,
                    "/extend_ttl/ttl_extensions/1/entry": "code",
                    "/meta/data_source": "live",
                },
                shows=["/extend_ttl"],
            ),
            at.extend(
                "extension that is malformed",
                "The code of the operation's own result, in SEP-51 form.",
                StateLog(at.sequence),
                0,
                code="malformed",
                expect={"/meta/result_code": "malformed", "/extend_ttl/ttl_extensions": []},
            ),
            at.restore(
                "restoration before Protocol 23",
                "Nothing is RESTORED before Protocol 23: all that shows is that the TTL entries grew from before "
                "this ledger to the minimum, so it is told as extensions and data_source stays live.",
                restored,
                source=Party(PAYER),
                expect={
                    "/meta/archive_restorations": [],
                    "/meta/data_source": "live",
                    "/restore_footprint/ttl_extensions/0/old_ttl": at.sequence - 30,
                    "/restore_footprint/ttl_extensions/0/new_ttl": at.sequence + 4095,
                },
                shows=["/restore_footprint"],
            ),
            at.restore(
                "restoration of nothing",
                "Live entries are skipped: success, but nothing was restored.",
                nothing,
                expect={"/restore_footprint/ttl_extensions": [], "/meta/successful": True},
            ),
            at.restore(
                "restoration that cost too much",
                "A failed restoration changes nothing.",
                failed,
                code="insufficient_refundable_fee",
                expect={
                    "/meta/result_code": "insufficient_refundable_fee",
                    "/meta/successful": False,
                    "/restore_footprint/ttl_extensions": [],
                },
            ),
            at.invoke(
                "a call without diagnostics",
                "What ran below the operation is not known: null, never []. Events come from the meta, but which call "
                "published them is not known either.",
                story,
                state,
                expect={
                    "/contract_call/contract_calls": None,
                    "/contract_call/diagnostic_events": None,
                    "/contract_call/events/0/call_index": None,
                },
                expect_length={"/contract_call/events": 1},
            ),
        ],
    )


def upgrade_to_21(at):
    return Ledger("upgrade to 21, no transactions", 21, upgrade_to=21)


LEDGERS = [failures, footprint_operations, upgrade_to_21]
