"""The types of records: generated from the schema, and converted back to the same JSON."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from soroban_pipes import ContractEventRecord, ContractInvocation, LedgerTransaction
from support import CONSUMERS, TESTDATA, parsed, pipe


def test_types_are_those_of_the_schema() -> None:
    outcome = subprocess.run([CONSUMERS / "python/generate", "--check"], capture_output=True, text=True)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


WHOLE = ["--footprint-ops", "--include", "events,diagnostics,calls,state,ttl,auth,resources,raw,metrics"]
TRANSACTIONS = str(TESTDATA / "transactions.ndjson")


@pytest.mark.parametrize("options", [WHOLE, ["--exclude", "events,diagnostics,calls,state,ttl,auth,resources"], []])
@pytest.mark.parametrize("decode", [[], ["--style=native"], ["--style=sep51"], ["--style=native", f"--spec={TESTDATA / 'contract.wasm'}"]])
def test_invocations_are_the_same_json_again(options: list[str], decode: list[str]) -> None:
    stages = [["invocation-extract", *options, TRANSACTIONS], *([["scval-json", "-q", *decode]] if decode else [])]
    records = parsed(pipe(*stages))
    assert len(records) > 50
    for members in records:
        assert ContractInvocation.from_json(members).to_json() == members


def test_events_and_transactions_are_the_same_json_again() -> None:
    events = parsed((TESTDATA / "events.ndjson").read_text(encoding="utf-8"))
    transactions = parsed((TESTDATA / "transactions.ndjson").read_text(encoding="utf-8"))
    assert events and transactions
    for members in events:
        assert ContractEventRecord.from_json(members).to_json() == members
    for members in transactions:
        assert LedgerTransaction.from_json(members).to_json() == members


def test_null_and_absent_stay_apart() -> None:
    members = first()
    assert "resources" in members["meta"]
    for change in ({}, {"resources": None}):
        other = json.loads(json.dumps(members))
        del other["meta"]["resources"]
        other["meta"] |= change
        record = ContractInvocation.from_json(other)
        assert record.meta.resources is None
        assert record.to_json() == other


def test_unknown_members_are_passed_over() -> None:
    members = first()
    longer = json.loads(json.dumps(members))
    longer["new"] = {"a": [1]}
    longer["meta"]["newer"] = 5
    assert ContractInvocation.from_json(longer) == ContractInvocation.from_json(members)


def first() -> dict[str, Any]:
    record: dict[str, Any] = json.loads((CONSUMERS / "conformance/records.json").read_text(encoding="utf-8"))["invocations"]
    return record
