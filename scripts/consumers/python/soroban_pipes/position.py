"""The position of a stream: ids of records, and repeated records."""

from __future__ import annotations

import json
from typing import Any, Literal

from .errors import ProtocolError

Kind = Literal["invocations", "events"]


def id_of(record: Any, kind: Kind) -> str | None:
    """The id of a record, after which a stream can resume. Events of a pipeline may have none."""
    try:
        if kind == "events":
            found = record["event"]["id"]
            if found is None or isinstance(found, str):
                return found
        else:
            found = record["meta"]["toid"]
            if isinstance(found, str) and found.isascii() and found.isdigit():
                return found
    except (KeyError, TypeError):
        pass
    raise ProtocolError(f"this is not a record of {kind}: {json.dumps(record)[:200]}")


def ledger_of(position: str) -> int:
    """The ledger of an id."""
    number = position.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= 19):
        raise ProtocolError(f"this is not the id of a record: {position[:80]}")
    return int(number) >> 32


class Seen:
    """Recognises records that were already handed out, after a reconnection."""

    def __init__(self, kind: Kind, after: str | None) -> None:
        self._kind = kind
        self._last = after
        # The ledger of the last ids: events of a ledger are not in the order of their ids.
        self._ledger = -1
        self._ids: set[str] = set()

    def has(self, record_id: str) -> bool:
        if self._kind == "events":
            return record_id in self._ids or record_id == self._last
        return self._last is not None and int(record_id) <= int(self._last)

    def add(self, record_id: str) -> None:
        self._last = record_id
        if self._kind != "events":
            return
        ledger = ledger_of(record_id)
        if ledger != self._ledger:
            self._ledger = ledger
            self._ids.clear()
        self._ids.add(record_id)


class Behind:
    """Omits the events of a ledger up to the last one that was handed out.

    The events of a ledger are not in the order of their ids. If that event is missing, because it was selected by other
    conditions, events with greater ids pass.
    """

    def __init__(self, seen: str) -> None:
        self._seen = seen
        self._ledger = ledger_of(seen)
        self._held: list[Any] = []
        self._is_over = False

    def take(self, records: list[Any]) -> list[Any]:
        if self._is_over:
            return records
        for index, record in enumerate(records):
            found = id_of(record, "events")
            if found == self._seen:
                self._is_over = True
                return records[index + 1 :]
            if record["meta"]["ledger_sequence"] != self._ledger:
                return self.end() + records[index:]
            if found is not None and found > self._seen:
                self._held.append(record)
        return []

    def end(self) -> list[Any]:
        if self._is_over:
            return []
        self._is_over = True
        return self._held
