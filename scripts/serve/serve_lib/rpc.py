"""Converts requests for the gRPC server, and the responses of the program that serves them."""

import json

# The maximum size of a record, which is one line and one message.
LIMIT = 1 << 28
# The amount that is read ahead of a slow client.
AHEAD = 1 << 18
CODES = {400: "INVALID_ARGUMENT", 410: "OUT_OF_RANGE", 413: "INVALID_ARGUMENT", 500: "DATA_LOSS", 503: "UNAVAILABLE"}
# Parts of a call that a client can omit (ContentInclusion).
PARTS = {
    "include_diagnostic_events": "diagnostic_events", "include_state_changes": "state_changes",
    "include_contract_calls": "contract_calls", "include_ttl_extensions": "ttl_extensions",
}  # fmt: skip


class Failure(Exception):
    def __init__(self, code, members):
        super().__init__(code)
        self.code = code
        tool, message = members.get("tool"), members["message"]
        self.text = f"{tool}: {message}" if tool and tool != "soroban-serve" else message


async def lines(reader):
    """The lines of a stream; the last one may lack its line end. The reader buffers at most AHEAD, however long a line is."""
    parts = []
    while data := await reader.read(AHEAD):
        begin = 0
        while end := data.find(b"\n", begin) + 1:
            parts.append(data[begin:end])
            yield b"".join(parts)
            parts, begin = [], end
        if begin < len(data):
            parts.append(data[begin:])
    if parts:
        yield b"".join(parts)


async def read_head(reader):
    """Reads the head of the program's response. One without records is a failure."""
    headers = {}
    while line := (await reader.readline()).decode().strip():
        name, _, value = line.partition(": ")
        headers[name] = value
    status = int(headers.get("Status", "0").split()[0])
    if status != 200:
        try:
            members = json.loads(await reader.read())["error"]
        except ValueError:
            raise Failure("INTERNAL", {"message": "the request could not be served"}) from None
        code = "RESOURCE_EXHAUSTED" if "Retry-After" in headers and "streams are open" in members["message"] else CODES.get(status, "INTERNAL")
        raise Failure(code, members)


class Shape:
    """The options of a request about the response."""

    def __init__(self, options):
        self.most = options.max_events_per_response
        self.compress = options.compress_response
        self.left_out = []
        if options.HasField("inclusion"):
            self.left_out = [part for name, part in PARTS.items() if not getattr(options.inclusion, name)]
            self.without_archive = not options.inclusion.include_archive_info
        else:
            self.without_archive = False

    def of(self, event):
        for part in self.left_out:
            if event.HasField("contract_call"):
                event.contract_call.ClearField(part)
        if self.without_archive:
            event.meta.ClearField("archive_restorations")
        return event


def limited(request):
    """The options that are handled here, and the request without them. event-filter rejects the others."""
    shape = Shape(request.options)
    for name in ("max_events_per_response", "compress_response", "include_decoded_only", "inclusion"):
        request.options.ClearField(name)
    return shape, request
