"""Ranges of ledgers, inclusive at both ends, and sets of them."""

import re

from . import DATA, LAST_SEQUENCE, USAGE, Problem


def parse(text):
    found = re.fullmatch(r"([0-9]{1,10})(?:-([0-9]{1,10}))?", text.strip())
    first = int(found[1]) if found else 0
    last = int(found[2] or found[1]) if found else 0
    if not found or last > LAST_SEQUENCE:
        raise Problem(f"not a range of ledgers, A-B: {text}", USAGE)
    if first > last:
        raise Problem(f"the range is reversed: {text}", USAGE)
    return first, last


def text(span):
    return f"{span[0]}-{span[1]}"


def plan(first, last, size):
    """Splits the range at multiples of a size."""
    begin = first
    while begin <= last:
        end = min(begin // size * size + size - 1, last)
        yield begin, end
        begin = end + 1


def count(first, last, size):
    return last // size - first // size + 1


def nth(first, last, size, index):
    if not 0 <= index < count(first, last, size):
        raise Problem(f"the plan has no range {index}: its ranges are 0 to {count(first, last, size) - 1}", USAGE)
    begin = (first // size + index) * size
    return max(begin, first), min(begin + size - 1, last)


def merged(spans):
    """The same ledgers as the fewest ascending ranges."""
    out = []
    for begin, end in sorted(spans):
        if out and begin <= out[-1][1] + 1:
            out[-1][1] = max(out[-1][1], end)
        else:
            out.append([begin, end])
    return [(begin, end) for begin, end in out]


def missing(first, last, spans):
    """The parts of a range that are in none of the others."""
    at = first
    for begin, end in merged(spans):
        if begin > last:
            break
        if begin > at:
            yield at, begin - 1
        at = max(at, end + 1)
    if at <= last:
        yield at, last


def overlaps(spans):
    """Pairs of ranges that overlap: each with the earlier one that reaches furthest."""
    furthest = None
    for span in sorted(spans):
        if furthest and span[0] <= furthest[1]:
            yield furthest, span
        if not furthest or span[1] > furthest[1]:
            furthest = span


class Bitmap:
    """A bit for each ledger of a range."""

    def __init__(self, first, last, bits=None):
        self.first, self.last = first, last
        size = (last - first) // 8 + 1
        self.bits = bytearray(size) if bits is None else bytearray(bits)
        if len(self.bits) != size:
            raise Problem("the list of ledgers has another length than the range", DATA)

    def add(self, ledger):
        if not self.first <= ledger <= self.last:
            raise Problem(f"a record of ledger {ledger} is outside of {self.first}-{self.last}", DATA)
        at = ledger - self.first
        self.bits[at >> 3] |= 1 << (at & 7)

    def add_all(self, other):
        for begin, end in other.spans():
            for ledger in range(begin, end + 1):
                self.add(ledger)

    def __len__(self):
        return int.from_bytes(self.bits, "little").bit_count() if hasattr(int, "bit_count") else bin(
            int.from_bytes(self.bits, "little")
        ).count("1")

    def minus(self, other):
        bits = bytes(mine & ~theirs & 0xFF for mine, theirs in zip(self.bits, other.bits))
        return Bitmap(self.first, self.last, bits)

    def spans(self):
        begin = None
        for at in range(self.last - self.first + 2):
            there = at <= self.last - self.first and self.bits[at >> 3] >> (at & 7) & 1
            if there and begin is None:
                begin = at
            elif not there and begin is not None:
                yield self.first + begin, self.first + at - 1
                begin = None
