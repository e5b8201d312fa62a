"""Counters of a client, over all of its streams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


class Metrics:
    def __init__(self) -> None:
        self.records: Counter[str] = Counter(invocations=0, events=0)
        self.duplicates: Counter[str] = Counter(invocations=0, events=0)
        #: Bytes of records and their framing, decompressed.
        self.bytes = 0
        self.attempts = 0
        self.reconnects = 0
        #: By class, including those that were retried.
        self.errors: Counter[str] = Counter()
        self.open_streams = 0
        self.last_ledger: int | None = None
        #: When the last record was handed out, in Unix seconds.
        self.last_record_time: float | None = None

    def prometheus(self, labels: Mapping[str, str] | None = None) -> str:
        """All counters in the text format of Prometheus. Every sample gets `labels`."""
        lines: list[str] = []

        def metric(name: str, kind: str, text: str, samples: list[tuple[dict[str, str], float | None]]) -> None:
            present = [(own, value) for own, value in samples if value is not None]
            if not present:
                return
            lines.append(f"# HELP soroban_client_{name} {text}")
            lines.append(f"# TYPE soroban_client_{name} {kind}")
            for own, value in present:
                every = ",".join(f'{key}="{_escaped(value)}"' for key, value in {**(labels or {}), **own}.items())
                lines.append(f"soroban_client_{name}{f'{{{every}}}' if every else ''} {value}")

        def by_kind(counts: Counter[str]) -> list[tuple[dict[str, str], float | None]]:
            return [({"kind": kind}, counts[kind]) for kind in ("invocations", "events")]

        metric("records_total", "counter", "Records handed out.", by_kind(self.records))
        metric("duplicates_total", "counter", "Records dropped because they had been handed out.", by_kind(self.duplicates))
        metric("received_bytes_total", "counter", "Bytes received, decompressed.", [({}, self.bytes)])
        metric("attempts_total", "counter", "Streams that were begun, reconnections among them.", [({}, self.attempts)])
        metric("reconnects_total", "counter", "Streams that were begun again.", [({}, self.reconnects)])
        errors: list[tuple[dict[str, str], float | None]] = [({"class": name}, count) for name, count in self.errors.items()]
        metric("errors_total", "counter", "Errors, those that were tried again among them.", errors)
        metric("open_streams", "gauge", "Streams that are open.", [({}, self.open_streams)])
        metric("last_ledger", "gauge", "Ledger of the last record that was handed out.", [({}, self.last_ledger)])
        metric("last_record_timestamp_seconds", "gauge", "When the last record was handed out.", [({}, self.last_record_time)])
        return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
