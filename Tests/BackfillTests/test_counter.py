"""The counter of records compared with the records themselves, with the stream split in any way."""

import json
import os
import random
import struct
import sys
import unittest

from common import BACKFILL, plain

sys.path.insert(0, os.path.dirname(BACKFILL))
from backfill_lib import Problem  # noqa: E402
from backfill_lib.counter import counter  # noqa: E402

FIRST, LAST = 1024, 1051


class Counting(unittest.TestCase):
    def setUp(self):
        self.seed = random.randrange(1 << 32)
        self.chance = random.Random(self.seed)

    def counted(self, data, by="invocation", style="native", kind="ndjson.zst", largest=1 << 20):
        """The result of the counter for data in parts of random sizes."""
        found = counter(FIRST, LAST, {"by": by, "style": style, "format": kind})
        space, at = found.space(), 0
        while at < len(data):
            part = data[at : at + self.chance.randint(1, largest)]
            space[: len(part)] = part
            found.take(len(part))
            at += len(part)
        found.finish()
        return found

    def wanted(self, by="invocation"):
        """The number of records and their ledgers, and the first and last operation, read from the records as JSON."""
        metas = [json.loads(line)["meta"] for line in plain(f"{FIRST}-{LAST}", by=by).splitlines()]
        toids = [(meta["ledger_sequence"] << 32) + (meta["tx_index"] << 12) + (meta.get("op_index") or 0) + 1 for meta in metas]
        return len(metas), {meta["ledger_sequence"] for meta in metas}, str(toids[0]), str(toids[-1])

    def summary(self, found):
        ledgers = {ledger for begin, end in found.ledgers.spans() for ledger in range(begin, end + 1)}
        return found.records, ledgers, found.first_toid, found.last_toid

    def test_records_are_counted_in_parts_of_any_size(self):
        kinds = [
            ("invocation", "native", "ndjson.zst"), ("invocation", "sep51", "parquet"), ("invocation", "proto", "ndjson.zst"),
            ("event", "native", "ndjson.zst"), ("invocation", "raw", "xdr.zst"), ("event", "raw", "xdr.zst"),
        ]  # fmt: skip
        for by, style, kind in kinds:
            wanted = self.wanted(by)
            if kind == "xdr.zst" and by == "event":
                # Such a record lacks the position of its operation where all others have the ledger.
                wanted = (*wanted[:2], None, None)
            data = plain(f"{FIRST}-{LAST}", by=by, style=style, output="xdr" if kind == "xdr.zst" else "ndjson")
            for largest in (7, 100, 700, 5000, 1 << 20):
                with self.subTest(by=by, style=style, kind=kind, largest=largest, seed=self.seed):
                    found = self.counted(data, by, style, kind, largest)
                    self.assertEqual(self.summary(found), wanted)
                    self.assertEqual(found.others, 0)

    def test_nothing_has_no_records(self):
        for kind in ("ndjson.zst", "xdr.zst"):
            found = self.counted(b"", kind=kind)
            self.assertEqual((*self.summary(found), found.others), (0, set(), None, None, 0))

    def test_lines_that_are_no_records_are_told(self):
        lines = plain(f"{FIRST}-{LAST}").splitlines(keepends=True)
        for junk in (b"\n", b"x\n", b'{"a":1}\n', b'{"_schema":"soroban-pipes.contract_event.v1","meta":{"ledger_sequence":1024,\n', b"\0" * 9000 + b"\n"):
            at = self.chance.randrange(len(lines) + 1)
            for largest in (50, 1 << 20):
                with self.subTest(junk=junk[:50], at=at, largest=largest, seed=self.seed):
                    found = self.counted(b"".join([*lines[:at], junk, *lines[at:]]), largest=largest)
                    self.assertEqual((found.records, found.others), (len(lines), 1))

    def test_a_stream_that_is_cut_is_told(self):
        """Cut at each byte of the last record, and earlier."""
        data = plain(f"{FIRST}-{LAST}")
        last = len(data.splitlines(keepends=True)[-1])
        for cut in {*range(1, last), *(self.chance.randrange(len(data)) for _ in range(20))}:
            at = len(data) - cut
            if data[at - 1 : at] == b"\n":
                continue
            with self.subTest(cut=cut, seed=self.seed):
                try:
                    self.assertGreater(self.counted(data[:at]).others, 0)
                except Problem as problem:
                    self.assertIn("no ledger number", str(problem))
        data = plain(f"{FIRST}-{LAST}", style="raw", output="xdr")
        ends, at = {0}, 0
        while at < len(data):
            at += 4 + (struct.unpack_from(">I", data, at)[0] & 0x7FFFFFFF)
            ends.add(at)
        for cut in {self.chance.randrange(len(data)) for _ in range(50)} - ends:
            with self.subTest(cut=cut, seed=self.seed), self.assertRaises(Problem):
                self.counted(data[:cut], kind="xdr.zst", style="raw")

    def test_ledgers_outside_or_in_disorder_are_told(self):
        lines = plain(f"{FIRST}-{LAST}").splitlines(keepends=True)
        with self.assertRaisesRegex(Problem, "comes after"):
            self.counted(b"".join([lines[-1], *lines]))
        other = lines[-1].replace(b'"ledger_sequence":', b'"ledger_sequence":9', 1)
        with self.assertRaisesRegex(Problem, "is outside of 1024-1051"):
            self.counted(b"".join([*lines, other]))


if __name__ == "__main__":
    unittest.main()
