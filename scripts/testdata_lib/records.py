"""The expected record of `invocation-extract` for a transaction, from the story of the scenario."""

from . import values as v
from .transactions import Fees, has_metrics, resources_of, transaction_code_name

FOOTPRINT_KINDS = ("extend_ttl", "restore_footprint")


def record(applied, ledger, tx_index) -> dict | None:
    """The complete record in the order of its members; None for a transaction without one."""
    tx = applied.tx
    if tx.kind is None:
        return None
    return {
        "_schema": "soroban-pipes.contract_invocation.v1",
        "meta": meta_of_record(applied, ledger, tx_index),
        tx.kind: _body(tx, ledger),
    }


def meta_of_record(applied, ledger, tx_index):
    tx, fees = applied.tx, Fees.of(applied.tx)
    restorations = tx.state.expected_restorations if tx.succeeded and tx.is_soroban else []
    instructions, read_bytes, write_bytes = resources_of(tx) if tx.is_soroban else (0, 0, 0)
    charged = ledger.fee_extension
    return {
        "ledger_sequence": ledger.sequence,
        "closed_at": ledger.closed_at,
        "tx_hash": applied.hash.hex(),
        "tx_index": tx_index,
        "op_index": 0,
        "successful": tx.succeeded,
        "data_source": "archive" if restorations else "live",
        "archive_restorations": restorations,
        "toid": str(ledger.sequence << 32 | tx_index << 12 | 1),
        "protocol_version": ledger.protocol,
        "tx_successful": tx.succeeded,
        "result_code": tx.code if tx.operation_reached else None,
        "tx_result_code": transaction_code_name(tx),
        "inner_tx_hash": applied.inner_hash.hex() if applied.inner_hash else None,
        "fee_account": tx.payer.account_text(),
        "source_account": tx.source.text(),
        "fee_charged": str(fees.final_charge),
        "resources": {
            "instructions": instructions,
            "disk_read_bytes": read_bytes,
            "write_bytes": write_bytes,
            "resource_fee": str(fees.declared),
            "non_refundable_fee": str(fees.non_refundable) if charged else None,
            "refundable_fee": str(fees.refundable) if charged else None,
            "rent_fee": str(fees.rent) if charged else None,
        },
    }


def _body(tx, ledger):
    if tx.kind in FOOTPRINT_KINDS:
        return {**tx.what, "ttl_extensions": tx.state.expected_extensions if tx.succeeded else []}
    told = has_diagnostics(tx, ledger)
    return {
        **tx.what,
        "return_value": v.raw(tx.return_value) if tx.succeeded else None,
        "events": tx.story.expected_events(told) if tx.succeeded else [],
        "diagnostic_events": tx.story.expected_diagnostics() if told else None,
        "contract_calls": tx.story.calls if told else None,
        "state_changes": tx.state.expected_changes if tx.succeeded else [],
        "ttl_extensions": tx.state.expected_extensions if tx.succeeded else [],
        "auth": [a.expected() for a in tx.auth],
    }


def has_diagnostics(tx, ledger):
    """Metrics count: a meta that contains only those says that nothing was called."""
    return ledger.diagnostics and tx.operation_reached and bool(tx.story.recorded or has_metrics(tx, ledger))


# --- JSON pointers ----------------------------------------------------------------------------


def at(document, pointer):
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def case(applied, ledger, tx_index) -> dict:
    """The entry of `cases.json` for a transaction: the scenario's statements, compared with the complete record."""
    tx = applied.tx
    told = {"name": tx.name, "why": tx.why, "ledger": ledger.sequence, "tx_index": tx_index, "op_index": 0}
    whole = record(applied, ledger, tx_index)
    if whole is None:
        return {**told, "absent_record": True}
    if tx.kind in FOOTPRINT_KINDS:
        told["options"] = ["--footprint-ops"]
    for pointer, value in tx.expect.items():
        assert at(whole, pointer) == value, f"{tx.name}: {pointer} is {at(whole, pointer)}, stated {value}"
    expect = dict(tx.expect)
    for pointer in tx.shows:
        expect[pointer] = at(whole, pointer)
    told["expect"] = expect
    if tx.expect_length:
        for pointer, length in tx.expect_length.items():
            assert len(at(whole, pointer)) == length, f"{tx.name}: {pointer} has {len(at(whole, pointer))}"
        told["expect_length"] = dict(tx.expect_length)
    return told
