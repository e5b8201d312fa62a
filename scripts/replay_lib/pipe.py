"""As stellar-core writes its ledgers: record-marked LedgerCloseMeta on a descriptor."""

import os

from . import Problem
from .ledgers import marked


def run(steps, descriptor):
    try:
        for step in steps:
            record = marked(step.ledger.bytes)
            write(descriptor, record[: len(record) // 2] if step.is_cut else record)
    except OSError as error:
        raise Problem(f"descriptor {descriptor}: {os.strerror(error.errno)}", 4) from None


def write(descriptor, content):
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
