"""The range of a SEP-54 data lake, from its file names. Only two partitions are listed, however large the lake is."""

import os
import re

NAME = re.compile(r"([0-9A-F]{8})--(0|[1-9][0-9]*)(?:-(0|[1-9][0-9]*))?(\.xdr(?:\.zst|\.zstd)?)?\Z")
LAST_LEDGER = 2**32 - 1


def ends(directory):
    """The first and the last object, each as (first ledger, last ledger, path, size, time); None for a lake without objects."""
    entries = sorted(_names(directory))
    first = _outermost(directory, entries, min)
    return first and (first, _outermost(directory, reversed(entries), max))


def _names(directory):
    with os.scandir(directory) as entries:
        for entry in entries:
            match = NAME.match(entry.name)
            if not match:
                continue
            first, last = int(match[2]), int(match[3] or match[2])
            if first <= last <= LAST_LEDGER and int(match[1], 16) == LAST_LEDGER - first and (match[4] or match[3]):
                yield first, last, entry.name, match[4] is None


def _outermost(directory, entries, choose):
    """Partitions may be empty, and objects may be next to them: the first entry that contains an object decides."""
    for first, last, name, is_partition in entries:
        path = f"{directory}/{name}"
        if is_partition:
            try:
                objects = [(first, last, f"{path}/{name}") for first, last, name, inner in _names(path) if not inner]
            except OSError:
                objects = []
            if not objects:
                continue
            first, last, path = choose(objects)
        try:
            found = os.stat(path)
        except OSError:
            continue
        return first, last, path, found.st_size, found.st_mtime
    return None
