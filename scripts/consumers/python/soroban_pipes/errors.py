"""What can go wrong. The message is the tool's own, where a tool says it."""

from __future__ import annotations


class SorobanPipesError(Exception):
    """What all errors of this package have in common."""

    #: The name of the class in counters.
    kind = "other"

    def __init__(
        self,
        message: str,
        *,
        tool: str | None = None,
        status: int | None = None,
        ledger: int | None = None,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        #: The filter that failed, and its exit status.
        self.tool = tool
        self.status = status
        #: The ledger that it was at.
        self.ledger = ledger
        #: The status of the HTTP answer.
        self.http_status = http_status


class RequestError(SorobanPipesError):
    """What was asked for is wrong: a filter that the tools refuse, an unknown address. Not tried again."""

    kind = "request"


class GoneError(SorobanPipesError):
    """The range begins before the first ledger that the service holds. Not tried again."""

    kind = "gone"
    first_ledger: int | None = None
    last_ledger: int | None = None


class ProtocolError(SorobanPipesError):
    """What came is not what was asked for: another content type, no JSON, a record without an id. Not tried again."""

    kind = "protocol"


class StageError(SorobanPipesError):
    """A filter failed: tool, status and ledger say which, how and where. Tried again where the source can."""

    kind = "stage"


class UnavailableError(SorobanPipesError):
    """No connection, a broken or silent one, or a service that is busy. Tried again."""

    kind = "unavailable"
    #: What the service asked to wait, in seconds.
    retry_after: float | None = None


def is_transient(error: Exception) -> bool:
    """Whether another attempt can end otherwise."""
    return isinstance(error, (StageError, UnavailableError))
