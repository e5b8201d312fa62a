"""Workers that are killed at random moments, two at a time on the same ranges."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import unittest

from common import BACKFILL, FolderCase, digests, needs, repeated_lake

# Every test run uses the short form; BACKFILL_LONG selects the full one.
LONG = bool(os.environ.get("BACKFILL_LONG"))
RANGES, KILLS = (100, 20) if LONG else (10, 4)
LEDGERS = 28


@needs("zstd", "xargs")
class Killed(FolderCase):
    def worker(self, ranges, out, kind):
        """A process that works on ranges one after the other, and continues after a failure."""
        command = ["xargs", "-I{}", sys.executable, BACKFILL, "-q", "--ledgers", "{}", "--lake", self.lake, "--out", out, "--format", kind]
        environment = os.environ | {"TMPDIR": self.folder}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        process.stdin.write("".join(f"{ledgers}\n" for ledgers in ranges))
        process.stdin.close()
        self.addCleanup(self.kill, process)
        return process

    def kill(self, process):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def disturbed(self, kind):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        last = LEDGERS * (RANGES + 1) - 1
        self.lake = repeated_lake(f"{self.folder}/lake", LEDGERS * RANGES, first=LEDGERS, per_object=4, per_partition=7)
        ranges = self.run_backfill("plan", f"{LEDGERS}-{last}", "--size", LEDGERS).stdout.split()
        self.assertEqual(len(ranges), RANGES)
        undisturbed = f"{self.folder}/undisturbed"
        begin = time.monotonic()
        self.assertEqual(self.worker(ranges, undisturbed, kind).wait(), 0)
        whole = time.monotonic() - begin

        orders = [ranges, ranges[::-1] if chance.random() < 0.5 else ranges]
        workers = [self.worker(order, self.out, kind) for order in orders]
        left = 0
        for _ in range(KILLS):
            time.sleep(chance.uniform(0, 1.2 * whole / KILLS))
            victim = chance.randrange(2)
            self.kill(workers[victim])
            # A worker that is killed early has not created the folder yet.
            left += os.path.isdir(self.out) and any(name.startswith(".part") for name in os.listdir(self.out))
            workers[victim] = self.worker(orders[victim], self.out, kind)
        for process in workers:
            self.assertEqual(process.wait(), 0, f"seed {seed}")
        self.assertEqual(self.worker(ranges, self.out, kind).wait(), 0)
        self.assertEqual(digests(self.out), digests(undisturbed), f"seed {seed}")
        self.check("--ledgers", f"{LEDGERS}-{last}")
        sums = [json.loads(self.check("--json", out=out).stdout) for out in (self.out, undisturbed)]
        self.assertEqual(*sums)
        self.assertEqual((sums[0]["ledgers"], sums[0]["files"]), (LEDGERS * RANGES, RANGES))
        self.assertEqual([name for name in os.listdir(self.out) if name.startswith(".part")], [], f"seed {seed}")
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("backfill-")], [], f"seed {seed}")
        return left

    def test_two_workers_that_are_killed_make_the_files_of_an_undisturbed_run(self):
        self.disturbed("ndjson.zst")

    @unittest.skipUnless(LONG and shutil.which("duckdb"), "BACKFILL_LONG is not set, or duckdb is not installed")
    def test_so_do_those_that_make_parquet(self):
        self.disturbed("parquet")

    def test_two_workers_on_one_range_do_no_harm(self):
        self.lake = repeated_lake(f"{self.folder}/lake", 560, first=560, per_object=4, per_partition=70)
        workers = [self.worker(["560-1119"], self.out, "ndjson.zst") for _ in range(4)]
        self.assertEqual([process.wait() for process in workers], [0] * 4)
        self.check("--ledgers", "560-1119")
        self.assertEqual(list(os.listdir(self.out)).count("560-1119.ndjson.zst"), 1)


if __name__ == "__main__":
    unittest.main()
