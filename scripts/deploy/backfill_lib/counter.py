"""Counts the records of a stream: their number, their ledgers, and the first and last operation."""

import hashlib
import re
import struct

from . import DATA, Problem
from .ranges import Bitmap

# The part of a record that is read.
HEAD = 512
FRONT = 4096
PART = 1 << 20
# The minimum size of a record in XDR, with its mark (RFC 5531): enough for its position.
SHORTEST = 64
SMALLEST_MARK = 0x80000000 + SHORTEST - 4
# A mark minus this is the distance to the next record.
MARK_OF_NOTHING = 0x80000000 - 4
HEADER = struct.Struct(">I4xI")
# A line break cannot occur inside a record, so no text of a contract can look like one of these.
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
    """Bytes are read into `space()` and used from there, without further copies."""

    def __init__(self, first, last, hash_records):
        self.ledgers = Bitmap(first, last)
        self.records = 0
        self.first_toid = self.last_toid = None
        self.previous = None
        self.digest = hashlib.sha256() if hash_records else None
        # Lines that are not records, and a last line without a line break.
        self.others = 0
        # The end of the previous part is kept in front of the space.
        self.buffer = bytearray(FRONT + PART)
        self.view = memoryview(self.buffer)
        self.left = 0

    def space(self):
        return self.view[FRONT:]

    def take(self, size):
        if self.digest:
            self.digest.update(self.view[FRONT : FRONT + size])
        end = FRONT + size
        self.keep(self.scan(FRONT - self.left, end), end)

    def keep(self, begin, end):
        self.left = max(0, end - begin)
        if self.left:
            self.buffer[FRONT - self.left : FRONT] = self.buffer[begin:end]

    def note(self, ledger):
        """Begins a ledger, at its first record."""
        if self.previous is not None and ledger <= self.previous:
            raise Problem(f"a record of ledger {ledger} comes after those of {self.previous}", DATA)
        self.ledgers.add(ledger)
        self.previous = ledger


class LineCounter(Counter):
    def __init__(self, first, last, by, style, hash_records):
        super().__init__(first, last, hash_records)
        self.marker = MARKERS["proto" if style == "proto" else by]
        # The prefix of further records of the previous record's ledger. No line begins with NUL: there is no previous record.
        self.known = b"\0"
        self.last_head = None
        self.buffer[FRONT - 1] = 0x0A
        self.left = 1

    def scan(self, begin, end, reserve=HEAD):
        """Scans the lines that begin in a part of the buffer, except for its last bytes. Returns the start of the next scan."""
        buffer, find, starts_with = self.buffer, self.buffer.find, self.buffer.startswith
        limit = max(begin, end - reserve)
        known, records, head = self.known, 0, -1
        at = find(b"\n", begin, limit)
        while at >= 0:
            if starts_with(known, at, end):
                records += 1
                head = at
            elif starts_with(self.marker, at, end):
                known = self.begin_ledger(at, end)
                records += 1
                head = at
            elif at + 1 < end:
                self.others += 1
            at = find(b"\n", at + 1, limit)
        self.known = known
        self.records += records
        if head >= 0:
            self.last_head = bytes(buffer[head : head + HEAD])
        return limit

    def begin_ledger(self, at, end):
        """Records the first record of a ledger, and returns the prefix of further records of that ledger."""
        buffer, start = self.buffer, at + len(self.marker)
        stop = buffer.find(b",", start, min(start + 12, end))
        number = bytes(buffer[start:stop]) if stop > start else b""
        if not number.isdigit():
            raise Problem("a record has no ledger number", DATA)
        self.note(int(number))
        if self.first_toid is None:
            self.first_toid = place(bytes(buffer[at : at + HEAD]))
        return self.marker + number + b","

    def finish(self):
        self.scan(FRONT - self.left, FRONT, 0)
        self.others += self.left > 0 and self.buffer[FRONT - 1] != 0x0A
        if self.last_head:
            self.last_toid = place(self.last_head)


def place(head):
    """The id of the operation (SEP-35) at the start of a record, or None."""
    found = PLACE.match(head)
    if not found:
        return None
    ledger, transaction, operation = (int(number or 0) for number in found.groups())
    return str((ledger << 32) + (transaction << 12) + operation + 1)


class MarkedCounter(Counter):
    """Records in XDR, with record marking (RFC 5531)."""

    def __init__(self, first, last, by, style, hash_records):
        super().__init__(first, last, hash_records)
        self.has_toid = by == "invocation"
        self.skip = 0

    def scan(self, begin, end):
        buffer, unpack, ledger_before, records, head = self.buffer, HEADER.unpack_from, self.previous, 0, -1
        at, limit = begin + self.skip, end - SHORTEST
        while at <= limit:
            mark, ledger = unpack(buffer, at)
            if mark < SMALLEST_MARK:
                raise Problem("the output is not made of whole marked records", DATA)
            if ledger != ledger_before:
                self.note(ledger)
                ledger_before = ledger
                if self.has_toid and self.first_toid is None:
                    self.first_toid = self.toid(at)
            records += 1
            head = at
            at += mark - MARK_OF_NOTHING
        self.records += records
        if self.has_toid and head >= 0:
            self.last_toid = self.toid(head)
        self.skip = max(0, at - end)
        return min(at, end)

    def toid(self, at):
        (ledger,) = struct.unpack_from(">I", self.buffer, at + 8)
        transaction, operation = struct.unpack_from(">II", self.buffer, at + 52)
        return str((ledger << 32) + (transaction << 12) + operation + 1)

    def finish(self):
        if self.left or self.skip:
            raise Problem("the output ends inside of a record", DATA)


def counter(first, last, request, hash_records=False):
    kind = MarkedCounter if request["format"] == "xdr.zst" else LineCounter
    return kind(first, last, request["by"], request["style"], hash_records)
