"""Completeness, checked from the files alone."""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import unittest

from common import BACKFILL, LAKE, ROOT, FolderCase, call, digests, needs, needs_duckdb, plain, repeated_lake, sql, unpacked

sys.path.insert(0, os.path.dirname(BACKFILL))


@needs("zstd")
class Check(FolderCase):
    kind = "ndjson.zst"

    def setUp(self):
        super().setUp()
        self.make_all(8, "--format", self.kind)

    def fill(self):
        """The ranges that check prints are made again; then nothing is missing, and the files are the same as before."""
        done = self.check("--ledgers", "1024-1051", status=3)
        for ledgers in done.stdout.split():
            self.make(ledgers, "--format", self.kind)
        self.check("--ledgers", "1024-1051")
        self.assertEqual(digests(self.out), self.before)
        return done

    def damaged(self, change, said, holes="1032-1039\n"):
        self.before = digests(self.out)
        change(f"{self.out}/1032-1039.{self.kind}")
        done = self.fill()
        self.assertEqual(done.stdout, holes)
        self.assertIn(said, done.stderr)

    def test_whole_files_are_summed(self):
        done = self.check("--json", "--ledgers", "1024-1051")
        sums = json.loads(done.stdout)
        records = [json.loads(line) for line in plain("1024-1051").splitlines()]
        ledgers = {record["meta"]["ledger_sequence"] for record in records}
        self.assertEqual((sums["files"], sums["ledgers"], sums["records"]), (4, 28, len(records)))
        self.assertEqual(sums["ledgers_with_records"], len(ledgers))
        self.assertEqual((sums["missing"], sums["complaints"]), ([], []))

    def test_what_was_never_made_is_printed_in_ranges(self):
        done = self.check("--ledgers", "1010-1060", "--size", "8", status=3)
        self.assertEqual(done.stdout.split(), ["1010-1015", "1016-1023", "1052-1055", "1056-1060"])
        done = self.check("--ledgers", "1010-1060", status=3)
        self.assertEqual(done.stdout.split(), ["1010-1023", "1052-1060"])

    def test_a_file_that_is_gone_is_missing(self):
        self.damaged(os.unlink, "is in the manifest, and not there")

    def test_a_file_that_is_cut_is_missing(self):
        self.damaged(lambda path: os.truncate(path, os.path.getsize(path) - 1), "does not end as a whole file does")
        self.damaged(lambda path: os.truncate(path, 0), "does not end as a whole file does")

    def test_a_byte_that_changed_is_found(self):
        def change(path):
            with open(path, "r+b") as file:
                file.seek(os.path.getsize(path) // 3)
                byte = file.read(1)
                file.seek(-1, 1)
                file.write(bytes([byte[0] ^ 0x55]))

        self.damaged(change, "1032-1039")

    def test_the_file_of_another_range_is_found(self):
        self.damaged(lambda path: shutil.copy(f"{self.out}/1024-1031.{self.kind}", path), "it is of ledgers 1024-1031")

    def test_the_manifest_is_not_believed(self):
        """The manifest line is unchanged, but the file lacks these ledgers."""
        self.without_ledger(1036)

    def without_ledger(self, ledger):
        """The file without the records of one ledger, but with a valid seal and a matching manifest."""
        from backfill_lib import seal

        def change(path):
            line = self.manifest(os.path.basename(path))
            found = seal.of(path)
            kept = [text for text in unpacked(path).splitlines(keepends=True) if json.loads(text)["meta"]["ledger_sequence"] != ledger]
            with open(path, "wb") as file:
                subprocess.run(["zstd", "-qc"], input=b"".join(kept), stdout=file, check=True)
                file.seek(0, 2)
                file.write(seal.frame(found))
            line |= {"bytes": os.path.getsize(path), "sha256": seal.sha256(path)}
            with open(f"{self.out}/_manifest/{os.path.basename(path)}.json", "w", encoding="utf-8") as file:
                json.dump(line, file)

        self.before = digests(self.out)
        change(f"{self.out}/1032-1039.{self.kind}")
        done = self.check("--ledgers", "1024-1051", status=3)
        self.assertEqual(done.stdout, "1032-1039\n")
        self.assertIn(f"1032-1039.{self.kind}: lacks the records of ledgers {ledger}", done.stderr)

    def test_overlaps_are_told(self):
        self.make("1030-1033", "--format", self.kind)
        done = self.check(status=3)
        self.assertIn("1024-1031 and 1030-1033 overlap", done.stderr)
        self.assertIn("1030-1033 and 1032-1039 overlap", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_files_of_two_histories_do_not_chain(self):
        """The same ledger numbers from another network, with other hashes."""
        other = repeated_lake(f"{self.folder}/other", 40, first=1020)
        os.unlink(f"{self.out}/1032-1039.{self.kind}")
        os.unlink(f"{self.out}/_manifest/1032-1039.{self.kind}.json")
        self.make("1032-1039", "--format", self.kind, lake=other)
        done = self.check(status=3)
        self.assertIn("the chain of ledgers breaks between 1031 and 1032", done.stderr)
        self.assertIn("the chain of ledgers breaks between 1039 and 1040", done.stderr)

    def test_hostile_files_end_with_a_message(self):
        from backfill_lib import seal

        path = f"{self.out}/1032-1039.{self.kind}"
        found = seal.of(path)
        with open(path, "rb") as file:
            whole = file.read()
        for change in [
            {"with_records": "AAAA"}, {"with_records": "!"}, {"last": 4294967295}, {"records": -1}, {"ledgers": True}, {"request": {}},
            {"request": {"by": "x", "format": "xdr.zst", "style": 1}}, {"first": "x"}, {"request": []}, {"last_hash": None},
        ]:  # fmt: skip
            with self.subTest(change=change):
                with open(path, "wb") as file:
                    file.write(whole[: -len(seal.frame(found))] + seal.frame(found | change))
                done = self.check(status=3)
                self.assertNotIn("Traceback", done.stderr)
                self.assertEqual(done.stdout, "1032-1039\n")
        for content in (b"", b"x" * 100, whole[-40:], whole[:40], b"PAR1" * 10, b"\xff" * 8 + whole[-12:]):
            with open(path, "wb") as file:
                file.write(content)
            self.assertNotIn("Traceback", self.check(status=3).stderr)
        with open(f"{self.out}/_manifest/1032-1039.{self.kind}.json", "w", encoding="utf-8") as file:
            file.write("[" * 100000)
        self.assertNotIn("Traceback", self.check(status=3).stderr)


@needs_duckdb
class CheckParquet(Check):
    """The same with Parquet. Slow cases that do not depend on the kind of file are left to the long run."""

    kind = "parquet"
    short = ("test_the_manifest_is_not_believed", "test_compacting_keeps_every_row_and_proof")

    def setUp(self):
        if not os.environ.get("BACKFILL_LONG") and not self.id().endswith(self.short):
            self.skipTest("BACKFILL_LONG is not set")
        super().setUp()

    def without_ledger(self, ledger):
        from backfill_lib import seal

        path = f"{self.out}/1032-1039.parquet"
        found, line = seal.of(path), self.manifest("1032-1039.parquet")
        quoted = path.replace("'", "''")
        text = json.dumps(found, separators=(",", ":")).replace("'", "''")
        pattern = quoted.replace("[a]", "[[]a]")
        sql(
            f"COPY (SELECT * FROM '{pattern}' WHERE ledger <> {ledger}) TO '{quoted}.other' "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{soroban_pipes: '{text}'}})"
        )
        os.rename(f"{path}.other", path)
        line |= {"bytes": os.path.getsize(path), "sha256": seal.sha256(path)}
        with open(f"{self.out}/_manifest/1032-1039.parquet.json", "w", encoding="utf-8") as file:
            json.dump(line, file)
        done = self.check("--ledgers", "1024-1051", status=3)
        self.assertEqual(done.stdout, "1032-1039\n")
        self.assertIn(f"1032-1039.parquet: lacks the records of ledgers {ledger}", done.stderr)

    def test_compacting_keeps_every_row_and_proof(self):
        into = f"{self.folder}/into"
        before = digests(self.out)
        self.run_backfill("compact", "--out", self.out, "--into", into, "--size", "16")
        self.assertEqual(list(digests(into)), ["1024-1039.parquet", "1040-1051.parquet"])
        self.assertEqual(digests(self.out), before)
        self.check("--ledgers", "1024-1051", out=into)

        def rows(folder):
            place = folder.replace("'", "''").replace("[a]", "[[]a]")
            return sql(f"SELECT * FROM '{place}/*.parquet' ORDER BY toid")

        self.assertEqual(rows(into), rows(self.out))
        # Merging again changes nothing; a range with a gap or a damaged file is not merged.
        self.assertEqual(self.run_backfill("compact", "--out", self.out, "--into", into, "--size", "16").stderr, "")
        os.unlink(f"{self.out}/1032-1039.parquet")
        done = self.run_backfill("compact", "--out", self.out, "--into", f"{into}2", "--size", "12", status=2)
        done = self.run_backfill("compact", "--out", self.out, "--into", f"{into}2", "--size", "2000", status=3)
        self.assertIn("1032-1039 is missing", done.stderr)
        self.make("1032-1039")
        os.truncate(f"{self.out}/1040-1047.parquet", 500)
        done = self.run_backfill("compact", "--out", self.out, "--into", f"{into}2", "--size", "2000", status=3)
        self.assertIn("1040-1047.parquet", done.stderr)
        self.run_backfill("compact", "--out", self.out, "--into", self.out, "--size", "16", status=2)


@needs("zstd")
class Estimate(FolderCase):
    def test_what_is_told_is_what_a_longer_run_takes(self):
        """A quarter of a lake is measured, then the whole is made: counts agree within a tenth, processor time within a third."""
        lake = repeated_lake(f"{self.folder}/lake", 5600, first=5600, per_object=7, per_partition=100)
        done = self.run_backfill(
            "estimate", "--ledgers", "5600-11199", "--lake", lake, "--format", "ndjson.zst", "--sample", "2", "--piece", "700", "--json",
            "--price-hour", "0.1", "--price-request", "0.4", "--price-read", "2", "--price-month", "3",
        )  # fmt: skip
        told = json.loads(done.stdout)
        total = told["estimate"]
        self.assertEqual(sum(piece["ledgers"] for piece in told["sample"]), 1400)
        before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        for ledgers in self.run_backfill("plan", "5600-11199", "--lake", lake).stdout.split():
            self.make(ledgers, "-q", "--format", "ndjson.zst", lake=lake)
        used = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before
        self.assertAlmostEqual(total["processor_seconds"] / used, 1, delta=0.34)
        sums = json.loads(self.check("--json").stdout)
        sizes = [os.path.getsize(f"{folder}/{name}") for folder, _, names in os.walk(lake) for name in names if "--" in name]
        for name, real in [
            ("records", sums["records"]), ("bytes_written", sums["bytes"]), ("objects", len(sizes)), ("bytes_read", sum(sizes)),
        ]:  # fmt: skip
            self.assertAlmostEqual(total[name] / real, 1, delta=0.1, msg=name)
        money = told["money"]
        self.assertAlmostEqual(money["requests"], total["objects"] / 1000 * 0.4)
        self.assertAlmostEqual(money["processors"], total["processor_seconds"] / 3600 * 0.1)
        self.assertAlmostEqual(money["reading"], total["bytes_read"] / 1e9 * 2)
        self.assertAlmostEqual(money["keeping_for_a_month"], total["bytes_written"] / 1e9 * 3)

    def test_the_page_names_what_is_told(self):
        """The page's command, on other ledgers, gives every number of the result."""
        with open(f"{ROOT}/scripts/deploy/costs/README.md", encoding="utf-8") as file:
            page = file.read()
        command = re.search(r"(?:^    .*\n)+", page, re.MULTILINE)[0].replace("\\\n", " ")
        for wanted, given in [("50457424-58063999", "1024-1051"), ("s3://bucket/ledgers", LAKE), ("parquet", "ndjson.zst"), ("20", "2")]:
            self.assertIn(f" {wanted} ", command)
            command = command.replace(f" {wanted} ", f" {given} ")
        program, *words = command.split()
        self.assertEqual(program, "soroban-backfill")
        told = json.loads(self.run_backfill(*words, "--json").stdout)
        for name in [*told["estimate"], *told["money"]]:
            self.assertTrue(f"`{name}`" in page or name == "ledgers", name)
        self.assertIn("\nhours, 16 workers ", self.run_backfill(*words).stdout)


if __name__ == "__main__":
    unittest.main()
