"""The client with real pipelines of the filters."""

from __future__ import annotations

import contextlib
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from soroban_pipes import (
    Backoff,
    Filter,
    InvocationClient,
    ProtocolError,
    RequestError,
    StageError,
    UnavailableError,
    pipeline_of,
)
from soroban_pipes.source import Style
from support import LAKE, SPLIT, TESTDATA, as_json, parsed, pipe, plain

STYLES: tuple[Style, ...] = ("native", "sep51", "raw")


def local(style: Style = "native") -> InvocationClient:
    return InvocationClient.from_ledgers(LAKE, network="local", style=style)


def children() -> set[str]:
    """The programs that a test has started and that are still running."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        # A thread may end between the listing and the reading.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found.update((task / "children").read_text().split())
    return found - OTHERS


#: Programs that other tests have started.
OTHERS: set[str] = set()


@pytest.fixture(autouse=True)
def _others() -> None:
    OTHERS.clear()
    OTHERS.update(children())


@pytest.mark.parametrize("style", STYLES)
def test_records_are_those_of_the_filters(style: Style) -> None:
    found = as_json(local(style).invocations())
    assert found == plain("invocations", style)
    assert len(found) > 80
    assert as_json(local(style).events()) == plain("events", style)


CASES: list[tuple[Filter, list[str]]] = [
    ({"function": "swap"}, ["--function=swap"]),
    ({"succeeded": True, "type": ["create", "upload"]}, ["--succeeded", "--type=create", "--type=upload"]),
    ({"function": ["swap", "deposit"], "failed": True, "any": True}, ["--function=swap", "--function=deposit", "--failed", "--any"]),
    ({"arg": "/^G/", "min_args": 2, "invert_match": True}, ["--arg=/^G/", "--min-args=2", "--invert-match"]),
    ({"function": "register", "any_call": True, "failed": False}, ["--function=register", "--any-call"]),
    ({"involves": "native"}, ["--involves=native"]),
    ({"max_count": 3}, ["--max-count=3"]),
    ({"data": ".=>1000"}, ["--data=.=>1000"]),
]


@pytest.mark.parametrize(("filter", "options"), CASES, ids=[" ".join(options) for _, options in CASES])
def test_filters_select_what_event_filter_selects(filter: Filter, options: list[str]) -> None:
    expected = plain("invocations", "native", *options)
    assert expected
    assert as_json(local().invocations(filter=filter)) == expected


def test_requests() -> None:
    request = {"successfulOnly": True, "typeFilter": "INVOCATION_TYPE_FILTER_CREATE_CONTRACT"}
    found = list(local().invocations(filter={"request": request}))
    assert found and all(record.create_contract is not None and record.meta.successful for record in found)
    assert all(record.extend_ttl is not None for record in local().invocations(filter={"type": "extend"}))


@pytest.mark.parametrize("kind", ["invocations", "events"])
def test_every_record_can_be_gone_on_after(kind: str) -> None:
    def stream(after: str | None = None) -> Any:
        client = local()
        read: Any = client.events if kind == "events" else client.invocations
        return read(start=1027, end=1040, after=after)

    records = list(stream())
    for index in range(0, len(records), 13):
        first = stream()
        for count, _ in enumerate(first):
            if count == index + 1:
                break
        # The current record when the loop ended is not done.
        assert list(stream(first.position)) == records[index + 1 :]


def test_ledgers_in_any_order_lose_nothing() -> None:
    files = [str(TESTDATA / name) for name in ("events.xdr", "ledgers.xdr", "ledgers.xdr")]
    expected = parsed(pipe(["ledger-split", "-q", "--network=local", *files], ["invocation-extract"], ["scval-json", "-q", "--style=native"]))
    assert as_json(InvocationClient.from_ledgers(files, network="local").invocations()) == expected


def test_a_pipeline_that_follows_is_begun_again_behind_the_last_record(tmp_path: Path) -> None:
    # Its first run is killed after a while, as by a machine that is out of memory.
    program = f'if [ -e "{tmp_path}/mark" ]; then exec cat; fi; : > "{tmp_path}/mark"; head -n 20; kill -9 $$'
    client = InvocationClient.from_pipeline(*pipeline_of(LAKE, network="local"), ["sh", "-c", program])
    stream = client.invocations(follow=True, end=1051, backoff=Backoff(base=0.001))
    assert as_json(stream) == plain("invocations", "native")
    assert client.metrics.reconnects == 1
    assert isinstance(stream.last_error, StageError) and stream.last_error.status == 137


def test_leaving_and_closing_end_the_programs() -> None:
    for record in local().invocations(follow=True):
        assert record.meta.toid
        assert len(children()) >= 3
        break
    assert children() == set()
    with pytest.raises(ZeroDivisionError), local().invocations(follow=True) as failing:
        for record in failing:
            1 // 0  # noqa: B018
    assert children() == set()
    # From another thread, while the loop waits for ledgers that never arrive.
    stream = local().invocations(follow=True, start=1051)
    for record in stream:
        threading.Timer(0.05, stream.close).start()
    assert stream.status == "closed"
    assert children() == set()
    with pytest.raises(RequestError, match="read once"):
        list(stream)


def test_each_moves_the_position_behind_what_the_handler_has_done() -> None:
    expected = list(local().invocations(end=1040))
    done: list[str] = []

    def handle(record: Any) -> None:
        if len(done) == 7:
            raise KeyError("full")
        done.append(record.meta.toid)

    stream = local().invocations(end=1040)
    with pytest.raises(KeyError, match="full"):
        stream.each(handle)
    assert stream.position == expected[6].meta.toid
    assert list(local().invocations(end=1040, after=stream.position)) == expected[7:]


def test_what_the_filters_say_is_the_error(tmp_path: Path) -> None:
    data = (TESTDATA / "ledgers.xdr").read_bytes()
    (tmp_path / "ledgers.xdr").write_bytes(data[:-100])
    client = InvocationClient.from_ledgers(tmp_path / "ledgers.xdr", network="local")
    stream = client.invocations()
    found = []
    with pytest.raises(StageError, match=r"^.*ledgers\.xdr: .*\(byte \d+, record \d+") as caught:
        for record in stream:
            found.append(record)
    assert (caught.value.tool, caught.value.status) == ("ledger-split", 3)
    # All records before the error were handed out.
    assert len(found) > 75
    assert stream.status == "failed"
    assert 'errors_total{class="stage"} 1' in client.metrics.prometheus()


FAILURES: list[tuple[list[list[str]], dict[str, Any], type[Exception], str]] = [
    (pipeline_of(LAKE, network="local"), {"filter": {"contract": "x"}}, RequestError, "'x'"),
    (pipeline_of("/does/not/exist"), {}, StageError, "exist: No such file"),
    ([["soroban-no-such-program"]], {}, RequestError, "No such file"),
    ([["cat", str(TESTDATA / "README.md")]], {}, ProtocolError, "not JSON: # Test material"),
    ([["printf", '{"a":1}\\n']], {}, ProtocolError, "not a record of invocations"),
    ([["printf", '{"meta":{"toid":"1"}}\\n']], {}, ProtocolError, "not as its schema has it"),
    ([["printf", "[" * 100000 + "\\n"]], {}, ProtocolError, "not JSON"),
    ([["printf", '"\\377"\\n']], {}, ProtocolError, "not UTF-8"),
    ([["head", "-c1000", str(TESTDATA / "invocations.ndjson")]], {}, UnavailableError, "not whole"),
    ([["sh", "-c", "exit 7"]], {}, StageError, "it ended with status 7"),
    ([["sh", "-c", "echo nonsense >&2; kill -9 $$"]], {}, StageError, "nonsense"),
    ([["cat", str(TESTDATA / "invocations.ndjson")]], {"start": 5}, RequestError, "takes a pipeline with ledger-split"),
    (pipeline_of(LAKE, network="local"), {"after": "now"}, RequestError, "now"),
    (pipeline_of(LAKE, network="local"), {"after": "9" * 5000}, RequestError, "not the id of a record"),
]


@pytest.mark.parametrize(("stages", "options", "kind", "pattern"), FAILURES)
def test_failures(stages: list[list[str]], options: dict[str, Any], kind: type[Exception], pattern: str) -> None:
    with pytest.raises(kind, match=pattern):
        list(InvocationClient.from_pipeline(*stages).invocations(**options))
    assert children() == set()


def test_a_pipeline_is_lists_of_words() -> None:
    wrong: list[list[Any]] = [[], [[]], ["cat"]]
    for stages in wrong:
        with pytest.raises(RequestError):
            InvocationClient.from_pipeline(*stages)


def test_lines_from_elsewhere() -> None:
    path = TESTDATA / "events.ndjson"
    with open(path, "rb") as file:
        assert as_json(InvocationClient.from_input(file).events()) == parsed(path.read_text(encoding="utf-8"))
    part = (TESTDATA / "invocations.ndjson").read_bytes()[:5000]
    with pytest.raises(UnavailableError):
        list(InvocationClient.from_input(io.BytesIO(part)).invocations())
    with pytest.raises(ProtocolError):
        list(InvocationClient.from_input(io.BytesIO(part)).events())
    with pytest.raises(RequestError):
        list(InvocationClient.from_input(io.BytesIO(part)).invocations(start=7))


def test_a_slow_reader_stops_the_pipeline(tmp_path: Path) -> None:
    # More than all pipes and buffers can hold, from a program that counts what it could write.
    line = (TESTDATA / "invocations.ndjson").read_text(encoding="utf-8").split("\n")[0]
    (tmp_path / "line").write_text(f"{line}\n", encoding="utf-8")
    program = """
count=0
while [ $count -lt 100000 ]; do
  cat "$1/line" "$1/line" "$1/line" "$1/line" || exit
  count=$((count + 4)); echo $count > "$1/count"
done
"""
    client = InvocationClient.from_pipeline(["sh", "-c", program, "sh", str(tmp_path)])
    with client.invocations() as stream:
        for _ in stream:
            before = ""
            while True:
                # The same number twice, long after each other: the program is blocked.
                for _ in range(20):
                    os.sched_yield()
                threading.Event().wait(0.3)
                now = (tmp_path / "count").read_text() if (tmp_path / "count").exists() else ""
                if now and now == before:
                    break
                before = now
            break
    assert int((tmp_path / "count").read_text()) < 2000
