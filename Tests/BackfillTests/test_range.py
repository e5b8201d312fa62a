"""One range: the content of its file, when it is made, and which errors end the run."""

import glob
import json
import os
import re
import signal
import subprocess
import sys
import unittest

from common import BACKFILL, LAKE, ROOT, FolderCase, backfill, call, digests, needs, needs_duckdb, plain, sql, unpacked


@needs("zstd")
class Range(FolderCase):
    def test_files_of_records_hold_what_the_tools_write(self):
        for kind, style in [("ndjson.zst", "native"), ("ndjson.zst", "sep51"), ("ndjson.zst", "proto"), ("xdr.zst", "raw")]:
            with self.subTest(kind=kind, style=style):
                self.out = f"{self.folder}/{kind}-{style}"
                self.make("1026-1047", "--format", kind, "--style", style)
                wanted = plain("1026-1047", style=style, output="xdr" if kind == "xdr.zst" else "ndjson")
                self.assertEqual(unpacked(f"{self.out}/1026-1047.{kind}"), wanted)
                line = self.manifest(f"1026-1047.{kind}")
                self.assertEqual((line["ledgers"], line["records"]), (22, len(plain("1026-1047").splitlines())))
                self.assertEqual((line["first_toid"], line["last_toid"]), ("4406636457985", "4496830767105"))
                self.check()

    def test_ranges_may_cut_objects(self):
        """Each object of the lake has two ledgers."""
        for ledgers in ("1025-1050", "1027-1027", "1024-1024", "1051-1051", "1029-1030"):
            self.make(ledgers, "--format", "ndjson.zst")
            self.assertEqual(unpacked(f"{self.out}/{ledgers}.ndjson.zst"), plain(ledgers))
        self.out = f"{self.folder}/pieces"
        for ledgers in ("1024-1026", "1027-1027", "1028-1037", "1038-1051"):
            self.make(ledgers, "--format", "ndjson.zst")
        self.check("--ledgers", "1024-1051")

    def test_conditions_are_those_of_event_filter(self):
        self.make("1024-1051", "--format", "ndjson.zst", "--filter", "--function 'try_*'")
        wanted = plain("1024-1051", conditions=["--function", "try_*"])
        self.assertEqual(unpacked(f"{self.out}/1024-1051.ndjson.zst"), wanted)
        self.assertGreater(len(wanted), 0)

    def test_nothing_reaches_a_shell(self):
        proof = f"{self.folder}/proof"
        trap = f"--function '$(touch {proof})' --function '; touch {proof}'".replace("'s ", " ")
        backfill("--ledgers", "1024-1031", "--lake", LAKE, "--out", self.out, "--format", "ndjson.zst", "--filter", trap)
        backfill("--ledgers", f"1024-1031; touch {proof}", "--lake", LAKE, "--out", self.out)
        self.assertFalse(os.path.exists(proof))

    def test_what_is_there_is_left_alone(self):
        self.make("1024-1031", "--format", "ndjson.zst")
        name = f"{self.out}/1024-1031.ndjson.zst"
        before = os.stat(name)
        self.assertIn("is there", self.make("1024-1031", "--format", "ndjson.zst").stderr)
        self.assertEqual((os.stat(name).st_ino, os.stat(name).st_mtime_ns), (before.st_ino, before.st_mtime_ns))
        # Other options would give another file.
        done = self.make("1024-1031", "--format", "ndjson.zst", "--style", "sep51", status=2)
        self.assertIn("made with other options", done.stderr)
        # If a worker died before its last step, the manifest is repaired from the file.
        line = self.manifest("1024-1031.ndjson.zst")
        os.unlink(f"{self.out}/_manifest/1024-1031.ndjson.zst.json")
        self.assertIn("is there", self.make("1024-1031", "--format", "ndjson.zst").stderr)
        self.assertEqual(self.manifest("1024-1031.ndjson.zst"), line)
        # A damaged file is made again.
        good = digests(self.out)
        with open(name, "r+b") as file:
            file.seek(100)
            file.write(b"damage")
        self.make("1024-1031", "--format", "ndjson.zst")
        self.assertEqual(digests(self.out), good)

    def test_a_damaged_object_fails_its_range_and_no_other(self):
        lake = self.copied_lake()
        (name,) = glob.glob("*/*--1034-1035.xdr.zst", root_dir=lake)
        os.truncate(f"{lake}/{name}", os.path.getsize(f"{lake}/{name}") - 50)
        statuses = {}
        for ledgers in ("1024-1031", "1032-1039", "1040-1047", "1048-1051"):
            done = backfill("--ledgers", ledgers, "--lake", lake, "--out", self.out, "--format", "ndjson.zst")
            statuses[ledgers] = done.returncode
            if done.returncode:
                self.assertIn("--1034-1035.xdr.zst: ", done.stderr)
        self.assertEqual(statuses, {"1024-1031": 0, "1032-1039": 3, "1040-1047": 0, "1048-1051": 0})
        done = self.check("--ledgers", "1024-1051", status=3)
        self.assertEqual(done.stdout, "1032-1039\n")
        self.assertEqual([name for name in os.listdir(self.out) if name.startswith(".part")], [])

    def test_a_missing_ledger_is_bad_data(self):
        lake = self.copied_lake()
        (name,) = glob.glob("*/*--1034-1035.xdr.zst", root_dir=lake)
        os.unlink(f"{lake}/{name}")
        done = self.make("1032-1039", "--format", "ndjson.zst", lake=lake, status=3)
        self.assertIn("1034 to 1035", done.stderr)
        self.make("1024-1060", "--format", "ndjson.zst", status=3)

    def test_another_history_is_bad_data(self):
        lake = self.copied_lake()
        one, other = (glob.glob(f"*/*--{first}-*.zst", root_dir=lake)[0] for first in (1034, 1036))
        os.rename(f"{lake}/{one}", f"{lake}/spare")
        with open(f"{lake}/{other}", "rb") as file, open(f"{lake}/{one}", "wb") as copy:
            copy.write(file.read())
        self.make("1032-1039", "--format", "ndjson.zst", lake=lake, status=3)

    def test_what_is_missing_on_the_machine_fails(self):
        for missing in ("ledger-split", "invocation-extract", "scval-json", "zstd"):
            with self.subTest(missing=missing):
                folder = f"{self.folder}/path-{missing}"
                os.mkdir(folder)
                for name in ("ledger-split", "invocation-extract", "event-filter", "scval-json", "zstd"):
                    if name != missing:
                        found = call("which", name).stdout.strip()
                        os.symlink(found, f"{folder}/{name}")
                # A copy: the script itself would find the module in the project.
                script = f"{folder}/soroban-backfill"
                call("cp", "-r", os.path.dirname(BACKFILL) + "/backfill_lib", folder)
                call("cp", BACKFILL, script)
                command = [sys.executable, script, "--ledgers", "1024-1031", "--lake", LAKE, "--out", self.out, "--format", "ndjson.zst"]
                done = subprocess.run(command, env={"PATH": folder}, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 4, done.stderr)
                self.assertIn(f"{missing} is not installed", done.stderr)
                self.assertEqual(glob.glob("*.zst", root_dir=self.out), [])

    def test_a_tool_that_is_killed_is_no_word_on_the_data(self):
        environment = self.with_program("invocation-extract", "head -c 100 >/dev/null\nkill -9 $$")
        done = self.make("1024-1031", "--format", "ndjson.zst", status=4, env=environment)
        self.assertIn("invocation-extract ended with signal SIGKILL", done.stderr)

    def test_a_full_disk_is_trouble_with_files(self):
        environment = self.with_program("zstd", "head -c 1000\nexit 1")
        self.make("1024-1051", "--format", "ndjson.zst", status=4, env=environment)
        self.assertEqual(glob.glob("*.zst", root_dir=self.out), [])

    def test_a_signal_leaves_nothing(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            # It reads nothing and never ends: only a signal ends the run.
            environment = self.with_program("scval-json", ': >"${0%/*}/started"\nexec tail -f /dev/null', f"path-{number}")
            started = f"{self.folder}/path-{number}/started"
            os.mkfifo(started)
            command = [sys.executable, BACKFILL, "--ledgers", "1024-1031", "--lake", LAKE, "--out", self.out, "--format", "ndjson.zst"]
            with subprocess.Popen(command, env=environment | {"TMPDIR": self.folder}, stderr=subprocess.DEVNULL) as worker:
                with open(started, "rb"):
                    pass
                worker.send_signal(number)
                self.assertEqual(worker.wait(60), 128 + number)
            self.assertEqual([name for name in os.listdir(self.out) if name != "_manifest"], [])
            self.assertEqual(glob.glob("backfill-*", root_dir=self.folder), [])

    def test_wrong_usage(self):
        base = ["--lake", LAKE, "--out", self.out]
        for arguments in [
            ["--ledgers", "9-3", *base], ["--ledgers", "1-4294967296", *base], ["--ledgers", "x", *base], ["--ledgers", "1-2", "--lake", LAKE],
            ["--ledgers", "1-2", "--lake", "gs://bucket", "--out", self.out], [*base, "--ledgers", "1-2", "--filter", "'"],
            [*base, "--ledgers", "1-2", "--style", "proto"], [*base, "--ledgers", "1-2", "--format", "xdr.zst", "--style", "native"],
            [*base, "--ledgers", "1-2", "--index", "0"], [*base, "--ledgers", "1-9", "--size", "3", "--index", "4"],
            [*base, "--ledgers", "1024-1031", "--by", "event", "--footprint-ops"], ["nonsense"], [],
            [*base, "--ledgers", "1024-1031", "--filter", "--contract nonsense"],
        ]:  # fmt: skip
            with self.subTest(arguments=arguments):
                done = backfill(*arguments)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(backfill("--ledgers", "1-2", "--lake", f"{self.folder}/none", "--out", self.out).returncode, 4)

    def test_the_manual_knows_every_option(self):
        with open(f"{ROOT}/man/soroban-backfill.1", encoding="utf-8") as file:
            page = file.read()
        for command in ([], ["plan"], ["check"], ["compact"], ["estimate"], ["stream"], ["columns"]):
            said = self.run_backfill(*command, "--help").stdout
            options = set(re.findall(r"--([a-z][a-z-]+)", said.partition("options:")[2].partition("  backfill --ledgers")[0])) - {"help"}
            self.assertTrue(options)
            for option in options:
                self.assertRegex(page, rf"Fl -{option}\b", f"{command}: --{option}")
            if command:
                self.assertIn(f".Cm {command[0]}\n", page)

    def test_plans_have_round_edges(self):
        self.assertEqual(self.run_backfill("plan", "1026-1051", "--size", "8").stdout.split(), ["1026-1031", "1032-1039", "1040-1047", "1048-1051"])
        self.assertEqual(self.run_backfill("plan", "1026-1051", "--lake", LAKE).stdout.split()[0], "1026-1031")
        self.assertEqual(self.run_backfill("plan", "5-5").stdout, "5-5\n")
        self.assertEqual(self.run_backfill("plan", "1026-1051", "--size", "8", "--index", "3").stdout, "1048-1051\n")
        self.assertEqual(len(self.run_backfill("plan", "0-60000000").stdout.split()), 938)
        self.run_backfill("plan", "1026-1051", "--lake", LAKE, "--size", "5", status=2)
        self.make("1024-1051", "--size", "8", "--index", "1", "--format", "ndjson.zst")
        self.assertEqual(list(digests(self.out)), ["1032-1039.ndjson.zst"])

    def test_a_stream_ends_with_what_it_was(self):
        done = self.run_backfill("stream", "--lake", LAKE, "--format", "ndjson.zst", input="1024-1031\n1040-1047\n")
        lines = done.stdout.encode().splitlines(keepends=True)
        ends = [number for number, line in enumerate(lines) if b'"soroban-pipes.backfill_range.v1"' in line]
        self.assertEqual([(json.loads(lines[number])["first"], json.loads(lines[number])["records"]) for number in ends], [(1024, 29), (1040, 18)])
        self.assertEqual(b"".join(lines[: ends[0]]), plain("1024-1031"))
        self.assertEqual(b"".join(lines[ends[0] + 1 : ends[1]]), plain("1040-1047"))
        # A range that fails ends the run, without such a line.
        done = self.run_backfill("stream", "--lake", LAKE, "--format", "ndjson.zst", input="1024-1031\n1050-1060\n", status=3)
        self.assertEqual(done.stdout.count('"soroban-pipes.backfill_range.v1"'), 1)
        self.assertIn("1050-1060", done.stderr)


@needs_duckdb
class Tables(FolderCase):
    def test_a_failure_of_duckdb_is_trouble_with_files(self):
        """It may end at once, in the middle, or at the end, with or without a message."""
        scripts = "exit 1", "head -c 1000 >/dev/null; exit 1", "cat >/dev/null; exit 1", "exit 0", "cat >/dev/null", "kill -9 $$"
        for number, script in enumerate(scripts):
            with self.subTest(script=script):
                done = self.make("1024-1051", status=4, env=self.with_program("duckdb", script, f"path-{number}"))
                self.assertNotIn("Traceback", done.stderr)
                self.assertEqual(os.listdir(self.out), ["_manifest"])
        done = self.make("1024-1051", "--memory", "nonsense", status=4)
        self.assertIn("duckdb ended with status 1", done.stderr)

    def test_every_kind_of_record_has_its_row(self):
        lake = self.copied_lake()
        self.make("1024-1051", "--footprint-ops", lake=lake)
        rows = sql(f"SELECT kind, count(*) n, count(*) FILTER (successful) ok, sum(fee) fee FROM '{self.quoted()}/*.parquet' GROUP BY 1")
        wanted = {}
        for line in open(f"{ROOT}/testdata/invocations.ndjson", encoding="utf-8"):
            record = json.loads(line)
            sums = wanted.setdefault(list(record)[2], [0, 0, 0])
            sums[0] += 1
            sums[1] += record["meta"]["successful"]
            sums[2] += int(record["meta"]["fee_charged"])
        self.assertEqual({row["kind"]: [int(row["n"]), int(row["ok"]), int(row["fee"])] for row in rows}, wanted)
        self.assertEqual(len(wanted), 5)

    def quoted(self):
        return self.out.replace("'", "''").replace("[a]", "[[]a]")

    def test_columns_hold_what_the_records_say(self):
        """Each column compared with the lines of the same ledgers, for all of testdata, computed in another language."""
        self.make()
        self.maxDiff = None
        rows = sql(
            "SELECT toid, strftime(closed_at, '%Y-%m-%dT%H:%M:%SZ') closed_at, \"function\", arguments::JSON::VARCHAR arguments, return_value, "
            "return_integer, return_decimal, len(events) events, events[1].topics::JSON::VARCHAR topics, events[1].data AS data, "
            f"resources.instructions AS instructions, auth::JSON::VARCHAR auth FROM '{self.quoted()}/*.parquet' ORDER BY toid"
        )
        records = [json.loads(line) for line in plain("1024-1051").splitlines()]
        self.assertEqual(len(rows), len(records))

        def text(value):
            return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

        for row, record in zip(rows, records):
            body = next(part for name, part in record.items() if name not in ("_schema", "meta"))
            self.assertEqual(row["toid"], record["meta"]["toid"])
            self.assertEqual(row["closed_at"], record["meta"]["closed_at"])
            self.assertEqual(row["function"], body.get("function_name", ""))
            self.assertEqual(row["instructions"], str((record["meta"]["resources"] or {}).get("instructions", "")))
            if "arguments" in body:
                self.assertEqual(json.loads(row["arguments"]), [text(value) for value in body["arguments"]])
            self.assertEqual(row["return_value"], text(body.get("return_value")) or "")
            value = body.get("return_value")
            is_integer = isinstance(value, int) and not isinstance(value, bool) or isinstance(value, str) and value.lstrip("-").isdecimal()
            self.assertEqual(row["return_integer"], str(value) if is_integer and str(int(value)) == str(value) else "")
            fits = row["return_integer"] and abs(int(row["return_integer"])) < 10**38
            self.assertEqual(row["return_decimal"], row["return_integer"] if fits else "")
            events = body.get("events") or []
            self.assertEqual(int(row["events"] or 0), len(events))
            if events:
                self.assertEqual(json.loads(row["topics"]), [text(value) for value in events[0]["topics"]])
                self.assertEqual(row["data"], text(events[0]["data"]) or "")

    def test_wide_integers_are_exact(self):
        """A 256-bit number stays text; it is a decimal if it has at most 38 digits."""
        sys.path.insert(0, os.path.dirname(BACKFILL))
        from backfill_lib.table import Table, decimal, integer

        values = [str(1 << 64), str(10**38 - 1), str(10**38), str(-(1 << 255)), str((1 << 256) - 1), "-0", "007", "1e5", " 1", "x"]
        for style in ("native", "sep51"):
            for text in values:
                value = json.dumps(text if style == "native" else {"i256": text}).replace("'", "''")
                number = integer(f"CAST('{value}' AS JSON)", style, False)
                (row,) = sql(f"SELECT {number} AS integer, {decimal(number)} AS decimal")
                good = text in values[:5]
                self.assertEqual(row["integer"], text if good else "")
                self.assertEqual(row["decimal"], text if good and abs(int(text)) < 10**38 else "")
        amount = integer("""CAST('{"map":[{"key":{"symbol":"to"},"val":{"u64":"1"}},{"key":{"symbol":"amount"},"val":{"i128":"-7"}}]}' AS JSON)""", "sep51", True)
        self.assertEqual(sql(f"SELECT {amount} AS n")[0]["n"], "-7")
        self.assertEqual(Table("event", "native").described()[0], ("id", "VARCHAR"))

    def test_files_are_sorted_compressed_and_typed(self):
        self.make()
        name = f"{self.quoted()}/1024-1051.parquet"
        self.assertEqual(sql(f"SELECT DISTINCT compression FROM parquet_metadata('{name}')"), [{"compression": "ZSTD"}])
        (row,) = sql(f"SELECT count(*) n FROM (SELECT ledger < lag(ledger) OVER (ORDER BY file_row_number) AS back FROM read_parquet('{name}', file_row_number = true)) WHERE back")
        self.assertEqual(row["n"], "0")
        types = {row["name"]: row for row in sql(f"SELECT name, type, logical_type, converted_type, precision FROM parquet_schema('{name}')")}
        self.assertIn("isAdjustedToUTC=1", types["closed_at"]["logical_type"])
        self.assertEqual((types["return_decimal"]["converted_type"], types["return_decimal"]["precision"]), ("DECIMAL", "38"))
        self.assertEqual(types["events"]["converted_type"], "LIST")

    def test_the_same_range_gives_the_same_bytes(self):
        self.make("1024-1039")
        first = digests(self.out)
        self.out = f"{self.folder}/other"
        self.make("1024-1039")
        self.assertEqual(digests(self.out), first)

    def test_events_have_their_rows_in_every_style(self):
        lake = f"{self.folder}/events"
        call(sys.executable, f"{ROOT}/scripts/replay", "lake", lake, f"{ROOT}/testdata/events.xdr")
        outs = {}
        for style in ("native", "sep51", "raw"):
            self.out = f"{self.folder}/{style}"
            self.make("2000-2003", "--by", "event", "--style", style, lake=lake)
            outs[style] = sql(f"SELECT id, stage, name, amount, amount_decimal FROM '{self.quoted()}/*.parquet' ORDER BY id, stage")
            self.check()
        self.assertEqual(len(outs["native"]), 38)
        self.assertEqual(outs["native"], outs["sep51"])
        self.assertEqual(sum(row["name"] == "transfer" for row in outs["native"]), 11)
        self.assertTrue(all(row["amount"] == row["amount_decimal"] for row in outs["native"]))
        self.assertEqual({row["amount"] for row in outs["raw"]}, {""})


if __name__ == "__main__":
    unittest.main()
