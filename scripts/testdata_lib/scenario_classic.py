"""Ledgers with events of every stage: of classic operations, of contracts, and the fees of transactions.

They are a separate chain: two ledgers of Protocol 22 whose meta was regenerated for Protocol 23
(`BACKFILL_STELLAR_ASSET_EVENTS`), the second of which upgrades to 23, and two of Protocol 24.
"""

from stellar_sdk import xdr

from . import values as v
from .ledgers import Ledger
from .recorder import contract_event
from .scenario import (
    CREATOR,
    ISSUER,
    NATIVE_TOKEN,
    ONE,
    POOL,
    RECEIVER,
    ROUTER,
    SPONSOR,
    TRADER,
    USD,
    USD_TOKEN,
    VAULT,
    balance,
    balance_key,
    sac_call,
    transfer_topics,
)
from .state import Data
from .transactions import Party

USD_NAME = "USD:" + Party(ISSUER).account_text()


def backfilled(at):
    return Ledger(
        "Protocol 22 with meta V4: refunds after each transaction, rewritten events",
        22,
        meta_version=4,
        classic_events=True,
        refund_stage="AFTER_TX",
        classic=[_payment(at, "payment of lumens"), _failed(at)],
        soroban=[_rewritten(at, "mint, before Protocol 23"), _swap(at)],
    )


def backfilled_upgrade(at):
    return Ledger(
        "upgrade to 23, applied by 22: rewritten events under header 23",
        23,
        upgrade_to=23,
        meta_version=4,
        classic_events=True,
        refund_stage="AFTER_TX",
        classic=[_payment(at, "payment in the ledger of an upgrade")],
        soroban=[_rewritten(at, "mint in the ledger of an upgrade")],
    )


def every_stage(at):
    return Ledger(
        "classic operations, contracts and fees of Protocol 24",
        24,
        classic_events=True,
        metrics=True,
        classic=[
            _payment(at, "payment of lumens, again"),
            _many(at),
            _issued(at),
            _failed(at),
            _payment(at, "payment paid for by a sponsor, with events", fee_bump=Party(SPONSOR)),
        ],
        soroban=[[[_swap(at), _trapped(at)], [_added(at)]]],
    )


def contracts_only(at):
    """Core need not record the events of classic operations."""
    return Ledger(
        "events of contracts alone",
        24,
        classic=[at.pay("payment without events", "Without EMIT_CLASSIC_EVENTS it has none.")],
        soroban=[[[_swap(at)]]],
    )


def _asset_event(token, name, *values, asset=None, data):
    topics = [v.symbol(name), *(one.value for one in values)]
    return contract_event(token, xdr.ContractEventType.CONTRACT, topics + ([v.string(asset)] if asset else []), data)


def _payment(at, name, **more):
    event = _asset_event(NATIVE_TOKEN, "transfer", TRADER, RECEIVER, asset="native", data=v.i128(ONE))
    return at.pay(
        name, "A payment is a transfer of its asset's contract.", source=Party(TRADER), classic_events=[[event]], **more
    )


def _failed(at):
    return at.pay(
        "payment that fails, with its fee",
        "A failed transaction has no operations, and its fees all the same.",
        source=Party(CREATOR),
        amount=10**17,
        code="underfunded",
    )


def _many(at):
    """Three operations; an id identifies the receiver, so the data is a map."""
    data = v.record(amount=v.i128(7), to_muxed_id=v.u64(99))
    event = _asset_event(NATIVE_TOKEN, "transfer", TRADER, RECEIVER, asset="native", data=data)
    return at.pay(
        "three payments to a muxed account",
        "Each operation counts its events from 0.",
        source=Party(TRADER),
        to=Party(RECEIVER, 99),
        amount=7,
        repeat=3,
        classic_events=[[event]] * 3,
    )


def _issued(at):
    event = _asset_event(USD_TOKEN, "mint", RECEIVER, asset=USD_NAME, data=v.i128(5))
    return at.pay(
        "payment by an issuer",
        "What the issuer pays is minted.",
        source=Party(ISSUER),
        asset=USD,
        amount=5,
        classic_events=[[event]],
    )


def _swap(at):
    story, state = at.story()
    with story.root(ROUTER, "swap", [TRADER.value, v.i128(40)]) as root:
        sac_call(story, NATIVE_TOKEN, "native", TRADER, POOL, 40)
        with story.call(POOL, "swap", [v.i128(40)]) as call:
            story.event([v.symbol("swap"), TRADER.value], v.i128(40))
            call.returns(v.i128(39))
        root.returns(v.i128(39))
    state.updates(Data(NATIVE_TOKEN, balance_key(POOL)), balance(0), balance(40))
    return at.invoke(
        "a swap with events of two calls",
        "Events of contracts tell the call they belong to.",
        story,
        state,
        source=Party(TRADER),
        returns=v.i128(39),
    )


def _trapped(at):
    story, state = at.story()
    with story.root(VAULT, "withdraw", [v.i128(1)]):
        story.fail(v.contract_error(4), "failing with contract error", v.u32(4))
    story.host_failed(v.contract_error(4))
    return at.invoke(
        "a call that traps, with its fees",
        "Nothing of it took effect, and it was paid for.",
        story,
        state,
        source=Party(TRADER),
        code="trapped",
    )


def _added(at):
    story, state = at.story()
    story.event_before_all(USD_TOKEN, [v.symbol("mint"), VAULT.value, v.string(USD_NAME)], v.i128(3))
    with story.root(USD_TOKEN, "transfer", [VAULT.value, POOL.value, v.i128(3)]) as root:
        story.event(transfer_topics(VAULT, POOL, USD_NAME), v.i128(3))
        root.returns(v.void())
    state.updates(Data(USD_TOKEN, balance_key(VAULT)), balance(3), balance(0))
    return at.invoke(
        "a transfer with an event that core added",
        "It stands in front, in no diagnostics and in no hash.",
        story,
        state,
        source=Party(TRADER),
    )


def _rewritten(at, name):
    """The host also published the administrator; core omitted it when it regenerated the meta."""
    story, state = at.story()
    with story.root(USD_TOKEN, "mint", [VAULT.value, v.i128(9)]) as root:
        story.event([v.symbol("mint"), VAULT.value, v.string(USD_NAME)], v.i128(9))
        root.returns(v.void())
    state.updates(Data(USD_TOKEN, balance_key(VAULT)), balance(0), balance(9))
    old = [v.symbol("mint"), ISSUER.value, VAULT.value, v.string(USD_NAME)]
    return at.invoke(
        name,
        "The events in the meta are not those that the result's hash is of.",
        story,
        state,
        source=Party(ISSUER),
        hashed_events=[contract_event(USD_TOKEN, xdr.ContractEventType.CONTRACT, old, v.i128(9))],
    )


LEDGERS = [backfilled, backfilled_upgrade, every_stage, contracts_only]
