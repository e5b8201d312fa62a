"""The service over the filters: common parts of `start` (HTTP, behind lighttpd) and `grpc`."""


class Refusal(Exception):
    """A request that is answered with an error instead of records."""

    def __init__(self, status, message, *, tool="soroban-serve", tool_status=None, headers=(), **members):
        super().__init__(message)
        self.status = status
        self.headers = tuple(headers)
        self.members = {"tool": tool, "status": tool_status, "message": message, **members}


class ClientLeft(BaseException):
    """The client has disconnected, or the server ends: nobody reads the output."""
