"""Ledgers of Protocol 20: calls below an operation, and their effects."""

from . import values as v
from .ledgers import Ledger
from .scenario import (
    NATIVE_TOKEN,
    ONE,
    OPERATOR,
    ORACLE,
    OTHER_POOL,
    PAYER,
    POOL,
    RECEIVER,
    ROUTER,
    ROUTER_CODE,
    TRADER,
    VAULT,
    account_entry,
    transfer_topics,
)
from .signatures import Authorization, SignedCall
from .state import TEMPORARY, Data, instance_of
from .transactions import Party


def calls_and_trees(at):
    return Ledger(
        "sub-calls, events and storage of Protocol 20",
        20,
        soroban=[
            _deep_chain(at),
            _siblings(at),
            _zero_arguments(at),
            _classic_entries(at),
            _non_utf8_name(at),
            _event_imitation(at),
        ],
    )


def _deep_chain(at):
    story, state = at.story()
    amount = v.i128(250 * ONE)
    with story.root(ROUTER, "swap", [TRADER.value, amount, v.u32(3)]) as swap:
        with story.call(POOL, "swap_in", [v.i128(250 * ONE)]) as pool:
            with story.call(OTHER_POOL, "quote", [v.symbol("USD")]) as quote:
                with story.call(ORACLE, "price", [v.vec(v.symbol("USD"))]) as price:
                    price.returns(v.record(price=v.i128(10_000_123), timestamp=v.u64(1_704_067_000)))
                quote.returns(v.i128(99))
            story.event([v.symbol("swap"), TRADER.value], amount)
            pool.returns(v.boolean(True))
        story.event([v.symbol("done")], v.vec())
        swap.returns(v.vec(v.i128(1), v.i128(-1)))
    state.reads(instance_of(ROUTER), instance_of(POOL), instance_of(OTHER_POOL), instance_of(ORACLE), ROUTER_CODE)
    state.updates(Data(POOL, v.vec(v.symbol("Reserve"), v.u32(0))), v.i128(1000), v.i128(1250))
    state.creates(Data(POOL, v.symbol("Lock"), TEMPORARY), v.boolean(False))
    return at.invoke(
        "deep chain of calls",
        "Each fn_call opens a call below the one that runs; depth and parent follow from the nesting. "
        "An event belongs to the call that was running.",
        story,
        state,
        returns=v.vec(v.i128(1), v.i128(-1)),
        source=Party(TRADER),
        expect={
            "/contract_call/contract_calls/0/depth": 1,
            "/contract_call/contract_calls/1/depth": 2,
            "/contract_call/contract_calls/2/depth": 3,
            "/contract_call/contract_calls/1/parent": 1,
            "/contract_call/contract_calls/2/parent": 2,
            "/contract_call/contract_calls/2/arguments_ambiguous": False,
            "/contract_call/events/0/call_index": 1,
            "/contract_call/events/1/call_index": 0,
        },
        shows=[
            "/contract_call/contract_calls",
            "/contract_call/events",
            "/contract_call/state_changes",
            "/contract_call/return_value",
        ],
        expect_length={"/contract_call/contract_calls": 3, "/contract_call/diagnostic_events": 10},
    )


def _siblings(at):
    story, state = at.story()
    with story.root(ROUTER, "rebalance", []) as root:
        for n, pool in enumerate((POOL, OTHER_POOL)):
            with story.call(pool, "reserves", [v.u32(n)]) as call:
                story.log("reserves asked", v.u32(n))
                call.returns(v.i128(n))
        with story.call(POOL, "sync", [v.boolean(True)]) as call:
            with story.call(ORACLE, "touch", [v.i32(-1)]) as inner:
                inner.returns(v.void())
            story.event([v.symbol("sync")], v.void())
            call.returns(v.void())
        root.returns(v.void())
    state.reads(instance_of(ROUTER), instance_of(POOL), instance_of(OTHER_POOL))
    return at.invoke(
        "sibling calls",
        "A returned call is closed: the next one from the same caller is its sibling, not its child. "
        "Operation and payer differ, both muxed.",
        story,
        state,
        source=Party(PAYER, 1),
        operation_source=Party(OPERATOR, 2),
        expect={
            "/contract_call/contract_calls/0/parent": 0,
            "/contract_call/contract_calls/1/parent": 0,
            "/contract_call/contract_calls/2/parent": 0,
            "/contract_call/contract_calls/3/parent": 3,
            "/contract_call/events/0/call_index": 3,
            "/contract_call/arguments": [],
            "/contract_call/invoking_account": Party(OPERATOR).account_text(),
            "/meta/source_account": Party(PAYER, 1).text(),
            "/meta/fee_account": Party(PAYER).account_text(),
        },
        shows=["/contract_call/contract_calls"],
    )


def _zero_arguments(at):
    story, state = at.story()
    with story.root(VAULT, "poke", [v.void()]) as root:
        root.returns(v.u64(2**64 - 1))
    state.reads(instance_of(VAULT))
    return at.invoke(
        "a call without sub-calls",
        "No calls below the operation is [], because the diagnostics are there; "
        "the root's one void argument is certain, since the envelope says so.",
        story,
        state,
        returns=v.u64(2**64 - 1),
        expect={"/contract_call/contract_calls": [], "/contract_call/events": [], "/contract_call/state_changes": []},
        shows=["/contract_call/arguments", "/contract_call/return_value"],
        expect_length={"/contract_call/arguments": 1},
    )


def _classic_entries(at):
    story, state = at.story()
    with story.root(NATIVE_TOKEN, "transfer", [TRADER.value, RECEIVER.value, v.i128(5 * ONE)]) as root:
        story.event(transfer_topics(TRADER, RECEIVER, "native"), v.i128(5 * ONE))
        root.returns(v.void())
    state.reads(instance_of(NATIVE_TOKEN))
    state.changes_classic(
        account_entry(TRADER, 900 * ONE, at.sequence - 1), account_entry(TRADER, 895 * ONE, at.sequence)
    )
    state.changes_classic(
        account_entry(RECEIVER, 10 * ONE, at.sequence - 1), account_entry(RECEIVER, 15 * ONE, at.sequence)
    )
    signed = SignedCall(NATIVE_TOKEN, "transfer", [TRADER.value, RECEIVER.value, v.i128(5 * ONE)])
    return at.invoke(
        "transfer of the native asset",
        "The asset contract moves the accounts' own balances: ACCOUNT entries change, which are no state "
        "changes of a contract.",
        story,
        state,
        source=Party(TRADER),
        auth=[Authorization(signed)],
        expect={
            "/contract_call/state_changes": [],
            "/contract_call/contract_calls": [],
            "/contract_call/events/0/call_index": 0,
        },
        shows=["/contract_call/events", "/contract_call/auth"],
    )


def _non_utf8_name(at):
    story, state = at.story()
    with story.root(VAULT, b"caf\xc3\xa9\xff\n", [v.u32(1)]) as root:
        with story.call(POOL, b"\x00tab\t\\", [v.u32(2)]) as call:
            story.event([v.symbol(b"\x80\x81"), v.string(b"\xfe\xff")], v.string("line\nbreak\r"))
            call.returns(v.void())
        root.returns(v.string(b"\xf0\x9f\x92\xa9"))
    state.reads(instance_of(VAULT))
    return at.invoke(
        "names that are not UTF-8",
        "A symbol is bytes to the XDR. Function names are escaped as SEP-51 strings, byte by byte: "
        "even valid UTF-8 becomes \\xNN.",
        story,
        state,
        returns=v.string(b"\xf0\x9f\x92\xa9"),
        expect={
            "/contract_call/function_name": "caf\\xc3\\xa9\\xff\\n",
            "/contract_call/contract_calls/0/function": "\\0tab\\t\\\\",
        },
        shows=["/contract_call/events/0"],
    )


def _event_imitation(at):
    story, state = at.story()
    with story.root(VAULT, "imitate", [v.u32(9)]) as root:
        story.event([v.symbol("fn_call"), v.bytes_(POOL.id_bytes), v.symbol("fake")], v.void())
        story.event([v.symbol("fn_return"), v.symbol("imitate")], v.u32(0))
        story.event([v.symbol("core_metrics"), v.symbol("cpu_insn")], v.u64(1))
        root.returns(v.u32(9))
    state.reads(instance_of(VAULT))
    return at.invoke(
        "contract events that look like the host's",
        "fn_call and fn_return count only in DIAGNOSTIC events; a contract may publish "
        "a CONTRACT event with the same topics, which opens and closes nothing.",
        story,
        state,
        returns=v.u32(9),
        expect={"/contract_call/contract_calls": [], "/contract_call/events/2/type": "contract"},
        expect_length={"/contract_call/events": 3, "/contract_call/diagnostic_events": 5},
        shows=["/contract_call/return_value"],
    )


LEDGERS = [calls_and_trees]
