"""A SEP-54 data lake as Galexie writes it: object by object, each written to a temporary name and renamed."""

import ctypes
import ctypes.util
import json
import os
import shutil
import struct
import subprocess

from . import Problem

VERSION = "v0.2.0"


class Layout:
    """The number of ledgers per object and of objects per partition, and the names of both."""

    def __init__(self, ledgers_per_object, objects_per_partition, ending):
        self.size = ledgers_per_object
        self.objects = objects_per_partition
        self.ending = ending

    def batch(self, sequence):
        return sequence // self.size

    def path(self, first, last):
        """The name contains the actual range: the first and the last object may be smaller than the others."""
        name = f"{0xFFFFFFFF - first:08X}--{first}"
        if self.size > 1:
            name += f"-{last}"
        if self.objects == 1:
            return f"{name}.{self.ending}"
        span = self.size * self.objects
        begin = first // span * span
        end = min(begin + span - 1, 0xFFFFFFFF)
        return f"{0xFFFFFFFF - begin:08X}--{begin}-{end}/{name}.{self.ending}"

    def write_configuration(self, directory, passphrase):
        path = f"{directory}/.config.json"
        wanted = {
            "networkPassphrase": passphrase,
            "version": VERSION,
            "compression": "zstd",
            "ledgersPerBatch": self.size,
            "batchesPerPartition": self.objects,
        }
        try:
            with open(path, encoding="utf-8") as file:
                there = json.load(file)
        except FileNotFoundError:
            put(path, (json.dumps(wanted) + "\n").encode())
            return
        except ValueError:
            raise Problem(f"{path}: not JSON", 3) from None
        for name in ("networkPassphrase", "ledgersPerBatch", "batchesPerPartition"):
            if there.get(name, wanted[name]) != wanted[name]:
                raise Problem(f"{path}: the lake has another {name}: {json.dumps(there[name])}", 2)


def put(path, content):
    """Writes a file so that no reader sees an incomplete one. Its temporary name is ignored by readers of the lake."""
    folder, name = os.path.split(path)
    aside = f"{folder}/.part-{os.getpid()}-{name}"
    try:
        with open(aside, "wb") as file:
            file.write(content)
        os.rename(aside, path)
    except OSError:
        if os.path.exists(aside):
            os.unlink(aside)
        raise


def batch_of(ledgers, last):
    """LedgerCloseMetaBatch, or its available part."""
    first = ledgers[0].sequence
    return struct.pack(">III", first, last, last - first + 1) + b"".join(ledger.bytes for ledger in ledgers)


def compressor():
    """libzstd, which the tools also need, or else the program zstd."""
    name = ctypes.util.find_library("zstd")
    if name:
        library = ctypes.CDLL(name)
        library.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
        library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
        library.ZSTD_compress.argtypes = [
            ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int,
        ]  # fmt: skip
        library.ZSTD_isError.argtypes = [ctypes.c_size_t]

        def compress(content):
            room = ctypes.create_string_buffer(library.ZSTD_compressBound(len(content)))
            size = library.ZSTD_compress(room, len(room), content, len(content), 3)
            if library.ZSTD_isError(size):
                raise Problem("libzstd cannot compress an object", 4)
            return room.raw[:size]

        return compress
    if shutil.which("zstd"):
        return lambda content: subprocess.run(["zstd", "-qc"], input=content, stdout=subprocess.PIPE, check=True).stdout
    raise Problem("neither libzstd nor the program zstd is installed", 4)


def run(steps, directory, layout, passphrase):
    """`skip` omits complete objects: an object that lacks one of its ledgers would be invalid."""
    compress = compressor() if layout.ending != "xdr" else bytes
    waiting = []
    made = set()

    def write(ledgers, is_cut=False):
        # An object that is cut was meant to be complete.
        last = (layout.batch(ledgers[-1].sequence) + 1) * layout.size - 1 if is_cut else ledgers[-1].sequence
        path = f"{directory}/{layout.path(ledgers[0].sequence, last)}"
        folder = os.path.dirname(path)
        if folder not in made:
            os.makedirs(folder, exist_ok=True)
            made.add(folder)
        content = batch_of(ledgers, last)
        if not is_cut:
            put(path, compress(content))
            return
        # Like a writer that does not rename: under its final name, and incomplete.
        content = compress(content[: len(content) - len(ledgers[-1].bytes) // 2])
        with open(path, "wb") as file:
            file.write(content if layout.ending == "xdr" else content[: len(content) // 2])

    try:
        os.makedirs(directory, exist_ok=True)
        layout.write_configuration(directory, passphrase)
        previous = []
        for step in steps:
            ledger = step.ledger
            if step.is_repeat:
                # An existing object is written again.
                if not waiting and previous:
                    write(previous)
                continue
            if waiting and (
                ledger.sequence != waiting[-1].sequence + 1 or layout.batch(ledger.sequence) != layout.batch(waiting[0].sequence)
            ):
                write(waiting)
                waiting = []
            waiting.append(ledger)
            if step.is_cut:
                write(waiting, is_cut=True)
                return
            if layout.batch(ledger.sequence + 1) != layout.batch(ledger.sequence):
                write(waiting)
                previous, waiting = waiting, []
        if waiting:
            write(waiting)
    except OSError as error:
        raise Problem(f"{error.filename or directory}: {os.strerror(error.errno)}", 4) from None
