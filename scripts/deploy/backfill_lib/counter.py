"""Counts the records of a stream as it passes: how many, of which ledgers, and the first and the last operation."""

import hashlib
import re
import struct

from . import DATA, Problem
from .ranges import Bitmap

# Enough of a record for what is read of it.
HEAD = 512
# A line break cannot stand inside of a record, so nothing that a contract wrote looks like one of these.
MARKERS = {
    "invocation": b'\n{"_schema":"soroban-pipes.contract_invocation.v1","meta":{"ledger_sequence":',
    "event": b'\n{"_schema":"soroban-pipes.contract_event.v1","meta":{"ledger_sequence":',
    "proto": b'\n{"meta":{"ledgerSequence":',
}
PLACE = re.compile(
    rb'[^{]*\{(?:"_schema":"[^"]*",)?"meta":\{"ledger_?[sS]equence":(\d+),"closed_?[aA]t":[^,]*,"tx_?[hH]ash":[^,]*,'
    rb'"tx_?[iI]ndex":(\d+)(?:,"op_?[iI]ndex":(\d+))?[,}]'
)


class Counter:
    def __init__(self, first, last):
        self.ledgers = Bitmap(first, last)
        self.records = 0
        self.first_toid = self.last_toid = None
        self.previous = None
        self.digest = hashlib.sha256()

    def note(self, ledger):
        if ledger != self.previous:
            if self.previous is not None and ledger < self.previous:
                raise Problem(f"a record of ledger {ledger} comes after those of {self.previous}", DATA)
            self.ledgers.add(ledger)
            self.previous = ledger
        self.records += 1


class LineCounter(Counter):
    def __init__(self, first, last, by, style):
        super().__init__(first, last)
        self.marker = MARKERS["proto" if style == "proto" else by]
        self.tail = b"\n"
        self.lines = 0
        self.last_head = None

    def feed(self, chunk):
        self.digest.update(chunk)
        self.lines += chunk.count(b"\n")
        self.scan(self.tail + chunk, HEAD)

    def scan(self, data, reserve):
        marker, length = self.marker, len(self.marker)
        limit = len(data) - reserve
        at = data.find(marker)
        head = -1
        while 0 <= at <= limit:
            end = at + length
            stop = data.find(b",", end, end + 12)
            if stop < 0:
                raise Problem("a record has no number of its ledger", DATA)
            self.note(int(data[end:stop]))
            if self.first_toid is None:
                self.first_toid = place(data[at : at + HEAD])
            head = at
            at = data.find(marker, stop)
        if head >= 0:
            self.last_head = data[head : head + HEAD]
        if at >= 0:
            self.tail = data[at:]
        else:
            keep = max(len(data) - length, head + length if head >= 0 else 0)
            self.tail = data[keep:]

    def finish(self):
        self.scan(self.tail, 0)
        if self.lines != self.records:
            raise Problem(f"{self.lines} lines are not {self.records} records", DATA)
        if self.last_head:
            self.last_toid = place(self.last_head)


def place(head):
    """The id of the operation (SEP-35) that a record begins with, or None."""
    found = PLACE.match(head)
    if not found:
        return None
    ledger, transaction, operation = (int(number or 0) for number in found.groups())
    return str((ledger << 32) + (transaction << 12) + operation + 1)


class MarkedCounter(Counter):
    """Records of XDR, each with its length in front (RFC 5531)."""

    def __init__(self, first, last, by, style):
        super().__init__(first, last)
        self.has_toid = by == "invocation"
        self.tail = b""
        self.skip = 0

    def feed(self, chunk):
        self.digest.update(chunk)
        if self.skip >= len(chunk):
            self.skip -= len(chunk)
            return
        data = self.tail + chunk[self.skip :]
        self.skip = 0
        at, size = 0, len(data)
        while size - at >= 64:
            mark, _, ledger = struct.unpack_from(">III", data, at)
            if mark < 0x80000040:
                raise Problem("the output is not made of whole marked records", DATA)
            self.note(ledger)
            if self.has_toid:
                transaction, operation = struct.unpack_from(">II", data, at + 52)
                self.last_toid = (ledger << 32) + (transaction << 12) + operation + 1
                if self.first_toid is None:
                    self.first_toid = self.last_toid
            at += 4 + (mark & 0x7FFFFFFF)
        self.skip, self.tail = max(0, at - size), data[at:]

    def finish(self):
        if self.tail or self.skip:
            raise Problem("the output ends inside of a record", DATA)
        if self.has_toid and self.first_toid is not None:
            self.first_toid, self.last_toid = str(self.first_toid), str(self.last_toid)


def counter(first, last, request):
    kind = MarkedCounter if request["format"] == "xdr.zst" else LineCounter
    return kind(first, last, request["by"], request["style"])
