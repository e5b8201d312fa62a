"""One stream of records, with its reconnections."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Generator, Iterator
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar

from .backoff import Backoff
from .errors import ProtocolError, RequestError, SorobanPipesError, UnavailableError, is_transient
from .filters import Filter
from .metrics import Metrics
from .position import Kind, Seen, id_of
from .source import Closing, Source, SourceRequest

T = TypeVar("T")
Status = Literal["idle", "connecting", "streaming", "waiting", "ended", "failed", "closed"]


class Surroundings:
    """The external functions of a stream; tests replace them. Times are in seconds."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float, closing: Closing) -> None:
        closing.wait(seconds)


class RecordStream(Generic[T]):
    """`for record in stream`. It can be read once.

    After a broken connection it reconnects, and resumes after the last record that is done; no record is lost or repeated.
    Leaving the loop ends it; `with` does so at once, on every Python.
    """

    def __init__(
        self,
        kind: Kind,
        source: Source,
        make: Callable[[Any], T],
        *,
        filter: Filter | None,
        start: int | None,
        end: int | None,
        follow: bool,
        after: str | None,
        max_retries: int | None,
        backoff: Backoff | None,
        metrics: Metrics,
        surroundings: Surroundings,
    ) -> None:
        self.kind: Kind = kind
        self._source = source
        self._make = make
        self._filter: Filter = filter or {}
        self._start = start
        self._end = end
        self._follow = follow
        self._after = after
        self._max_retries = max_retries if max_retries is not None or follow else 10
        self._backoff = backoff or Backoff()
        self._metrics = metrics
        self._surroundings = surroundings
        self._closing = Closing()
        self._records: weakref.ref[Generator[T, None, None]] | None = None
        #: The id of the last record that is done: in a loop, asking for the next record marks the previous one as done. Store it,
        #: and pass it as `after` to resume in another process: after a crash a record can be repeated, with the same id, but none
        #: is missing.
        self.position: str | None = None if after == "now" else after
        self.status: Status = "idle"
        #: The last error, including one that was retried.
        self.last_error: Exception | None = None
        #: Called at each change of the status, with the error that caused it.
        self.on_status: Callable[[Status, Exception | None], None] | None = None

    def close(self) -> None:
        """Ends the stream from outside, from any thread: connections close, programs end, and the loop ends without an error."""
        self._closing.set()

    def each(self, handler: Callable[[T], object]) -> None:
        """Calls the handler for each record, to the end. Its exception ends the stream at the previous record."""
        with self:
            for record in self:
                handler(record)

    def __enter__(self) -> RecordStream[T]:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
        records = self._records() if self._records is not None else None
        if records is not None:
            records.close()

    def __iter__(self) -> Iterator[T]:
        if self._records is not None:
            raise RequestError("a stream can be read once; ask the client for another")
        records = self._run()
        # A weak reference: leaving the loop drops the last one, which ends the stream.
        self._records = weakref.ref(records)
        return records

    def _become(self, status: Status, error: Exception | None = None) -> None:
        self.status = status
        if error is not None:
            self.last_error = error
        if self.on_status is not None:
            self.on_status(status, error)

    def _run(self) -> Generator[T, None, None]:
        self._metrics.open_streams += 1
        try:
            yield from self._attempts()
            self._become("closed" if self._closing.is_set else "ended")
        except Exception as error:
            self._become("failed", error)
            raise
        finally:
            # The caller left the loop.
            if self.status not in ("ended", "failed", "closed"):
                self._become("closed")
            self._closing.set()
            self._metrics.open_streams -= 1

    def _attempts(self) -> Iterator[T]:
        metrics, closing = self._metrics, self._closing
        seen = Seen(self.kind, self.position)
        left = self._filter.get("max_count")
        failures = 0
        attempt = 0
        while not closing.is_set:
            self._become("connecting")
            metrics.attempts += 1
            if attempt:
                metrics.reconnects += 1
            request = self._request(left)
            has_progress = False
            batches = self._source.open(request)
            try:
                for batch in batches:
                    if self.status == "connecting":
                        self._become("streaming")
                    for members in batch:
                        record_id = id_of(members, self.kind)
                        # Only a resumed stream can repeat a record; the first attempt may read ledgers in any order.
                        if attempt and record_id is not None and seen.has(record_id):
                            metrics.duplicates[self.kind] += 1
                            continue
                        record = self._parsed(members)
                        if not has_progress:
                            has_progress = True
                            self._backoff.good(self._surroundings.now())
                        if closing.is_set:
                            return
                        yield record
                        # The caller asks for more, so this record is done.
                        if record_id is not None:
                            seen.add(record_id)
                            self.position = record_id
                        metrics.records[self.kind] += 1
                        metrics.last_ledger = members["meta"]["ledger_sequence"]
                        metrics.last_record_time = self._surroundings.now()
                        if left is not None:
                            left -= 1
                            if left == 0:
                                return
                return
            except SorobanPipesError as error:
                if closing.is_set:
                    return
                metrics.errors[error.kind] += 1
                failures = 1 if has_progress else failures + 1
                is_last = self._max_retries is not None and failures > self._max_retries
                if not is_transient(error) or not self._source.can_resume(request) or is_last:
                    raise
                # A stream cannot resume after events without an id.
                if has_progress and self.position is None:
                    raise
                asked = error.retry_after if isinstance(error, UnavailableError) else None
                delay = self._backoff.next(self._surroundings.now(), asked)
                self._become("waiting", error)
            finally:
                close = getattr(batches, "close", None)
                if close is not None:
                    close()
            self._surroundings.sleep(delay, closing)
            attempt += 1

    def _parsed(self, members: Any) -> T:
        try:
            return self._make(members)
        except (KeyError, TypeError, AttributeError) as error:
            raise ProtocolError(f"a record of {self.kind} is not as its schema has it: {type(error).__name__} {error}") from error

    def _request(self, left: int | None) -> SourceRequest:
        wanted = self._filter
        if left is not None:
            wanted = wanted.copy()
            wanted["max_count"] = left
        after = self.position if self.position is not None else self._after
        return SourceRequest(self.kind, wanted, self._start, self._end, self._follow, after, self._closing, self._metrics)
