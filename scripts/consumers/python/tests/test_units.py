"""The parts of the client."""

from __future__ import annotations

import random
import time

import pytest
from soroban_pipes import Backoff, Metrics, ProtocolError
from soroban_pipes.backoff import retry_after_of
from soroban_pipes.lines import EventDecoder, LineDecoder, ServerSentEvent


def test_delays_grow_have_jitter_and_start_anew() -> None:
    for jitter, share in ((0.0, 0.5), (1.0, 1.0)):
        backoff = Backoff(base=1, cap=8, random=lambda: jitter)
        assert [backoff.next(0) for _ in range(6)] == [share * full for full in (1, 2, 4, 8, 8, 8)]
        backoff.good(10)
        assert backoff.next(10) == share
    steady = Backoff(base=1, cap=8, reset_after=60, random=lambda: 1)
    assert [steady.next(0), steady.next(0)] == [1, 2]
    steady.good(100)
    assert steady.next(159) == 4
    steady.good(200)
    assert steady.next(260) == 1
    assert Backoff().next(0, 7) == 7
    assert Backoff().next(0, 1e12) == 300
    endless = Backoff()
    assert max(endless.next(0) for _ in range(5000)) <= 30


def test_retry_after() -> None:
    now = time.time()
    assert retry_after_of("2", now) == 2
    assert retry_after_of("9" * 30, now) == 1e9
    assert retry_after_of("Thu, 01 Jan 1970 00:01:00 GMT", 0) == 60
    assert retry_after_of("Thu, 01 Jan 1970 00:01:00 GMT", 100) == 0
    for rubbish in (None, "", "soon", "-5", "+5", "1_0", "1.5", "\u0665", "Thu, nonsense", "Thu, 99 Jan 99999 00:00:00 GMT"):
        assert retry_after_of(rubbish, now) is None


def cuts(data: bytes, chance: random.Random) -> list[bytes]:
    places = sorted(chance.randrange(len(data) + 1) for _ in range(chance.randrange(12)))
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)])]


def test_lines_whatever_the_pieces() -> None:
    chance = random.Random(1)
    lines = ["", "a", "caf\u00e9 \u20ac \U0001f30d", "x\u2028y\u2029z\u0085\x0b\x0c\x1c", "b" * 300, ""]
    for end in ("\n", "\r\n"):
        data = "".join(line + end for line in lines).encode()
        for _ in range(300):
            decoder = LineDecoder()
            assert [line for piece in cuts(b"\xef\xbb\xbf" + data, chance) for line in decoder.take(piece)] == lines
            assert not decoder.is_unfinished


def test_long_lines_are_refused_and_time_is_linear() -> None:
    decoder = LineDecoder(longest=100)
    with pytest.raises(ProtocolError, match="longer than 100"):
        for _ in range(102):
            decoder.take(b"x")
    events = EventDecoder(longest=100)
    with pytest.raises(ProtocolError, match="longer than 100"):
        for _ in range(102):
            events.take(b"data:\n")
    long = LineDecoder()
    for _ in range(200_000):
        long.take(b"x")
    assert long.take(b"\n") == ["x" * 200_000]


def test_events_whatever_the_pieces() -> None:
    chance = random.Random(2)
    text = ": comment\n\nid: 1\nevent: a\ndata: caf\u00e9\ndata:b\u2028\ndata\n\nretry: +5\nnew: x\ndata:  two\n\nid: 9\n\nevent: x\n\ndata: cut"
    expected = [ServerSentEvent("a", "caf\u00e9\nb\u2028\n"), ServerSentEvent("message", " two")]
    for end in ("\n", "\r\n", "\r"):
        data = ("\ufeff" + text.replace("\n", end)).encode()
        for _ in range(300):
            decoder = EventDecoder()
            assert [event for piece in cuts(data, chance) for event in decoder.take(piece)] == expected


def test_metrics() -> None:
    metrics = Metrics()
    metrics.records["events"] += 3
    metrics.errors["stage"] += 1
    text = metrics.prometheus({"network": 'a"b\\c\nd'})
    assert 'soroban_client_records_total{network="a\\"b\\\\c\\nd",kind="events"} 3\n' in text
    assert "# TYPE soroban_client_errors_total counter\n" in text
    assert "last_ledger" not in text
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# HELP")]
    assert len(names) == len(set(names)) == 7
