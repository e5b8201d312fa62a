"""The interface between a stream and a source of records."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .filters import Filter
from .metrics import Metrics
from .position import Kind, ledger_of

Style = Literal["raw", "sep51", "native"]

#: The schema of a line that reports an error within a stream.
ERROR_SCHEMA = "soroban-pipes.error.v1"


class Closing:
    """Signals all waiting parts that the stream must end. May be used from any thread, and from a signal handler."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._actions: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        self._event.set()
        for action in list(self._actions):
            action()

    def wait(self, seconds: float) -> None:
        self._event.wait(seconds)

    def add(self, action: Callable[[], None]) -> None:
        """Calls `action` when it is set, which may be now."""
        self._actions.append(action)
        if self.is_set:
            action()

    def remove(self, action: Callable[[], None]) -> None:
        if action in self._actions:
            self._actions.remove(action)


@dataclass(slots=True)
class SourceRequest:
    """One attempt to read a stream."""

    kind: Kind
    filter: Filter
    start: int | None
    end: int | None
    follow: bool
    #: The id of the record to resume after; `now` for later records only.
    after: str | None
    closing: Closing
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def first_ledger(self) -> int:
        """The first ledger that is needed, or 0."""
        return max(self.start or 0, 0 if self.after is None else ledger_of(self.after))


class Source(Protocol):
    """A source of records."""

    def can_resume(self, request: SourceRequest) -> bool:
        """Whether a broken stream can be resumed after a record, which requires records in the order of the chain."""

    def open(self, request: SourceRequest) -> Iterator[list[Any]]:
        """Records as JSON, in batches as they arrive. Returns only at the regular end; any other end raises."""
