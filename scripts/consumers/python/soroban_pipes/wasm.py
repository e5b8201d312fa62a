"""Records that the core makes from ledgers in this process, as WebAssembly. It needs the package `wasmtime`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, Union

from .errors import ProtocolError, RequestError, SorobanPipesError, StageError
from .filters import conditions, wants_footprints
from .lines import LineDecoder, parse
from .position import Behind
from .source import SourceRequest, Style

if TYPE_CHECKING:
    import wasmtime

#: Ledgers: a path, all bytes, pieces, an open file, or a function that returns one of these again for each stream.
LedgerInput = Union[str, "os.PathLike[str]", bytes, IO[bytes], Iterable[bytes], Callable[[], Any]]

_WANTS_INPUT, _MORE, _ENDED, _FAILED = range(4)
#: Larger inputs are fed in several pieces, so that the module's memory stays small.
_PIECE = 1 << 20


class Module:
    """soroban.wasm, compiled: once for any number of streams, in any thread. soroban.h describes its interface."""

    def __init__(self, source: str | os.PathLike[str] | bytes) -> None:
        import wasmtime

        self._engine = wasmtime.Engine()
        if isinstance(source, bytes):
            self._module = wasmtime.Module(self._engine, source)
        else:
            self._module = wasmtime.Module.from_file(self._engine, os.fspath(source))

    def instance(self) -> Instance:
        """An instance with its own memory; for one thread."""
        import wasmtime

        store = wasmtime.Store(self._engine)
        return Instance(store, wasmtime.Instance(store, self._module, []).exports(store))


class Instance:
    """The functions of soroban.h."""

    def __init__(self, store: wasmtime.Store, exports: Any) -> None:
        self._store = store
        self._exports = exports
        self._memory: wasmtime.Memory = exports["memory"]
        self._functions: dict[str, wasmtime.Func] = {}
        self.call("_initialize")

    def call(self, name: str, *arguments: int) -> int:
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = self._exports[name]
        result = function(self._store, *arguments)
        return result if isinstance(result, int) else 0

    def give(self, data: bytes, use: Callable[[int, int], int]) -> int:
        """Copies data into the module's memory and calls `use` with its address."""
        at = self.call("soroban_allocate", len(data)) & 0xFFFFFFFF
        if at == 0:
            raise MemoryError("no memory for the module")
        try:
            self._memory.write(self._store, data, at)
            return use(at, len(data))
        finally:
            self.call("soroban_release", at)

    def take(self, name: str, session: int) -> bytes:
        """The bytes to which a function and its `_length` point."""
        at = self.call(name, session) & 0xFFFFFFFF
        return bytes(self._memory.read(self._store, at, at + (self.call(f"{name}_length", session) & 0xFFFFFFFF)))

    def open(self, options: dict[str, Any]) -> int:
        """Begins a session; raises RequestError for invalid options."""
        session = self.give(json.dumps(options).encode(), lambda at, length: self.call("soroban_open", at, length))
        if session == 0:
            raise self.error(0)
        return session

    def error(self, session: int) -> SorobanPipesError:
        message = self.take("soroban_message", session).decode(errors="replace")
        status = self.call("soroban_status", session)
        ledger = self.call("soroban_message_ledger", session)
        kind = RequestError if status == 2 else StageError
        return kind(message, status=status, ledger=None if ledger < 0 else ledger)

    def pieces(self, session: int, data: bytes | None) -> Iterator[bytes]:
        """Feeds data, or ends the input (None), and returns the output: complete lines."""
        if data is None:
            self.call("soroban_end", session)
        else:
            self.give(data, lambda at, length: self.call("soroban_feed", session, at, length))
        state = _MORE
        while state == _MORE:
            state = self.call("soroban_run", session)
            output = self.take("soroban_output", session)
            error = self.error(session) if state == _FAILED else None
            self.call("soroban_clear", session)
            if output:
                yield output
            if error is not None:
                raise error

    def decode(self, value: str | bytes, *, type: str = "SCVal", style: str = "sep51") -> Any:
        """A value of any type of the network, as XDR or its base64, to JSON."""
        form, data = (0, value.encode()) if isinstance(value, str) else (1, value)
        number = {"sep51": 0, "native": 1}[style]
        return json.loads(self._single("soroban_decode", type, data, number, form))

    def encode(self, value: Any, *, type: str = "SCVal") -> str:
        """SEP-51 JSON to XDR in base64."""
        return self._single("soroban_encode", type, json.dumps(value).encode(), 0).decode()

    def _single(self, function: str, kind: str, data: bytes, *arguments: int) -> bytes:
        def with_name(name: int, length: int) -> int:
            return self.give(data, lambda at, size: self.call(function, name, length, *arguments, at, size))

        if self.give(kind.encode(), with_name) == 0:
            raise self.error(0)
        return self.take("soroban_output", 0)


class WasmSource:
    """Ledgers to records, in this process: compressed or not, as files, objects of a data lake or responses of RPC servers."""

    def __init__(
        self, ledgers: LedgerInput, module: Module, *, style: Style = "native", network: str | None = None, name: str | None = None
    ) -> None:
        self._input = ledgers
        self._module = module
        self._style = style
        self._network = network
        self._name = name
        self._is_used = False

    def can_resume(self, request: SourceRequest) -> bool:
        return False

    def _options(self, request: SourceRequest) -> dict[str, Any]:
        if request.follow or request.after == "now":
            raise RequestError("the ledgers that the module reads have an end: nothing is followed")
        wanted: dict[str, Any] = {}
        for name, value in conditions(request.filter):
            option = name.replace("_", "-")
            if option == "max-count":
                # The stream itself counts records.
                continue
            if value is None:
                wanted[option] = True
            elif option in ("min-args", "max-args"):
                wanted[option] = int(value)
            else:
                wanted.setdefault(option, []).append(value)
        options: dict[str, Any] = {"mode": request.kind, "style": self._style, "conditions": wanted, "now": int(time.time())}
        if self._network is not None:
            options["network"] = self._network
        if self._name is not None:
            options["name"] = self._name
        start = request.first_ledger
        if start > 0 or request.end is not None:
            options["ledgers"] = f"{start or ''}-{'' if request.end is None else request.end}"
        if request.kind == "invocations" and request.after is not None:
            options["after"] = request.after
        if request.kind == "invocations" and wants_footprints(request.filter):
            options["footprintOps"] = True
        if "request" in request.filter:
            options["request"] = dict(request.filter["request"])
        return options

    def open(self, request: SourceRequest) -> Iterator[list[Any]]:
        instance = self._module.instance()
        session = instance.open(self._options(request))
        lines = LineDecoder()
        behind = Behind(request.after) if request.kind == "events" and request.after is not None else None
        for data in self._pieces():
            for output in instance.pieces(session, data):
                if request.closing.is_set:
                    return
                request.metrics.bytes += len(output)
                records, failure = parse(lines.take(output))
                if failure is not None:
                    raise failure
                yield records if behind is None else behind.take(records)
        if behind is not None:
            yield behind.end()

    def _pieces(self) -> Iterator[bytes | None]:
        given: Any = self._input
        if callable(given):
            given = given()
        elif not isinstance(given, (str, bytes, os.PathLike)):
            if self._is_used:
                raise RequestError("these ledgers were read; give a function that returns them to read them again")
            self._is_used = True
        if isinstance(given, (str, os.PathLike)):
            try:
                with open(given, "rb") as file:
                    yield from iter(lambda: file.read(_PIECE), b"")
            except OSError as error:
                raise StageError(f"{os.fspath(given)}: {error.strerror}", status=4) from error
        elif isinstance(given, bytes):
            yield from (given[start : start + _PIECE] for start in range(0, len(given), _PIECE))
        elif hasattr(given, "read"):
            yield from iter(lambda: given.read(_PIECE), b"")
        else:
            for piece in given:
                if not isinstance(piece, bytes):
                    raise ProtocolError("ledgers come in pieces of bytes")
                yield from (piece[start : start + _PIECE] for start in range(0, len(piece), _PIECE))
        yield None
