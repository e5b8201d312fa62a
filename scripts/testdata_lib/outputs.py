"""The files of testdata/, from the closed ledgers."""

import json
import struct

import zstandard
from stellar_sdk import xdr

from . import (
    network,
    records,
    scenario_calls,
    scenario_classic,
    scenario_constructors,
    scenario_creations,
    scenario_events,
    scenario_failures,
    scenario_fees,
    scenario_newest,
    scenario_restoration,
)
from . import values as v
from .contract_spec import SPEC_CONTRACT
from .ledgers import FIRST_SEQUENCE, close
from .scenario import At
from .strkey import contract_text
from .transactions import Bank

# In the order of the ledgers.
SCENARIOS = (
    scenario_creations,
    scenario_calls,
    scenario_failures,
    scenario_fees,
    scenario_constructors,
    scenario_restoration,
    scenario_events,
    scenario_newest,
)
PLANS = [plan for scenarios in SCENARIOS for plan in scenarios.LEDGERS]

LEDGERS_PER_BATCH = 2
BATCHES_PER_PARTITION = 4

# The range that is written with and without diagnostics: sequential and parallel, meta V3 and V4.
DIAGNOSTICS_PLANS = ("constructors", "calls_that_fail_and_survive")


# The first ledger of the chain with events of every stage.
FIRST_OF_EVENTS = 2000


def event_chain():
    return chain(plans=scenario_classic.LEDGERS, first=FIRST_OF_EVENTS)


def chain(diagnostics=None, plans=PLANS, first=FIRST_SEQUENCE):
    """All ledgers, each closed after the previous one; with diagnostics forced on or off for all, if requested."""
    bank, previous, closed = Bank(), v.seeded("the ledger before the first"), []
    for n, plan in enumerate(plans):
        ledger = plan(At(first + n))
        ledger.sequence = first + n
        if diagnostics is not None:
            ledger.diagnostics = diagnostics
        closed.append(close(ledger, previous, bank))
        previous = closed[-1].header_hash
    return closed


def compact(value) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def lines(rows) -> bytes:
    return "".join(compact(row) + "\n" for row in rows).encode()


# --- streams and archives ---------------------------------------------------------------------


def stream(closed) -> bytes:
    """Record marking as core writes it: one fragment per record, with the high bit set."""
    payloads = [one.meta.to_xdr_bytes() for one in closed]
    return b"".join(struct.pack(">I", 0x80000000 | len(p)) + p for p in payloads)


def diagnostics_range(closed):
    first, last = (next(n for n, plan in enumerate(PLANS) if plan.__name__ == name) for name in DIAGNOSTICS_PLANS)
    return closed[first : last + 1]


def lake(closed) -> dict[str, bytes]:
    """SEP-54: one zstd object per batch, named so that the newest is listed first."""
    files = {
        "lake/.config.json": (
            json.dumps(
                {
                    "networkPassphrase": network.PASSPHRASE,
                    "version": "1.0",
                    "compression": "zstd",
                    "ledgersPerBatch": LEDGERS_PER_BATCH,
                    "batchesPerPartition": BATCHES_PER_PARTITION,
                },
                indent=2,
            )
            + "\n"
        ).encode()
    }
    partition_size = LEDGERS_PER_BATCH * BATCHES_PER_PARTITION
    for start in range(0, len(closed), LEDGERS_PER_BATCH):
        batch = closed[start : start + LEDGERS_PER_BATCH]
        first, last = batch[0].ledger.sequence, batch[-1].ledger.sequence
        partition = first // partition_size * partition_size
        folder = f"{_inverted(partition)}--{partition}-{partition + partition_size - 1}"
        held = xdr.LedgerCloseMetaBatch(xdr.Uint32(first), xdr.Uint32(last), [one.meta for one in batch])
        name = f"lake/{folder}/{_inverted(first)}--{first}-{last}.xdr.zst"
        files[name] = zstandard.ZstdCompressor(level=19, write_content_size=True).compress(held.to_xdr_bytes())
    return files


def _inverted(sequence):
    return f"{0xFFFFFFFF - sequence:08X}"


# --- transactions, invocations, cases ---------------------------------------------------------


def numbered(closed):
    """(ledger, apply order from 1, transaction) for every applied transaction."""
    return [(one.ledger, n, applied) for one in closed for n, applied in enumerate(one.applied, 1)]


def base64_changes(changes):
    return v.base64_of(xdr.LedgerEntryChanges(changes))


def transaction_rows(closed):
    for ledger, n, applied in numbered(closed):
        post = applied.post_fee_changes
        yield {
            "_schema": "soroban-pipes.ledger_transaction.v1",
            "network_id": network.ID.hex(),
            "ledger_sequence": ledger.sequence,
            "closed_at": ledger.closed_at,
            "protocol_version": ledger.protocol,
            "tx_index": n,
            "tx_hash": applied.hash.hex(),
            "envelope_xdr": v.base64_of(applied.envelope),
            "result_xdr": v.base64_of(applied.result),
            "fee_changes_xdr": base64_changes(applied.fee_changes),
            "meta_xdr": v.base64_of(applied.meta),
            "post_fee_changes_xdr": None if post is None else base64_changes(post),
        }


def invocation_rows(closed):
    """As `invocation-extract --footprint-ops` prints them; without the option the two other kinds are missing."""
    rows = (records.record(applied, ledger, n) for ledger, n, applied in numbered(closed))
    return (row for row in rows if row)


def cases(closed) -> bytes:
    rows = [records.case(applied, ledger, n) for ledger, n, applied in numbered(closed)]
    head = {"network": network.PASSPHRASE, "spec_contract": contract_text(SPEC_CONTRACT.id_bytes)}
    # One case per line, for short and readable diffs.
    body = ",\n".join("  " + compact(row) for row in rows)
    return (
        "{\n"
        + "".join(f" {json.dumps(k)}: {json.dumps(x)},\n" for k, x in head.items())
        + ' "cases": [\n'
        + body
        + "\n ]\n}\n"
    ).encode()
