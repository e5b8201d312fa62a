"""Records of soroban-serve, over HTTP."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlencode, urljoin, urlsplit

from .backoff import retry_after_of
from .errors import GoneError, ProtocolError, RequestError, SorobanPipesError, StageError, UnavailableError
from .filters import conditions
from .lines import LONGEST, EventDecoder, LineDecoder, parse
from .source import ERROR_SCHEMA, SourceRequest, Style

Transport = Literal["ndjson", "sse"]

_KINDS: dict[str, str] = {"ndjson": "application/x-ndjson", "sse": "text/event-stream"}
#: Statuses for which another attempt can succeed.
_TRANSIENT = frozenset((408, 425, 429, 500, 502, 503, 504))
_MOST_REDIRECTIONS = 5
_LONGEST_ERROR = 1 << 20
_PIECE = 1 << 18


class ServiceSource:
    """Records of soroban-serve.

    `silence`: the seconds without a byte after which a connection counts as lost; the service sends something every 15 s.
    `headers` are sent with each request, such as an authorization.
    """

    def __init__(
        self,
        address: str,
        *,
        transport: Transport = "ndjson",
        style: Style = "native",
        silence: float = 45.0,
        headers: Mapping[str, str] | None = None,
        context: ssl.SSLContext | None = None,
        longest: int = LONGEST,
    ) -> None:
        self._address = address.rstrip("/")
        self._transport: Transport = transport
        self._style = style
        self._silence = silence
        self._headers = dict(headers or {})
        self._context = context
        self._longest = longest

    def can_resume(self, request: SourceRequest) -> bool:
        return True

    def _target(self, request: SourceRequest) -> str:
        query: list[tuple[str, str]] = [("style", self._style)]
        if request.start is not None:
            query.append(("start_ledger", str(request.start)))
        if request.end is not None:
            query.append(("end_ledger", str(request.end)))
        query += [(name, "1" if value is None else value) for name, value in conditions(request.filter)]
        is_header = self._transport == "sse" and request.after != "now"
        if request.after is not None and not is_header:
            query.append(("after", request.after))
        return f"{self._address}/{request.kind}?{urlencode(query)}"

    def open(self, request: SourceRequest) -> Iterator[list[Any]]:
        connection = _Connection(self._silence, self._context)
        if request.closing.is_set:
            return
        request.closing.add(connection.abort)
        try:
            yield from self._read(request, connection)
        except SorobanPipesError:
            raise
        except TimeoutError as error:
            raise UnavailableError(f"nothing came for {self._silence:g} seconds") from error
        except http.client.InvalidURL as error:
            raise RequestError(f"{self._address}: {error}") from error
        except (OSError, http.client.HTTPException) as error:
            raise UnavailableError(f"the connection failed: {error or type(error).__name__}") from error
        except ValueError as error:
            # http.client closes a response during a read, or has no address.
            if not request.closing.is_set:
                raise RequestError(f"{self._address}: {error}") from error
        finally:
            request.closing.remove(connection.abort)
            connection.close()

    def _read(self, request: SourceRequest, connection: _Connection) -> Iterator[list[Any]]:
        accepted = _KINDS[self._transport]
        headers = {**self._headers, "Accept": accepted}
        if self._transport == "sse" and request.after not in (None, "now"):
            headers["Last-Event-ID"] = str(request.after)
        body = None
        if "request" in request.filter:
            body = json.dumps(request.filter["request"]).encode()
            headers["Content-Type"] = "application/json"
        answer = connection.ask(self._target(request), headers, body)
        if answer.status == 204:
            return
        if answer.status != 200:
            raise _refusal(answer)
        kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != accepted:
            raise ProtocolError(f"the answer is {kind or 'of no type'}, not {accepted}", http_status=answer.status)
        reader = EventReader(self._longest) if self._transport == "sse" else LineReader(self._longest)
        # A body that is cut in the middle of a chunk raises IncompleteRead.
        while piece := answer.read1(_PIECE):
            request.metrics.bytes += len(piece)
            records, failure = reader.take(piece)
            if records:
                yield records
            if failure is not None:
                raise failure
            if reader.is_over:
                return
        # With a length instead of chunks, nothing is raised.
        if answer.length or not reader.may_end:
            raise UnavailableError("the stream ended before its end")


class LineReader:
    """NDJSON as records."""

    is_over = False

    def __init__(self, longest: int) -> None:
        self._lines = LineDecoder(longest)

    @property
    def may_end(self) -> bool:
        return not self._lines.is_unfinished

    def take(self, piece: bytes) -> tuple[list[Any], SorobanPipesError | None]:
        # An empty line is a heartbeat.
        records, failure = parse(self._lines.take(piece))
        for index, record in enumerate(records):
            if isinstance(record, dict) and record.get("_schema") == ERROR_SCHEMA:
                return records[:index], _stage_error(record)
        return records, failure


class EventReader:
    """An event stream as records. It ends with a special event."""

    may_end = False

    def __init__(self, longest: int) -> None:
        self._events = EventDecoder(longest)
        self.is_over = False

    def take(self, piece: bytes) -> tuple[list[Any], SorobanPipesError | None]:
        records: list[Any] = []
        for event in self._events.take(piece):
            if event.event == "end":
                self.is_over = True
                break
            found, failure = parse([event.data])
            if failure is not None:
                return records, failure
            if event.event == "error":
                return records, _stage_error(found[0] if found and isinstance(found[0], dict) else {})
            # Events of another kind may be added.
            records += [record for record in found if isinstance(record, dict) and "meta" in record]
        return records, None


class _Connection:
    """One request and its response. `abort` may be called from another thread: it wakes a reader that waits for bytes."""

    def __init__(self, timeout: float, context: ssl.SSLContext | None) -> None:
        self._timeout = timeout
        self._context = context
        self._client: http.client.HTTPConnection | None = None
        self._answer: http.client.HTTPResponse | None = None
        # The response takes the socket from the client.
        self._socket: socket.socket | None = None
        self._is_aborted = False

    def ask(self, address: str, headers: Mapping[str, str], body: bytes | None) -> http.client.HTTPResponse:
        for _ in range(_MOST_REDIRECTIONS + 1):
            answer = self._once(address, headers, body)
            location = answer.getheader("Location")
            if answer.status not in (301, 302, 303, 307, 308) or location is None:
                return answer
            self.close()
            address = urljoin(address, location)
        raise ProtocolError(f"more than {_MOST_REDIRECTIONS} redirections", http_status=answer.status)

    def _once(self, address: str, headers: Mapping[str, str], body: bytes | None) -> http.client.HTTPResponse:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RequestError(f"{address[:200]}: this is not the address of a service")
        if parts.scheme == "https":
            self._client = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=self._timeout, context=self._context)
        else:
            self._client = http.client.HTTPConnection(parts.hostname, parts.port, timeout=self._timeout)
        self._client.connect()
        self._socket = self._client.sock
        if self._is_aborted:
            raise ConnectionAbortedError("closed")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._client.request("GET" if body is None else "POST", target, body, dict(headers))
        self._answer = self._client.getresponse()
        return self._answer

    def abort(self) -> None:
        self._is_aborted = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        for one in (self._answer, self._client):
            if one is not None:
                one.close()


def _stage_error(members: dict[str, Any], http_status: int | None = None) -> StageError:
    return StageError(str(members.get("message", "a filter failed")), **_details(members), http_status=http_status)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _details(members: dict[str, Any]) -> dict[str, Any]:
    tool = members.get("tool")
    status = members.get("tool_status", members.get("status"))
    return {"tool": tool if isinstance(tool, str) else None, "status": _number(status), "ledger": _number(members.get("ledger"))}


def _refusal(answer: http.client.HTTPResponse) -> SorobanPipesError:
    members: dict[str, Any] = {}
    try:
        found = json.loads(answer.read(_LONGEST_ERROR))["error"]
        members = found if isinstance(found, dict) else {}
    except (ValueError, KeyError, TypeError, RecursionError):
        # An error page of a proxy.
        pass
    message = str(members.get("message", f"status {answer.status}"))
    known = {**_details(members), "http_status": answer.status}
    if answer.status == 410:
        gone = GoneError(message, **known)
        gone.first_ledger = _number(members.get("first_ledger"))
        gone.last_ledger = _number(members.get("last_ledger"))
        return gone
    if answer.status == 500 and "tool" in members:
        return StageError(message, **known)
    if answer.status in _TRANSIENT:
        busy = UnavailableError(message, **known)
        busy.retry_after = retry_after_of(answer.getheader("Retry-After"), time.time())
        return busy
    return RequestError(message, **known)
