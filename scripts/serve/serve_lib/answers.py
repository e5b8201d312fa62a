"""Output for the web server: a complete response, or the head of a stream and its pieces."""

import fcntl
import json
import os

# The web server reads a little at a time; a larger pipe lets the process wait less often.
F_SETPIPE_SZ = 1031
PIPE_SIZE = 1 << 18

REASONS = {
    200: "OK", 204: "No Content", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed",
    410: "Gone", 411: "Length Required", 413: "Content Too Large", 415: "Unsupported Media Type", 500: "Internal Server Error",
    503: "Service Unavailable",
}  # fmt: skip


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Answer:
    """The response to one request. It can be given only once."""

    def __init__(self, descriptor=1, *, framed=False, without_body=False, headers=()):
        self.descriptor = descriptor
        # Whether the pieces of a stream are framed as chunks here. If this process dies, the last chunk is missing, and the web
        # server aborts the connection; without frames it would end the body of the stream normally.
        self.framed = framed
        self.without_body = without_body
        self.headers = tuple(headers)
        self.status = None
        self.sent = 0

    def _head(self, status, headers):
        self.status = status
        lines = [f"Status: {status} {REASONS[status]}", *self.headers, *headers, "X-Content-Type-Options: nosniff", "", ""]
        return "\r\n".join(lines).encode()

    def whole(self, status, text, kind="application/json", headers=()):
        """Writes head and body together, so that any failure before it can still choose the status."""
        body = text.encode(errors="replace")
        head = [f"Content-Type: {kind}", f"Content-Length: {len(body)}", "Cache-Control: no-store", *headers]
        data = self._head(status, [] if status == 204 else head)
        self._write(data if self.without_body or status == 204 else data + body)
        self.sent += len(body)

    def error(self, refusal):
        self.whole(refusal.status, compact({"error": refusal.members}) + "\n", headers=refusal.headers)

    def begin(self, kind):
        try:
            fcntl.fcntl(self.descriptor, F_SETPIPE_SZ, PIPE_SIZE)
        except OSError:
            pass  # Not a pipe, or the system does not allow a larger one.
        frames = ["Transfer-Encoding: chunked"] if self.framed and not self.without_body else []
        # The last header keeps proxies from buffering records.
        self._write(self._head(200, [f"Content-Type: {kind}", "Cache-Control: no-store", "X-Accel-Buffering: no", *frames]))

    def piece(self, data):
        if data and not self.without_body:
            self._write(b"%x\r\n" % len(data), data, b"\r\n") if self.framed else self._write(data)
            self.sent += len(data)

    def end(self):
        if self.framed and not self.without_body:
            self._write(b"0\r\n\r\n")

    def _write(self, *parts):
        parts = [memoryview(part) for part in parts if part]
        while parts:
            count = os.writev(self.descriptor, parts)
            while parts and count >= len(parts[0]):
                count -= len(parts.pop(0))
            if parts:
                parts[0] = parts[0][count:]
