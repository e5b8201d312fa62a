"""The seal inside a file: which ledgers were read for it, and what it contains.

In zstd files it is a skippable frame at the end, which every decompressor skips; in Parquet files it is metadata of the file.
So a file proves its range without a separate list.
"""

import base64
import hashlib
import json
import os
import struct
import zlib

from . import DATA, FILES, LAST_SEQUENCE, MARK, Problem
from .ranges import Bitmap

KEY = "soroban_pipes"
FRAME = 0x184D2A5B
TRAILER = b"sorobkfl"
LARGEST = 1 << 28
FORMATS = ("parquet", "ndjson.zst", "xdr.zst")


def bitmap_text(bitmap):
    return base64.b64encode(zlib.compress(bytes(bitmap.bits), 9)).decode()


def bitmap_of(seal):
    """The ledgers with records. The decompressed size is limited by the range."""
    first, last = seal["first"], seal["last"]
    try:
        unpacked = zlib.decompressobj()
        bits = unpacked.decompress(base64.b64decode(seal["with_records"], validate=True), (last - first) // 8 + 2)
    except (ValueError, zlib.error):
        raise Problem("the list of ledgers cannot be read", DATA) from None
    return Bitmap(first, last, bits)


def line(seal):
    return json.dumps(seal, separators=(",", ":"))


def parsed(text):
    """The seal of a text, or None if it is invalid."""
    try:
        found = json.loads(text)
        if found["_schema"] != MARK:
            return None
        for name in ("first", "last", "ledgers", "records"):
            if type(found[name]) is not int or found[name] < 0:
                return None
        for name in ("first_previous_hash", "last_hash", "with_records", "tool_version"):
            if type(found[name]) is not str:
                return None
        for name in ("first_toid", "last_toid", "records_sha256"):
            if not isinstance(found[name], (str, type(None))):
                return None
        request = found["request"]
        if request["by"] not in ("invocation", "event") or request["format"] not in FORMATS or type(request["style"]) is not str:
            return None
        return found if found["first"] <= found["last"] <= LAST_SEQUENCE else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def frame(seal):
    payload = line(seal).encode()
    payload += struct.pack("<I", len(payload)) + TRAILER
    return struct.pack("<II", FRAME, len(payload)) + payload


def placeholder_size(first, last, request):
    """Enough space for the seal of a range, whatever it contains."""
    return 2048 + len(json.dumps(request)) + (last - first) // 6 + 128


def from_zstd(path):
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < 20:
            return None
        file.seek(size - 12)
        tail = file.read(12)
        (length,) = struct.unpack("<I", tail[:4])
        if tail[4:] != TRAILER or length > min(size - 20, LARGEST):
            return None
        file.seek(size - 20 - length)
        head = file.read(8 + length)
        if struct.unpack("<II", head[:8]) != (FRAME, length + 12):
            return None
        return parsed(head[8:])


def parquet_footer(file):
    size = file.seek(0, os.SEEK_END)
    if size < 12:
        return None
    file.seek(size - 8)
    tail = file.read(8)
    (length,) = struct.unpack("<I", tail[:4])
    if tail[4:] != b"PAR1" or length > min(size - 12, LARGEST):
        return None
    at = size - 8 - length
    file.seek(at)
    return at, file.read(length)


def from_parquet(path):
    with open(path, "rb") as file:
        found = parquet_footer(file)
    if not found:
        return None
    footer = found[1]
    at = footer.rfind(b'{"_schema":"' + MARK.encode() + b'"')
    if at < 0:
        return None
    try:
        value, end = json.JSONDecoder().raw_decode(footer[at:].decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return parsed(json.dumps(value))


def into_parquet(path, token, size, seal):
    """Writes the seal into the space that was reserved in the file's metadata."""
    content = line(seal).encode()
    if len(content) > size:
        raise Problem("the seal of a range is longer than its place in the file", DATA)
    with open(path, "r+b") as file:
        at, footer = parquet_footer(file) or (0, b"")
        place = footer.find(token)
        if place < 0:
            raise Problem(f"{path}: the file's metadata has no place for the seal", FILES)
        file.seek(at + place)
        file.write(content.ljust(size))


def of(path, name=None):
    """The seal of a file, whose kind is known by its name."""
    name = name or path
    if name.endswith(".parquet"):
        return from_parquet(path)
    return from_zstd(path) if name.endswith(".zst") else None


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()
