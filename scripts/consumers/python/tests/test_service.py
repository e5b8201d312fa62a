"""The client with a real scripts/serve that is killed and restarted."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from soroban_pipes import Backoff, GoneError, InvocationClient, RequestError, UnavailableError
from soroban_pipes.service import Transport
from support import CONSUMERS, LAKE, ROOT, Server, as_json, plain

TRANSPORTS: tuple[Transport, ...] = ("ndjson", "sse")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_records_are_those_of_the_filters(transport: Transport, service: str) -> None:
    client = InvocationClient.from_service(service, transport=transport)
    assert as_json(client.invocations(end=1051)) == plain("invocations", "native")
    assert as_json(client.events(end=1051, filter={"topic": "transfer/**"})) == plain("events", "native", "--topic=transfer/**")
    request = {"successfulOnly": True, "functionNames": ["swap"], "endLedger": 1051}
    assert as_json(client.invocations(filter={"request": request})) == plain("invocations", "native", "--succeeded", "--function=swap")
    raw = InvocationClient.from_service(service, transport=transport, style="raw")
    assert as_json(raw.invocations(end=1051, filter={"max_count": 5})) == plain("invocations", "raw", "--max-count=5")


def test_mistakes_are_told_and_not_tried_again(service: str) -> None:
    client = InvocationClient.from_service(service)
    with pytest.raises(RequestError, match="'x'") as refused:
        list(client.invocations(end=1051, filter={"contract": "x"}))
    assert (refused.value.tool, refused.value.status, refused.value.http_status) == ("event-filter", 2, 400)
    with pytest.raises(GoneError) as gone:
        list(client.invocations(start=5, end=1051))
    assert (gone.value.first_ledger, gone.value.last_ledger) == (1024, 1051)
    for address in (f"{service}/elsewhere", "nonsense", "ftp://x", "http://127.0.0.1:99999999", "http://local host", f"{service}/a b"):
        with pytest.raises(RequestError):
            list(InvocationClient.from_service(address).invocations())
    assert client.metrics.reconnects == 0


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_closing_wakes_up_who_waits(transport: Transport, service: str) -> None:
    stream = InvocationClient.from_service(service, transport=transport).invocations(after="now", follow=True)
    seen: list[str] = []

    def told(status: str, _: Exception | None) -> None:
        seen.append(status)
        if status == "connecting":
            threading.Timer(0.5, stream.close).start()

    stream.on_status = told
    assert list(stream) == []
    assert seen == ["connecting", "closed"]


def test_no_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = InvocationClient.from_service(f"http://127.0.0.1:{port}")
    with pytest.raises(UnavailableError, match="refused"):
        list(client.invocations(max_retries=2, backoff=Backoff(base=0.001, cap=0.002)))
    assert client.metrics.reconnects == 2


class GrowingLake:
    """A copy of the lake that has some of its objects at first."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        paths = [path.relative_to(LAKE) for path in LAKE.rglob("*--*") if path.is_file()]
        self._coming = sorted(paths, key=lambda path: int((re.search(r"--(\d+)[^/]*$", str(path)) or [0, 0])[1]))
        shutil.copy(LAKE / ".config.json", folder)
        self.add(count)

    def add(self, count: int) -> None:
        for path in self._coming[:count]:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            # Renamed, so that no reader sees an incomplete file.
            shutil.copy(LAKE / path, self.folder / ".aside")
            (self.folder / ".aside").rename(self.folder / path)
        del self._coming[:count]


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", ["invocations", "events"])
def test_a_server_that_is_killed_and_restarted(transport: Transport, kind: str, service: str, tmp_path: Path) -> None:
    growing = GrowingLake(tmp_path, 4)

    def serve(port: int) -> Server:
        start = str(ROOT / "scripts/serve/start")
        return Server([start, "--lake", str(tmp_path), "--port", str(port), "--poll", "0.1", "--heartbeat", "1"]).__enter__()

    own = serve(0)
    address = own.address
    port = urlsplit(address).port or 0
    try:
        client = InvocationClient.from_service(address, transport=transport)
        read: Any = client.events if kind == "events" else client.invocations
        found = []
        for record in read(end=1051, follow=True, backoff=Backoff(base=0.05, cap=0.2)):
            found.append(record.to_json())
            # In the middle of a ledger, and while the server waits for the next object.
            if len(found) in (10, 20):
                own.stop(kill=True)
                growing.add(1)
                own = serve(port)
            if len(found) == 25:
                growing.add(1000)
            if len(found) == 60:
                own.stop()
                own = serve(port)
        assert found == plain(kind, "native")
        assert client.metrics.reconnects >= 1
    finally:
        own.stop()


def test_the_example_goes_on_where_it_was(service: str, tmp_path: Path) -> None:
    expected = [f"{record['meta']['toid']} {record.get('contract_call', {}).get('function_name', 'no call')}" for record in plain("invocations", "native")]

    def run(end: int) -> list[str]:
        command = [sys.executable, "examples/follow.py", service, str(tmp_path / "position"), str(end)]
        return subprocess.run(command, cwd=CONSUMERS / "python", stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()

    first = run(1040)
    assert 0 < len(first) < len(expected)
    assert first + run(1051) == expected
    assert run(1051) == []
    assert json.loads((tmp_path / "position").read_text()) > 1040 << 32
