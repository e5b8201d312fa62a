"""The errors. The message is the tool's own, if there is one."""

from __future__ import annotations


class SorobanPipesError(Exception):
    """The base class of all errors of this package."""

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
        #: The ledger that it was processing.
        self.ledger = ledger
        #: The status of the HTTP response.
        self.http_status = http_status


class RequestError(SorobanPipesError):
    """The request is wrong, such as a filter that the tools reject or an unknown address. It is not retried."""

    kind = "request"


class GoneError(SorobanPipesError):
    """The range begins before the first ledger of the service. It is not retried."""

    kind = "gone"
    first_ledger: int | None = None
    last_ledger: int | None = None


class ProtocolError(SorobanPipesError):
    """The response is not what was requested: another content type, invalid JSON, a record without an id. It is not retried."""

    kind = "protocol"


class StageError(SorobanPipesError):
    """A filter failed: tool, status and ledger say which, how and where. It is retried if the source supports that."""

    kind = "stage"


class UnavailableError(SorobanPipesError):
    """No connection, a broken or silent one, or a service that is busy. It is retried."""

    kind = "unavailable"
    #: The delay that the service asked for, in seconds.
    retry_after: float | None = None


def is_transient(error: Exception) -> bool:
    """Whether another attempt can succeed."""
    return isinstance(error, (StageError, UnavailableError))
