"""The list of tests that all clients share: scripts/consumers/conformance."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from soroban_pipes import (
    ContractEventRecord,
    GoneError,
    InvocationClient,
    ProtocolError,
    RequestError,
    StageError,
    Surroundings,
    UnavailableError,
)
from soroban_pipes.service import ServiceSource, Transport
from soroban_pipes.source import Closing
from support import CONSUMERS

LIST = json.loads((CONSUMERS / "conformance/scenarios.json").read_text(encoding="utf-8"))
TRANSPORTS: tuple[Transport, ...] = ("ndjson", "sse")
CASES = [(scenario, transport) for scenario in LIST["scenarios"] for transport in TRANSPORTS if transport in scenario.get("transports", TRANSPORTS)]


class HandlerFailure(Exception):
    pass


CLASSES: dict[str, type[Exception]] = {
    "request": RequestError,
    "gone": GoneError,
    "protocol": ProtocolError,
    "stage": StageError,
    "unavailable": UnavailableError,
    "handler": HandlerFailure,
}


class Recorder(Surroundings):
    """Waits that are only recorded."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def sleep(self, seconds: float, closing: Closing) -> None:
        self.waits.append(seconds)


def id_of(kind: str, number: int) -> str:
    if kind == "events":
        return f"{(1001 << 32) + 4096:019d}-{100 - number:010d}"
    return str((1000 + number << 32) + 4097)


@pytest.mark.parametrize(("scenario", "transport"), CASES, ids=[f"{scenario['name']}-{transport}" for scenario, transport in CASES])
def test_scenario(scenario: dict[str, Any], transport: Transport, fault_server: str) -> None:
    options, expect, kind = scenario.get("options", {}), scenario["expect"], scenario.get("kind", "invocations")
    address = f"{fault_server}/{scenario['name']}/python-{transport}"
    surroundings = Recorder()
    source = ServiceSource(address, transport=transport, silence=options.get("silence", 45))
    client = InvocationClient(source, surroundings)
    after = id_of(kind, options["after"]) if "after" in options else None
    invocations = None if kind == "events" else client.invocations(after=after, max_retries=LIST["max_retries"])
    events = client.events(after=after, max_retries=LIST["max_retries"]) if kind == "events" else None
    stream = events or invocations
    assert stream is not None
    numbers: list[int] = []
    values: dict[int, object] = {}
    failure: Exception | None = None
    try:
        for record in stream:
            if isinstance(record, ContractEventRecord):
                number = 100 - (record.event.event_index or 0)
            else:
                number = record.meta.ledger_sequence - 1000
                values[number] = record.contract_call.return_value if record.contract_call else None
            if number == options.get("fail_at"):
                raise HandlerFailure
            numbers.append(number)
            if len(numbers) == options.get("stop_after"):
                break
    except Exception as error:
        failure = error
    with urllib.request.urlopen(f"{address}/log") as answer:
        requests = json.load(answer)["requests"]
    assert numbers == expect["records"]
    assert [request["position"] for request in requests] == [None if number is None else id_of(kind, number) for number in expect["requests"]]
    assert len({request["path"] for request in requests}) <= 1
    assert len(surroundings.waits) == max(0, len(expect["requests"]) - 1)
    for wait, (least, greatest) in zip(surroundings.waits, expect.get("waits", [])):
        assert least <= wait <= greatest
    for number, value in expect.get("return_values", {}).items():
        assert values[int(number)] == value
    if "position" in expect:
        assert stream.position == id_of(kind, expect["position"])
    if "error" not in expect:
        assert failure is None, failure
        assert stream.status == ("closed" if "stop_after" in options else "ended")
        return
    assert type(failure) is CLASSES[expect["error"]["class"]], repr(failure)
    for name, value in expect["error"].items():
        if name != "class":
            assert getattr(failure, name) == value, name
    assert stream.status == ("closed" if expect["error"]["class"] == "handler" else "failed")
    # The failure's traceback ends at the loop: nothing keeps the stream alive.
    assert client.metrics.open_streams == 0
