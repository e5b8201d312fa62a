"""Ledgers: their sources, and the changes that can be made before they are replayed."""

import hashlib
import os
import shutil
import struct
import subprocess
import sys
import time
from dataclasses import dataclass

from . import Problem

# An input up to this size is kept in memory, so that a loop does not read it again.
KEPT = 64 << 20
LAST_SEQUENCE = 0xFFFFFFFF
SECONDS_PER_LEDGER = 5


def tool(name):
    """A tool of the project: on the PATH, next to this script, or where the project builds it."""
    here = os.path.dirname(os.path.realpath(sys.argv[0]))
    places = [os.path.dirname(os.path.abspath(sys.argv[0])), *(f"{here}/../.build/{kind}" for kind in ("release", "debug"))]
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(places))
    if not found:
        raise Problem(f"{name} is not on the PATH", 4)
    return found


def marked(payload):
    """A record with record marking (RFC 5531), as stellar-core writes it."""
    return struct.pack(">I", 0x80000000 | len(payload)) + payload


def records(stream):
    """The payloads of a stream of marked records."""
    payload = b""
    while head := stream.read(4):
        (mark,) = struct.unpack(">I", head)
        payload += stream.read(mark & 0x7FFFFFFF)
        if mark & 0x80000000:
            yield payload
            payload = b""


class Source:
    """The ledgers of files, as ledger-split reads them: in any container, in order."""

    def __init__(self, files):
        self.files = files
        self.kept = []
        self.rereads = False

    def __iter__(self):
        if self.kept and not self.rereads:
            yield from self.kept
            return
        size = 0
        with subprocess.Popen(
            [tool("ledger-split"), "-q", "--by", "ledger", "--", *self.files], stdout=subprocess.PIPE, bufsize=1 << 20
        ) as reader:
            try:
                for payload in records(reader.stdout):
                    size += len(payload)
                    if size <= KEPT:
                        self.kept.append(payload)
                    elif not self.rereads:
                        self.rereads, self.kept = True, []
                    yield payload
            except GeneratorExit:
                reader.kill()
                raise
        # It has reported the error itself.
        if reader.returncode:
            raise Problem("", reader.returncode if reader.returncode > 0 else 4)


class Header:
    """The range of the header of a LedgerCloseMeta, and its members that are needed here."""

    def __init__(self, ledger):
        def word(at):
            return struct.unpack_from(">I", ledger, at)[0]

        def opaque(at):
            return at + 4 + (word(at) + 3) // 4 * 4

        at = 4
        # Versions from 1 on begin with an extension, which may contain a fee.
        if word(0) > 0:
            at += 4 if word(4) == 0 else 16
        self.hash_at, self.begin = at, at + 32
        self.protocol = word(at + 32)
        self.previous_at = at + 36
        self.close_time_at = at + 100
        at += 108
        upgrades = word(at)
        at += 4
        for _ in range(upgrades):
            at = opaque(at)
        extension = word(at)
        at += 4
        if extension == 2:
            # A value that was skipped: two hashes and a version come before the signature.
            at += 68
        if extension > 0:
            at = opaque(at + 36)
        self.sequence_at = at + 64
        at += 64 + 4 + 8 + 8 + 4 + 8 + 4 * 3 + 32 * 4
        self.end = at + (4 if word(at) == 0 else 12)
        if self.end + 4 > len(ledger):
            raise struct.error
        self.sequence = word(self.sequence_at)
        self.close_time = struct.unpack_from(">Q", ledger, self.close_time_at)[0]
        self.hash = bytes(ledger[self.hash_at : self.begin])


@dataclass(frozen=True)
class Ledger:
    bytes: bytes
    sequence: int
    hash: bytes
    close_time: int
    protocol: int
    header: tuple

    @property
    def header_entry(self):
        """LedgerHeaderHistoryEntry, as RPC servers return it: hash, header, and an extension that is always 0."""
        return self.bytes[self.header[0] : self.header[1] + 4]


def read(payload):
    try:
        header = Header(payload)
    except struct.error:
        raise Problem("a ledger whose header cannot be found", 3) from None
    return Ledger(
        payload, header.sequence, header.hash, header.close_time, header.protocol, (header.hash_at, header.end)
    )


def rewritten(ledger, sequence, close_time, previous_hash):
    """The same ledger with another number and close time. Its hash is recomputed, and it refers to the previous ledger, so
    that the chain of headers is valid. Ledger numbers in its transactions (such as lifetimes) do not change."""
    payload = bytearray(ledger.bytes)
    header = Header(payload)
    struct.pack_into(">I", payload, header.sequence_at, sequence)
    struct.pack_into(">Q", payload, header.close_time_at, close_time)
    if previous_hash:
        payload[header.previous_at : header.previous_at + 32] = previous_hash
    payload[header.hash_at : header.begin] = hashlib.sha256(payload[header.begin : header.end]).digest()
    return read(bytes(payload))


def renumbered(source, options):
    """The ledgers of a source as the options require: renumbered, repeated endlessly, closed now."""
    shift = time_shift = 0
    previous = None
    while True:
        first = last = None
        for payload in source:
            ledger = read(payload)
            if first is None:
                first = ledger
                if previous is None:
                    shift = (options.first or ledger.sequence) - ledger.sequence
                else:
                    shift = previous.sequence + 1 - ledger.sequence
                    time_shift = previous.close_time + SECONDS_PER_LEDGER - ledger.close_time
            last = ledger
            sequence = ledger.sequence + shift
            if sequence > LAST_SEQUENCE:
                return
            if shift or options.now:
                close_time = int(time.time()) if options.now else ledger.close_time + time_shift
                joins = previous is not None and previous.sequence + 1 == sequence
                ledger = rewritten(ledger, sequence, close_time, previous.hash if joins else None)
            previous = ledger
            yield ledger
        if last is None:
            raise Problem("there is no ledger to replay", 3)
        if not options.loop:
            return


@dataclass(frozen=True)
class Step:
    """One ledger that is due. `is_cut`: the last one, of which only a part is delivered."""

    ledger: Ledger
    is_repeat: bool = False
    is_cut: bool = False


def steps(source, options):
    """The steps, in order and at the requested rate."""
    pace = Pace(options.rate)
    count = 0
    for ledger in renumbered(source, options):
        if any(first <= ledger.sequence <= last for first, last in options.skip):
            continue
        if count == options.count:
            return
        pace.wait()
        if count == options.stop_after:
            yield Step(ledger, is_cut=True)
            return
        yield Step(ledger)
        count += 1
        if options.repeat_every and count % options.repeat_every == 0:
            yield Step(ledger, is_repeat=True)


class Pace:
    """A number of steps per second, by the clock: after a delay, the pauses become shorter."""

    def __init__(self, rate):
        self.rate = rate
        self.begin = None
        self.count = 0

    def wait(self):
        if not self.rate:
            return
        now = time.monotonic()
        if self.begin is None:
            self.begin = now
        pause = self.begin + self.count / self.rate - now
        self.count += 1
        if pause > 0:
            time.sleep(pause)
