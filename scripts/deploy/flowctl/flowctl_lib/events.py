"""Converts records of invocations to events of flowctl, and back."""

import json
import time

from serve_lib import protobuf
from serve_lib.streams import identity

JSON_TYPE, PROTO_TYPE = "application/x-ndjson", "application/x-protobuf"


class Maker:
    """Makes events from lines. An event has the id of its record; the cursor is the ledger, and the position in that ledger."""

    def __init__(self, messages, component, kind, payload):
        self.messages = messages
        self.component = component
        self.kind = kind
        self.payload = payload
        self.ledger = None
        self.index = 0

    def event(self, line):
        record = json.loads(line)
        of_events = "event" in record
        number, kind = identity(line.strip(), of_events)
        meta = record["meta"]
        ledger = meta.get("ledger_sequence") or meta.get("ledgerSequence") or 0
        self.index = self.index + 1 if ledger == self.ledger else 0
        self.ledger = ledger
        if self.payload == "proto":
            payload, content_type = protobuf.message_of(line).SerializeToString(), PROTO_TYPE
        else:
            payload, content_type = line, JSON_TYPE
        event = self.messages.Event(
            id=number.decode(), type=self.kind, payload=payload, source_component_id=self.component, content_type=content_type,
            metadata={"record": kind.decode()}, stellar_cursor={"ledger_sequence": ledger, "index_in_ledger": self.index},
        )  # fmt: skip
        event.timestamp.FromNanoseconds(time.time_ns())
        return event


def line_of(event):
    """The record of an event, as a line. A record in the proto style may be a protobuf message."""
    if event.content_type == PROTO_TYPE:
        return protobuf.line_of(event.payload)
    payload = event.payload.rstrip(b"\n")
    if b"\n" in payload:
        raise ValueError("its payload is more than one line")
    return payload + b"\n"


def variables(parameters, token):
    """The shell variables of a source's pipeline, as with soroban-resume: LEDGERS for ledger-split, AFTER for the next stage."""
    given = {name.lower().replace("-", "_"): value for name, value in parameters.items()}
    first, last = (whole(given.get(name)) for name in ("start_ledger", "end_ledger"))
    after = ""
    if token:
        if not (token.isascii() and token.isdigit() and len(token) < 20):
            raise ValueError(f"the resume token is not an id of an invocation: {token[:100]}")
        first, after = max(first or 0, int(token) >> 32), f"--after {token}"
    if first and last and first > last:
        raise ValueError(f"the range is reversed: {first}-{last}")
    ledgers = f"--ledgers {first or ''}-{last or ''}" if first or last else ""
    return {"LEDGERS": ledgers, "AFTER": after}


def whole(text):
    if text in (None, "", "0"):
        return None
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 32):
        raise ValueError(f"not a ledger: {text[:100]}")
    return int(text)
