"""The expected records of `invocation-extract --by event`, from the stories of the scenarios."""

from . import values as v
from .records import has_diagnostics, meta_of_record
from .strkey import contract_text
from .transactions import transaction_events

# The members of an invocation's meta that an event's meta also has.
META = """ledger_sequence closed_at tx_hash tx_index op_index successful toid protocol_version tx_successful result_code
tx_result_code inner_tx_hash fee_account source_account fee_charged""".split()

STAGES = {0: "before_all_txs", 1: "after_tx", 2: "after_all_txs"}
AFTER_ALL, AFTER_TX = 1048575, 4095


def rows(closed):
    """In the order of the meta: the operations' events, then the transaction's."""
    for one in closed:
        counts = {"before_all_txs": 0, "after_all_txs": 0}
        for n, applied in enumerate(one.applied, 1):
            yield from _operations(applied, one.ledger, n)
            yield from _transaction(applied, one.ledger, n, counts)


def _operations(applied, ledger, n):
    tx = applied.tx
    if not tx.succeeded:
        return
    calls = [e["call_index"] for e in tx.story.expected_events(has_diagnostics(tx, ledger))] if tx.story else []
    for operation, events in enumerate([tx.story.operation_events()] if tx.story else tx.classic_events):
        for index, event in enumerate(events):
            place = {"op_index": operation, "toid": str(ledger.sequence << 32 | n << 12 | operation + 1)}
            if not tx.is_soroban:
                place["result_code"] = None
            told = {
                "id": _id(ledger.sequence, n, operation, index),
                "stage": "operation",
                "operation_index": operation,
                "event_index": index,
            }
            yield _record(applied, ledger, n, place, told, event, calls[index] if calls else None)


def _transaction(applied, ledger, n, counts):
    after = 0
    for held in transaction_events(applied.tx, ledger):
        stage = STAGES[held.stage.value]
        if stage == "after_tx":
            index, parts = after, (n, AFTER_TX)
            after += 1
        else:
            index, parts = counts[stage], (0 if stage == "before_all_txs" else AFTER_ALL, 0)
            counts[stage] += 1
        place = {"op_index": None, "toid": None, "result_code": None}
        told = {
            "id": _id(ledger.sequence, *parts, index),
            "stage": stage,
            "operation_index": None,
            "event_index": index,
        }
        yield _record(applied, ledger, n, place, told, held.event, None)


def _id(sequence, transaction, operation, index):
    return f"{sequence << 32 | transaction << 12 | operation:019d}-{index:010d}"


def _record(applied, ledger, n, place, told, event, call_index):
    meta = {**meta_of_record(applied, ledger, n), **place}
    body = event.body.v0
    return {
        "_schema": "soroban-pipes.contract_event.v1",
        "meta": {name: meta[name] for name in META},
        "event": {
            **told,
            "contract_id": contract_text(event.contract_id.contract_id.hash) if event.contract_id else None,
            "type": event.type.name.lower(),
            "topics": [v.raw(topic) for topic in body.topics],
            "data": v.raw(body.data),
            "call_index": call_index,
        },
    }
