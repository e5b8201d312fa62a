"""Responses of a Stellar RPC server for some of the ledgers."""

from . import values as v
from .outputs import compact, numbered
from .strkey import contract_text
from .transactions import diagnostics_of

LEDGERS = ("Protocol 22 with meta V4", "system events, prepended events")

TRANSACTIONS = (
    "deep chain of calls",
    "trapped in a sub-call",
    "fee bump, inner success",
    "fee bump, inner failed",
    "fee bump whose outer part cannot pay",
    "creation with a constructor, deployer is not the source",
    "automatic restoration, then an update and an extension",
    "upload with cost inputs",
    "a try_call that fails and is survived",
    "payment beside fee bumps",
    "restoration on request",
)


def files(closed):
    by_name = {applied.tx.name: (ledger, n, applied) for ledger, n, applied in numbered(closed)}
    chosen = sorted((by_name[name] for name in TRANSACTIONS), key=lambda found: (found[0].sequence, found[1]))
    first = chosen[0]
    return {
        "rpc/getLedgers.json": _answer(_ledgers(closed)),
        "rpc/getTransactions.ndjson": "".join(compact(_transaction(*one)) + "\n" for one in chosen).encode(),
        # getTransaction has the time as a string, getTransactions as a number.
        "rpc/getTransaction.ndjson": (
            compact({**_transaction(*first), "createdAt": str(first[0].close_time)}) + "\n"
        ).encode(),
        "rpc/getEvents.json": _answer(_events(closed)),
    }


def _answer(result):
    return (compact({"jsonrpc": "2.0", "id": 1, "result": result}) + "\n").encode()


def _range(closed):
    first, last = closed[0].ledger, closed[-1].ledger
    return {
        "latestLedger": last.sequence,
        "latestLedgerCloseTime": str(last.close_time),
        "oldestLedger": first.sequence,
        "oldestLedgerCloseTime": str(first.close_time),
    }


def _ledgers(closed):
    chosen = [one for one in closed if one.ledger.title.startswith(LEDGERS)]
    held = []
    for one in chosen:
        header = (one.meta.v0 or one.meta.v1 or one.meta.v2).ledger_header
        held.append(
            {
                "hash": one.header_hash.hex(),
                "sequence": one.ledger.sequence,
                "ledgerCloseTime": str(one.ledger.close_time),
                "headerXdr": v.base64_of(header),
                "metadataXdr": v.base64_of(one.meta),
            }
        )
    return {"ledgers": held, **_range(closed), "cursor": str(chosen[-1].ledger.sequence)}


def _transaction(ledger, n, applied):
    entry = {
        "status": "SUCCESS" if applied.tx.succeeded else "FAILED",
        "txHash": applied.hash.hex(),
        "applicationOrder": n,
        "feeBump": applied.tx.fee_bump is not None,
        "envelopeXdr": v.base64_of(applied.envelope),
        "resultXdr": v.base64_of(applied.result),
        "resultMetaXdr": v.base64_of(applied.meta),
    }
    diagnostics = diagnostics_of(applied.tx, ledger)
    if diagnostics:
        entry["diagnosticEventsXdr"] = [v.base64_of(d) for d in diagnostics]
    return {**entry, "ledger": ledger.sequence, "createdAt": ledger.close_time}


def _events(closed):
    chosen = [
        one for one in closed if one.ledger.title.startswith(LEDGERS) or one.ledger.title == "every kind of ScVal"
    ]
    told = []
    for ledger, n, applied in numbered(chosen):
        if not (applied.tx.story and applied.tx.succeeded):
            continue
        for index, event in enumerate(applied.tx.story.operation_events()):
            toid = ledger.sequence << 32 | n << 12
            told.append(
                {
                    "type": event.type.name.lower(),
                    "ledger": ledger.sequence,
                    "ledgerClosedAt": ledger.closed_at,
                    "contractId": contract_text(event.contract_id.contract_id.hash),
                    "id": f"{toid:019d}-{index:010d}",
                    "operationIndex": 0,
                    "transactionIndex": n,
                    "txHash": applied.hash.hex(),
                    "inSuccessfulContractCall": True,
                    "topic": [v.base64_of(t) for t in event.body.v0.topics],
                    "value": v.base64_of(event.body.v0.data),
                }
            )
    return {"events": told, **_range(closed), "cursor": told[-1]["id"]}
