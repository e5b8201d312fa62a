"""Ledgers of Protocols 24 and 25: system and prepended events, failing calls, truncated diagnostics."""

from . import values as v
from .ledgers import Ledger
from .scenario import (
    FACTORY,
    ISSUER,
    ONE,
    OPERATOR,
    ORACLE,
    OTHER_POOL,
    POOL,
    RECEIVER,
    ROUTER,
    ROUTER_CODE,
    TRADER,
    USD_TOKEN,
    VAULT,
    WALLET,
    WALLET_CODE,
    balance,
    balance_key,
    contract_id,
    executable_value,
    sac_call,
    transfer_topics,
)
from .signatures import Authorization, SignedCall
from .state import TEMPORARY, Data, instance_of
from .transactions import Party


def events_and_upgrades(at):
    return Ledger(
        "system events, prepended events, asset transfers",
        24,
        classic_events=True,
        soroban=[[[_upgrade(at), _prepended(at)], [_asset_transfer(at), _many_events(at), _survived_upgrade(at)]]],
    )


def _upgrade(at):
    story, state = at.story()
    old, new = ROUTER_CODE.hash, WALLET_CODE.hash
    with story.root(VAULT, "upgrade", [v.bytes_(new)]) as root:
        story.executable_update(executable_value(old), executable_value(new))
        story.event([v.symbol("upgraded")], v.bytes_(new))
        root.returns(v.void())
    storage = (v.symbol("Version"), v.u32(1))
    state.updates(
        instance_of(VAULT), v.instance(v.wasm_executable(old), storage), v.instance(v.wasm_executable(new), storage)
    )
    state.reads(WALLET_CODE)
    return at.invoke(
        "an upgrade",
        "The host publishes a SYSTEM event, which is one of the operation's events; the instance entry changes "
        "its executable.",
        story,
        state,
        source=Party(OPERATOR),
        expect={
            "/contract_call/events/0/type": "system",
            "/contract_call/events/0/call_index": 0,
            "/contract_call/events/1/type": "contract",
            "/contract_call/state_changes/0/entry": "instance",
        },
        shows=["/contract_call/events", "/contract_call/state_changes"],
    )


def _survived_upgrade(at):
    story, state = at.story()
    with story.root(FACTORY, "upgrade_all", []) as root:
        with story.call(VAULT, "upgrade", [v.bytes_(ROUTER_CODE.hash)]) as call:
            story.executable_update(executable_value(WALLET_CODE.hash), executable_value(ROUTER_CODE.hash))
            call.returns(v.void())
        with story.call(POOL, "upgrade", [v.bytes_(ROUTER_CODE.hash)]):
            story.executable_update(executable_value(WALLET_CODE.hash), executable_value(ROUTER_CODE.hash))
            story.fail(v.contract_error(3), "failing with contract error", v.u32(3))
        root.returns(v.void())
    return at.invoke(
        "an upgrade rolled back below",
        "A SYSTEM event of a call that failed is flagged false and did not take effect.",
        story,
        state,
        expect={
            "/contract_call/events/0/type": "system",
            "/contract_call/events/0/call_index": 1,
            "/contract_call/contract_calls/1/successful": False,
        },
        expect_length={"/contract_call/events": 1},
        shows=["/contract_call/events", "/contract_call/contract_calls"],
    )


def _prepended(at):
    story, state = at.story()
    for amount in (11, 12):
        story.event_before_all(
            USD_TOKEN, [v.symbol("mint"), VAULT.value, v.string("USD:" + Party(ISSUER).account_text())], v.i128(amount)
        )
    with story.root(VAULT, "settle", [v.u32(1)]) as root:
        sac_call(story, USD_TOKEN, "USD:" + Party(ISSUER).account_text(), VAULT, POOL, 9)
        story.event([v.symbol("settled")], v.u32(1))
        root.returns(v.void())
    state.updates(Data(USD_TOKEN, balance_key(VAULT)), balance(9), balance(0))
    state.updates(Data(USD_TOKEN, balance_key(POOL)), balance(0), balance(9))
    return at.invoke(
        "events that core prepended",
        "Core put two events in front of what the host returned: they are in no diagnostics (call_index null) "
        "and not in "
        "the success hash. The rest is the diagnostics' own sequence, as the suffix.",
        story,
        state,
        expect={
            "/contract_call/events/0/call_index": None,
            "/contract_call/events/1/call_index": None,
            "/contract_call/events/2/call_index": 1,
            "/contract_call/events/3/call_index": 0,
        },
        expect_length={"/contract_call/events": 4},
        shows=["/contract_call/events"],
    )


def _asset_transfer(at):
    story, state = at.story()
    name = "USD:" + Party(ISSUER).account_text()
    to = v.address(v.muxed_address(RECEIVER, 12345))
    with story.root(USD_TOKEN, "transfer", [VAULT.value, to, v.i128(3 * ONE)]) as root:
        with story.call(
            VAULT,
            "__check_auth",
            [v.bytes_(v.seeded("payload", at.sequence)), v.void(), v.vec(v.vec(v.symbol("Contract"), v.map_()))],
        ) as check:
            check.returns(v.void())
        story.event(transfer_topics(VAULT, RECEIVER, name), v.record(amount=v.i128(3 * ONE), to_muxed_id=v.u64(12345)))
        root.returns(v.void())
    signed = SignedCall(USD_TOKEN, "transfer", [VAULT.value, to, v.i128(3 * ONE)])
    state.creates(Data(VAULT, v.nonce_key(77), TEMPORARY), v.void(), live_until=at.sequence + 60)
    state.updates(Data(USD_TOKEN, balance_key(VAULT)), balance(5 * ONE), balance(2 * ONE))
    return at.invoke(
        "transfer to a muxed address",
        "The topic holds the account, the data a map with the id. The contract that pays authorizes by "
        "__check_auth, called by "
        "the token, always with three arguments; its nonce is an entry of its own.",
        story,
        state,
        auth=[Authorization(signed, VAULT, nonce=77, expires=at.sequence + 60)],
        expect={
            "/contract_call/contract_calls/0/from_contract": contract_id(USD_TOKEN),
            "/contract_call/contract_calls/0/function": "__check_auth",
            "/contract_call/contract_calls/0/arguments_ambiguous": False,
            "/contract_call/state_changes/0/contract_id": contract_id(VAULT),
            "/contract_call/auth/0/address": contract_id(VAULT),
        },
        expect_length={"/contract_call/contract_calls/0/arguments": 3},
        shows=["/contract_call/events", "/contract_call/state_changes", "/contract_call/auth"],
    )


def _many_events(at):
    story, state = at.story()
    same = [v.symbol("tick")]
    with story.root(ROUTER, "run", [v.u32(3)]) as root:
        story.event(same, v.u32(0))
        for n in range(3):
            with story.call(POOL, "tick", [v.u32(n)]) as call:
                story.event(same, v.u32(0))
                if n == 1:
                    story.fail(v.contract_error(1), "failing with contract error", v.u32(1))
                else:
                    call.returns(v.void())
        story.event(same, v.u32(0))
        root.returns(v.void())
    return at.invoke(
        "equal events of several calls",
        "Events are matched in order, not by what they hold: those of a failed call are skipped, so equal events "
        "still find "
        "their calls.",
        story,
        state,
        expect={
            "/contract_call/events/0/call_index": 0,
            "/contract_call/events/1/call_index": 1,
            "/contract_call/events/2/call_index": 3,
            "/contract_call/events/3/call_index": 0,
        },
        expect_length={"/contract_call/events": 4},
        shows=["/contract_call/events"],
    )


def upgrade_to_25(at):
    return Ledger("upgrade to 25", 25, upgrade_to=25)


def calls_that_fail_and_survive(at):
    return Ledger(
        "try_call, diagnostics cut short",
        25,
        soroban=[[[_tried(at), _tried_deep(at), _cut(at), _cut_early(at), _self_check(at)]]],
    )


def _tried(at):
    story, state = at.story()
    with story.root(ROUTER, "try_swap", [v.i128(4)]) as root:
        with story.call(POOL, "swap_in", [v.i128(4)]):
            with story.call(ORACLE, "price", [v.symbol("USD")]) as price:
                story.event([v.symbol("asked")], v.u32(1))
                price.returns(v.i128(3))
            story.event([v.symbol("swap")], v.i128(4))
            story.fail(v.contract_error(21), "failing with contract error", v.u32(21))
        story.error(v.contract_error(21), "contract try_call failed", v.symbol("swap_in"), v.vec(v.i128(4)))
        with story.call(OTHER_POOL, "swap_in", [v.i128(4)]) as call:
            story.event([v.symbol("swap")], v.i128(4))
            call.returns(v.i128(8))
        root.returns(v.i128(8))
    state.updates(Data(OTHER_POOL, v.symbol("Reserve")), v.i128(10), v.i128(14))
    return at.invoke(
        "a try_call that fails and is survived",
        "The call's own fn_call is flagged successful, because it was recorded before its frame; there is no "
        "fn_return, so "
        "the call failed. What ran inside and returned did return, but its events took no effect.",
        story,
        state,
        returns=v.i128(8),
        expect={
            "/meta/successful": True,
            "/contract_call/contract_calls/0/successful": False,
            "/contract_call/contract_calls/0/return_value": None,
            "/contract_call/contract_calls/1/successful": True,
            "/contract_call/contract_calls/1/parent": 1,
            "/contract_call/contract_calls/2/successful": True,
            "/contract_call/contract_calls/2/parent": 0,
            "/contract_call/events/0/call_index": 3,
            "/contract_call/diagnostic_events/1/in_successful_contract_call": True,
            "/contract_call/diagnostic_events/2/in_successful_contract_call": False,
        },
        expect_length={"/contract_call/events": 1, "/contract_call/contract_calls": 3},
        shows=["/contract_call/contract_calls", "/contract_call/events"],
    )


def _tried_deep(at):
    story, state = at.story()
    with story.root(FACTORY, "batch", []) as root:
        with story.call(ROUTER, "step", [v.u32(1)]) as step:
            with story.call(POOL, "inner", [v.u32(1)]):
                with story.call(ORACLE, "deep", [v.u32(1)]):
                    story.fail(v.host_error("value", "invalid_input"), "unexpected value")
                story.fail(v.host_error("value", "invalid_input"), "escalating error to panic")
            story.error(v.host_error("context", "invalid_action"), "contract try_call failed", v.symbol("inner"))
            story.event([v.symbol("recovered")], v.u32(1))
            step.returns(v.void())
        with story.call(ROUTER, "step", [v.u32(2)]) as step:
            step.returns(v.void())
        root.returns(v.void())
    return at.invoke(
        "a chain that fails below and is caught above",
        "An event or a call of a contract further up closes every frame above it: they failed. The error that carries "
        "the caller's id belongs to the caller.",
        story,
        state,
        expect={
            "/contract_call/contract_calls/1/successful": False,
            "/contract_call/contract_calls/2/successful": False,
            "/contract_call/contract_calls/2/parent": 2,
            "/contract_call/contract_calls/0/successful": True,
            "/contract_call/contract_calls/3/parent": 0,
            "/contract_call/events/0/call_index": 1,
        },
        shows=["/contract_call/contract_calls"],
    )


def _cut(at):
    story, state = at.story()
    with story.root(ROUTER, "long", [v.u32(1)]) as root:
        with story.call(POOL, "first", [v.u32(1)]) as call:
            story.event([v.symbol("first")], v.u32(1))
            call.returns(v.u32(11))
        with story.call(OTHER_POOL, "second", [v.u32(2)]) as call:
            with story.call(ORACLE, "third", [v.u32(3)]) as inner:
                inner.returns(v.u32(33))
            call.returns(v.u32(22))
        root.returns(v.u32(44))
    story.cut_diagnostics(keep=6)  # up to the fn_call of "third"
    for told in story.calls[1:]:
        told["return_value"], told["successful"] = None, None
    return at.invoke(
        "diagnostics cut short",
        "The operation succeeded, so its root call returned; that the diagnostics do not say so means that they "
        "are incomplete. What "
        "returned is known; what did not is null, not false.",
        story,
        state,
        returns=v.u32(44),
        expect={
            "/meta/successful": True,
            "/contract_call/contract_calls/0/successful": True,
            "/contract_call/contract_calls/1/successful": None,
            "/contract_call/contract_calls/2/successful": None,
            "/contract_call/events/0/call_index": 1,
        },
        expect_length={"/contract_call/contract_calls": 3, "/contract_call/diagnostic_events": 6},
        shows=["/contract_call/return_value"],
    )


def _cut_early(at):
    story, state = at.story()
    with story.root(ROUTER, "longer", [v.u32(1)]) as root:
        with story.call(POOL, "first", [v.u32(1)]) as call:
            story.event([v.symbol("first")], v.u32(1))
            call.returns(v.u32(11))
        story.event([v.symbol("last")], v.u32(2))
        root.returns(v.u32(44))
    story.cut_diagnostics(keep=3)  # the second event is lost, with everything after the first
    story.calls[0].update(return_value=None, successful=None)
    story.call_indices_known = False
    return at.invoke(
        "diagnostics cut before an event",
        "The meta has more events than the diagnostics, and the diagnostics are not its suffix: which call published "
        "which event is not known.",
        story,
        state,
        returns=v.u32(44),
        expect={
            "/contract_call/contract_calls/0/successful": None,
            "/contract_call/events/0/call_index": None,
            "/contract_call/events/1/call_index": None,
        },
        expect_length={"/contract_call/events": 2},
    )


def _self_check(at):
    story, state = at.story()
    payload = v.bytes_(v.seeded("payload", "self"))
    with story.root(WALLET, "execute", [v.u32(1)]) as root:
        with story.call(WALLET, "__check_auth", [payload, v.vec(v.bytes_(b"sig")), v.vec()]) as check:
            with story.call(WALLET, "policy", [v.u32(1)]) as inner:
                story.event([v.symbol("policy")], v.void())
                inner.returns(v.boolean(True))
            story.event([v.symbol("checked")], v.void())
            check.returns(v.void())
        story.event([v.symbol("executed")], v.void())
        root.returns(v.void())
    return at.invoke(
        "a contract that calls itself",
        "Caller and callee are the same contract: nesting still follows from order, and an event belongs to the "
        "innermost call.",
        story,
        state,
        auth=[Authorization(SignedCall(WALLET, "execute", [v.u32(1)]), WALLET, nonce=5, expires=at.sequence + 5)],
        expect={
            "/contract_call/contract_calls/0/depth": 1,
            "/contract_call/contract_calls/1/depth": 2,
            "/contract_call/events/0/call_index": 2,
            "/contract_call/events/1/call_index": 1,
            "/contract_call/events/2/call_index": 0,
        },
        shows=["/contract_call/contract_calls"],
    )


def without_diagnostics(at):
    story, state = at.story()
    with story.root(ROUTER, "swap", [TRADER.value, v.i128(4), v.u32(0)]) as root:
        sac_call(story, USD_TOKEN, "USD:" + Party(ISSUER).account_text(), TRADER, POOL, 4)
        root.returns(v.void())
    state.updates(Data(USD_TOKEN, balance_key(POOL)), balance(1), balance(5))
    signed = SignedCall(
        ROUTER,
        "swap",
        [TRADER.value, v.i128(4), v.u32(0)],
        [SignedCall(USD_TOKEN, "transfer", [TRADER.value, POOL.value, v.i128(4)])],
    )
    failed_story, failed_state = at.story()
    with failed_story.root(VAULT, "withdraw", [v.i128(1)]):
        failed_story.fail(v.contract_error(1), "failing with contract error")
    failed_story.host_failed(v.contract_error(1))
    return Ledger(
        "meta V4 without diagnostics",
        25,
        diagnostics=False,
        soroban=[
            [
                [
                    at.invoke(
                        "signed sub-calls without diagnostics",
                        "The auth tree says what was signed, never what ran: contract_calls stays null.",
                        story,
                        state,
                        source=Party(TRADER),
                        auth=[Authorization(signed)],
                        expect={"/contract_call/contract_calls": None, "/contract_call/events/0/call_index": None},
                        shows=["/contract_call/auth", "/contract_call/events"],
                    ),
                    at.invoke(
                        "a failure without diagnostics",
                        "A failed operation under meta V4 leaves neither operation meta nor Soroban meta.",
                        failed_story,
                        failed_state,
                        code="trapped",
                        expect={
                            "/contract_call/contract_calls": None,
                            "/contract_call/diagnostic_events": None,
                            "/contract_call/events": [],
                            "/meta/result_code": "trapped",
                        },
                    ),
                ]
            ]
        ],
    )


def upgrade_to_26(at):
    return Ledger("upgrade to 26", 26, upgrade_to=26)


LEDGERS = [events_and_upgrades, upgrade_to_25, calls_that_fail_and_survive, without_diagnostics, upgrade_to_26]
