"""Invocations and events, from one of several sources."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from .backoff import Backoff
from .errors import RequestError
from .filters import Filter
from .metrics import Metrics
from .pipeline import InputSource, PipelineSource, pipeline_of
from .position import Kind
from .records import ContractEventRecord, ContractInvocation
from .service import ServiceSource, Transport
from .source import Source, Style
from .stream import RecordStream, Surroundings, T

if TYPE_CHECKING:
    from .wasm import LedgerInput, Module


class InvocationClient:
    """Streams of typed records, and counters over all of them."""

    def __init__(self, source: Source, surroundings: Surroundings | None = None) -> None:
        self.metrics = Metrics()
        self._source = source
        self._surroundings = surroundings or Surroundings()

    @classmethod
    def from_pipeline(cls, *stages: Sequence[str]) -> InvocationClient:
        """Reads lines of records from programs, run without a shell: one list of arguments each, such as those of `pipeline_of`."""
        return cls(PipelineSource(stages))

    @classmethod
    def from_ledgers(
        cls,
        ledgers: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
        *,
        network: str | None = None,
        style: Style = "native",
        tools: str | os.PathLike[str] | None = None,
    ) -> InvocationClient:
        """Reads from the usual pipeline over a data lake or files of ledgers."""
        return cls.from_pipeline(*pipeline_of(ledgers, network=network, style=style, tools=tools))

    @classmethod
    def from_input(cls, lines: IO[bytes]) -> InvocationClient:
        """Reads lines that another program writes, such as `sys.stdin.buffer` at the end of a shell pipeline."""
        return cls(InputSource(lines))

    @classmethod
    def from_service(
        cls,
        address: str,
        *,
        transport: Transport = "ndjson",
        style: Style = "native",
        silence: float = 45.0,
        headers: Mapping[str, str] | None = None,
    ) -> InvocationClient:
        """Reads from soroban-serve at this address."""
        return cls(ServiceSource(address, transport=transport, style=style, silence=silence, headers=headers))

    @classmethod
    def from_wasm(
        cls, ledgers: LedgerInput, module: Module, *, style: Style = "native", network: str | None = None, name: str | None = None
    ) -> InvocationClient:
        """Reads ledgers in this process, with the core as WebAssembly."""
        from .wasm import WasmSource

        return cls(WasmSource(ledgers, module, style=style, network=network, name=name))

    def invocations(
        self,
        *,
        filter: Filter | None = None,
        start: int | None = None,
        end: int | None = None,
        follow: bool = False,
        after: str | None = None,
        max_retries: int | None = None,
        backoff: Backoff | None = None,
    ) -> RecordStream[ContractInvocation]:
        """A stream of invocations.

        `start` and `end` are the first and the last ledger, both included. `follow` continues with ledgers as they arrive,
        endlessly unless there is an `end`; a service follows whenever there is none. `after` is a position to resume after; `now`
        (service only) means only later records. `max_retries` is the number of consecutive attempts that may bring no record;
        default 10, or any number with `follow`.
        """
        made = ContractInvocation.from_json
        return self._stream("invocations", made, filter, start, end, follow, after, max_retries, backoff)

    def events(
        self,
        *,
        filter: Filter | None = None,
        start: int | None = None,
        end: int | None = None,
        follow: bool = False,
        after: str | None = None,
        max_retries: int | None = None,
        backoff: Backoff | None = None,
    ) -> RecordStream[ContractEventRecord]:
        """A stream of events, with the same options as for invocations."""
        made = ContractEventRecord.from_json
        return self._stream("events", made, filter, start, end, follow, after, max_retries, backoff)

    def _stream(
        self,
        kind: Kind,
        make: Callable[[Any], T],
        filter: Filter | None,
        start: int | None,
        end: int | None,
        follow: bool,
        after: str | None,
        max_retries: int | None,
        backoff: Backoff | None,
    ) -> RecordStream[T]:
        if after is not None and not re.fullmatch("now|[0-9]{1,19}(-[0-9]{1,19})?", after, re.ASCII):
            raise RequestError(f"this is not the id of a record: {after[:80]}")
        return RecordStream(
            kind,
            self._source,
            make,
            filter=filter,
            start=start,
            end=end,
            follow=follow,
            after=after,
            max_retries=max_retries,
            backoff=backoff,
            metrics=self.metrics,
            surroundings=self._surroundings,
        )
