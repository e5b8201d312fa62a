"""Splits bytes into lines and server-sent events, independent of the piece sizes."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

from .errors import ProtocolError

#: The maximum length of a line or event, in bytes, as in the filters.
LONGEST = 256 << 20
_BOM = "\ufeff"


class LineDecoder:
    """Splits bytes into lines. A line ends with LF; a CR before it belongs to the line end. Nothing else ends a line."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest = longest
        self._rest: list[bytes] = []
        self._rest_length = 0
        self._is_first = True

    @property
    def is_unfinished(self) -> bool:
        """Whether a line has begun but not ended."""
        return self._rest_length > 0

    def take(self, piece: bytes) -> list[str]:
        """The lines that end in this piece, without their line ends."""
        end = piece.rfind(b"\n") + 1
        if end == 0:
            self._keep(piece)
            return []
        whole = piece[: end - 1]
        if self._rest:
            # Joined once, for any number of pieces, so that the time is linear.
            whole = b"".join((*self._rest, whole))
            self._rest.clear()
            self._rest_length = 0
        self._keep(piece[end:])
        try:
            text = whole.decode()
        except UnicodeDecodeError as error:
            raise ProtocolError(f"this is not UTF-8: {error.reason}") from error
        if self._is_first:
            self._is_first = False
            text = text.removeprefix(_BOM)
        # Not splitlines: it also splits at other characters, which strings may contain.
        lines = text.split("\n")
        return [line.removesuffix("\r") for line in lines] if "\r" in text else lines

    def _keep(self, piece: bytes) -> None:
        if not piece:
            return
        self._rest_length += len(piece)
        if self._rest_length > self._longest:
            raise ProtocolError(f"a line is longer than {self._longest} bytes")
        self._rest.append(piece)


def parse(lines: list[str]) -> tuple[list[Any], ProtocolError | None]:
    """The JSON of lines, up to one that is invalid; empty lines are ignored."""
    records: list[Any] = []
    for line in lines:
        if line:
            try:
                records.append(json.loads(line))
            except (ValueError, RecursionError) as error:
                failure = ProtocolError(f"this is not JSON: {line[:200]}")
                failure.__cause__ = error
                return records, failure
    return records, None


@dataclass(slots=True)
class ServerSentEvent:
    event: str
    data: str


class EventDecoder:
    """Decodes server-sent events (HTML, section 9.2.6). Unknown and invalid fields are ignored, and so are truncated events.

    The ids of the stream are not needed: the record contains its id.
    """

    def __init__(self, longest: int = LONGEST) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._longest = longest
        self._parts: list[str] = []
        self._length = 0
        self._is_first = True
        # The last piece ended with CR: a LF that follows belongs to it.
        self._ended_with_return = False
        self._data: list[str] = []
        self._data_length = 0
        self._event = ""

    def take(self, piece: bytes) -> list[ServerSentEvent]:
        """The events that end in this piece."""
        text = self._decoder.decode(piece)
        if not text:
            return []
        if self._is_first:
            self._is_first = False
            text = text.removeprefix(_BOM)
        if self._ended_with_return and text.startswith("\n"):
            text = text[1:]
            self._ended_with_return = False
            if not text:
                return []
        self._ended_with_return = text.endswith("\r")
        lines = re.split("\r\n|\r|\n", text) if "\r" in text else text.split("\n")
        rest = lines.pop()
        found: list[ServerSentEvent] = []
        for line in lines:
            if self._parts:
                line = "".join((*self._parts, line))
                self._parts.clear()
                self._length = 0
            self._line(line, found)
        if rest:
            self._parts.append(rest)
            self._length += len(rest)
            self._limit()
        return found

    def _limit(self) -> None:
        if self._length + self._data_length > self._longest:
            raise ProtocolError(f"an event is longer than {self._longest} characters")

    def _line(self, line: str, found: list[ServerSentEvent]) -> None:
        if not line:
            if self._data:
                found.append(ServerSentEvent(self._event or "message", "\n".join(self._data)))
            self._data = []
            self._data_length = 0
            self._event = ""
            return
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            self._data.append(value)
            # Including the separator: lines without data also count.
            self._data_length += len(value) + 1
            self._limit()
        elif name == "event":
            self._event = value
