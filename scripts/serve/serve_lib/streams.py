"""The output of a pipeline on its way to the client: lines unchanged, or as server-sent events."""

import json
import os
import re
import select
import time

from . import ClientLeft

ERROR_SCHEMA = "soroban-pipes.error.v1"
READ_SIZE = 1 << 18
# The start of a record whose meta contains only small known lists and objects, so that it can be read without parsing the record.
# Text in a string cannot be taken for the end of meta: any bracket ends the match.
FRONT = re.compile(
    rb'\{(?:"_schema":"[^"\\]*",)?"meta":\{(?:[^][{}]|\[\]|"resources":\{[^][{}]*\})*\},"([a-z_]+)":'
)
TOID = re.compile(rb'"toid":"([0-9]+)"')


def in_order(ledger, transaction, operation):
    """An operation's id (SEP-35), with operations counted from 1."""
    return (ledger << 32) + (transaction << 12) + operation + 1


def identity(line, of_events):
    """The id and the kind of a record."""
    if not of_events and (front := FRONT.match(line)) and len(found := TOID.findall(front[0])) == 1:
        return found[0], front[1]
    record = json.loads(line)
    meta = record["meta"]
    kind = next(name for name in record if name not in ("_schema", "meta"))
    if of_events:
        return record["event"]["id"].encode(), record["event"]["type"].encode()
    if "toid" in meta:
        return meta["toid"].encode(), kind.encode()
    # The proto style omits zeros, and has other names.
    number = in_order(meta["ledgerSequence"], meta["txIndex"], meta.get("opIndex", 0))
    return b"%d" % number, re.sub("([A-Z])", lambda match: "_" + match[1].lower(), kind).encode()


class Lines:
    """NDJSON. Pieces pass unchanged."""

    kind = "application/x-ndjson"
    preamble = b""
    # An empty line is not a record.
    heartbeat = b"\n"

    def __init__(self):
        self.is_whole = True
        self.records = 0

    def take(self, data):
        self.records += data.count(b"\n")
        self.is_whole = data.endswith(b"\n")
        return data

    def end(self):
        return b""

    def error(self, members):
        text = json.dumps({"_schema": ERROR_SCHEMA, **members}, separators=(",", ":"))
        return (b"" if self.is_whole else b"\n") + text.encode() + b"\n"


class Events:
    """Server-sent events. Only records have an id, so that a client never resumes from anything else."""

    kind = "text/event-stream"
    preamble = b": soroban-pipes\nretry: 2000\n\n"
    heartbeat = b":\n\n"

    def __init__(self, of_events):
        self.of_events = of_events
        self.rest = []
        self.records = 0
        self.is_whole = True

    def take(self, data):
        end = data.rfind(b"\n") + 1
        if not end:
            self.rest.append(data)
            return b""
        lines = b"".join((*self.rest, data[: end - 1])).split(b"\n")
        self.rest = [data[end:]] if end < len(data) else []
        self.records += len(lines)
        return b"".join([b"id: %b\nevent: %b\ndata: %b\n\n" % (*identity(line, self.of_events), line) for line in lines])

    def end(self):
        return b"event: end\ndata: {}\n\n"

    def error(self, members):
        return b"event: error\ndata: " + json.dumps(members, separators=(",", ":")).encode() + b"\n\n"


class Behind:
    """Omits the events of a ledger up to the client's last one. The events of a ledger are not in the order of their ids.

    If that event is not among them, because it was selected by other conditions, events with greater ids are passed.
    """

    def __init__(self, seen, ledger):
        self.seen = seen.encode()
        self.ledger = ledger
        self.held = []
        self.rest = b""
        self.is_over = False

    def take(self, data):
        if self.is_over:
            return data
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        for number, line in enumerate(lines):
            record = json.loads(line)
            if record["event"]["id"].encode() == self.seen:
                self.held = []
                return self._over(lines[number + 1 :])
            if record["meta"]["ledger_sequence"] != self.ledger:
                return self._over(lines[number:])
            self.held.append((record["event"]["id"].encode(), line))
        return b""

    def _over(self, lines):
        held = [line for number, line in self.held if number > self.seen]
        self.is_over, self.held = True, []
        rest, self.rest = self.rest, b""
        return b"".join(line + b"\n" for line in (*held, *lines)) + rest

    def end(self):
        return b"" if self.is_over else self._over([])


class Relay:
    """Reads the output of a pipeline, and watches the client meanwhile."""

    def __init__(self, pipeline, client):
        self.pipeline = pipeline
        self.poll = select.poll()
        # Without event flags, poll reports only that the reader has disconnected.
        self.poll.register(client, 0)
        self.poll.register(pipeline.output, select.POLLIN)
        self.poll.register(pipeline.errors, select.POLLIN)
        self.client = client
        self.is_over = False

    def read(self, patience):
        """The next piece; empty at the end; None if there is none in this time."""
        end = time.monotonic() + patience
        while True:
            ready = dict(self.poll.poll(max(0, end - time.monotonic()) * 1000))
            if self.client in ready:
                raise ClientLeft
            if self.pipeline.errors in ready:
                if data := os.read(self.pipeline.errors, 1 << 14):
                    self.pipeline.messages.add(data)
                else:
                    self.poll.unregister(self.pipeline.errors)
            if self.pipeline.output in ready:
                data = os.read(self.pipeline.output, READ_SIZE)
                self.is_over = not data
                return data
            if time.monotonic() >= end:
                return None
