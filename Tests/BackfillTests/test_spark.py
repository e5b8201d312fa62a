"""The job for Spark, on local clusters: its rows are those of the shell, whatever is killed meanwhile."""

import contextlib
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import unittest

from common import BACKFILL, LAKE, PROGRAMS, ROOT, FolderCase, call, needs_duckdb, repeated_lake, sql, wait_until

HOME = f"{PROGRAMS}/spark"
SUBMIT = shutil.which("spark-submit") or f"{HOME}/bin/spark-submit"
JOB = f"{ROOT}/scripts/deploy/spark/backfill.py"
needs_spark = unittest.skipUnless(os.path.exists(SUBMIT) and shutil.which("java"), "spark-submit or java is not installed")


def descendants(root):
    """The descendants of a process, with their command lines."""
    parents, commands = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError):
                with open(f"/proc/{name}/stat", "rb") as file:
                    parents[int(name)] = int(file.read().rpartition(b")")[2].split()[1])
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    commands[int(name)] = file.read().replace(b"\0", b" ").decode(errors="replace")
    found, level = {}, {root}
    while level:
        level = {child for child, parent in parents.items() if parent in level}
        found |= {child: commands.get(child, "") for child in level}
    return found


@needs_spark
@needs_duckdb
class Spark(FolderCase):
    def environment(self, path=None):
        python = f"{HOME}/bin/python3" if os.path.exists(f"{HOME}/bin/python3") else sys.executable
        return os.environ | {
            "PYSPARK_PYTHON": python, "PYSPARK_DRIVER_PYTHON": python, "SPARK_LOCAL_IP": "127.0.0.1", "PATH": path or os.environ["PATH"],
            "SPARK_LOCAL_DIRS": self.scratch, "SPARK_WORKER_DIR": self.scratch, "TMPDIR": self.scratch,
        }  # fmt: skip

    def setUp(self):
        super().setUp()
        self.scratch = f"{os.path.dirname(self.folder)}/scratch"
        os.mkdir(self.scratch)
        # Spark reads the path of its files as a URL, in which brackets and quotes would be escaped.
        self.out = f"{self.scratch}/out"

    def submit(self, *arguments, master="local[2]", lake=LAKE, path=None):
        command = [SUBMIT, "--master", master, "--conf", "spark.ui.enabled=false", "--conf", "spark.executor.memory=1g", JOB]
        command += ["--lake", lake, "--out", self.out, "--worker", f"{sys.executable} {BACKFILL}", *arguments]
        self.log = open(f"{self.scratch}/log", "w+", encoding="utf-8", errors="replace")
        self.addCleanup(self.log.close)
        process = subprocess.Popen(command, env=self.environment(path), stdout=self.log, stderr=self.log, cwd=self.scratch, start_new_session=True)

        def end():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

        self.addCleanup(end)
        return process

    def ended(self, process, status=0):
        process.wait(600)
        self.log.seek(0)
        text = self.log.read()
        self.assertEqual(process.returncode, status, text[-5000:])
        return "".join(line + "\n" for line in text.splitlines() if line.startswith("backfill.py: "))

    def rows_are_those_of_the_shell(self, ranges, lake, *arguments):
        spark, self.out = self.out, f"{self.folder}/shell"
        for ledgers in ranges:
            self.make(ledgers, "-q", *arguments, lake=lake)
        shell = self.out.replace("'", "''").replace("[a]", "[[]a]")
        self.out = spark
        theirs = f"(SELECT * EXCLUDE (range) FROM read_parquet('{spark}/range=*/*.parquet', hive_partitioning = true))"
        ours = f"(SELECT * FROM '{shell}/*.parquet')"
        query = "SELECT count(*) n, bit_xor(hash(part))::VARCHAR hash, sum(hash(part))::VARCHAR sums FROM {} part"
        one, other = sql(query.format(theirs)), sql(query.format(ours))
        self.assertEqual(one, other)
        self.assertGreater(int(one[0]["n"]), 0)
        self.assertEqual(sql(f"SELECT count(*) n FROM (FROM {theirs} EXCEPT ALL FROM {ours})")[0]["n"], "0")

    def test_rows_and_types_are_those_of_the_shell(self):
        self.ended(self.submit("--ledgers", "1024-1051", "--size", "8", "--footprint-ops"))
        self.check("--ledgers", "1024-1051")
        self.rows_are_those_of_the_shell(["1024-1051"], LAKE, "--footprint-ops")
        types = {row["name"]: row for row in sql(f"SELECT name, type, logical_type FROM parquet_schema('{self.out}/range=1024-1031/*.parquet')")}
        self.assertIn("isAdjustedToUTC=1", types["closed_at"]["logical_type"])
        self.assertEqual(types["toid"]["type"], "INT64")
        self.assertEqual(sql(f"SELECT DISTINCT compression FROM parquet_metadata('{self.out}/range=*/*.parquet')"), [{"compression": "ZSTD"}])
        # A second run does nothing; a missing file is noticed and made again.
        before = sorted(glob.glob(f"{self.out}/range=*/*.parquet"))
        self.assertEqual(self.ended(self.submit("--ledgers", "1024-1051", "--size", "8", "--footprint-ops")).count("is there"), 4)
        self.assertEqual(sorted(glob.glob(f"{self.out}/range=*/*.parquet")), before)
        shutil.rmtree(f"{self.out}/range=1032-1039")
        self.assertEqual(self.check("--ledgers", "1024-1051", status=3).stdout, "1032-1039\n")

    def test_a_damaged_object_fails_its_range_and_no_other(self):
        lake = self.copied_lake()
        (name,) = glob.glob("*/*--1034-1035.xdr.zst", root_dir=lake)
        os.truncate(f"{lake}/{name}", os.path.getsize(f"{lake}/{name}") - 50)
        said = self.ended(self.submit("--ledgers", "1024-1051", "--size", "8", lake=lake), status=3)
        (failed,) = [line for line in said.splitlines() if "failed" in line]
        self.assertIn("1032-1039 failed with status 3", failed)
        self.assertIn("--1034-1035.xdr.zst", failed)
        self.assertEqual(self.check("--ledgers", "1024-1051", status=3).stdout, "1032-1039\n")

    def test_a_missing_tool_fails_the_job(self):
        folder = f"{self.scratch}/path"
        os.mkdir(folder)
        # All tools except one: the project's own folders are also searched, so it must be one that exists nowhere else.
        for place in os.environ["PATH"].split(os.pathsep):
            for program in glob.glob("*", root_dir=place):
                if program != "scval-json" and not os.path.exists(f"{folder}/{program}"):
                    with contextlib.suppress(OSError):
                        os.symlink(os.path.join(place, program), f"{folder}/{program}")
        self.worker_without_tools(folder)
        said = self.ended(self.process, status=4)
        self.assertEqual(said.count("failed with status 4"), 1)
        self.assertFalse(glob.glob(f"{self.out}/range=*"))

    def worker_without_tools(self, folder):
        """The driver finds all tools, to make its schema; the executors lack one."""
        call("cp", "-r", f"{os.path.dirname(BACKFILL)}/backfill_lib", BACKFILL, folder)
        self.process = self.submit("--ledgers", "1024-1031", "--worker", f"env PATH={folder} python3 {folder}/backfill")

    def test_a_missing_worker_fails_the_job(self):
        said = self.ended(self.submit("--ledgers", "1024-1031", "--worker", f"{self.scratch}/none"), status=4)
        self.assertIn("failed with status 4", said)

    def long_lake(self):
        lake = repeated_lake(f"{self.scratch}/lake", 2800, first=2800, per_object=7, per_partition=40)
        return lake, self.run_backfill("plan", "2800-5599", "--size", "280").stdout.split()

    def survives(self, master, kill):
        lake, ranges = self.long_lake()
        process = self.submit("--ledgers", "2800-5599", "--size", "280", "--at-once", "2", master=master, lake=lake)
        # A cluster starts slowly if other programs run.
        wait_until(lambda: process.poll() is not None or glob.glob(f"{self.out}/_manifest/range=*.json"), "a first range", 600)
        self.assertIsNone(process.poll())
        kill(process)
        self.ended(process)
        self.check("--ledgers", "2800-5599")
        self.rows_are_those_of_the_shell(ranges, lake)

    def test_executors_that_are_killed_make_no_difference(self):
        """In a local cluster: kills one executor, and the Python worker of the other."""

        def kill(process):
            found = descendants(process.pid)
            executors = [number for number, line in found.items() if "CoarseGrainedExecutorBackend" in line]
            self.assertEqual(len(executors), 2)
            os.kill(executors[0], signal.SIGKILL)
            victims = [number for number, line in descendants(executors[1]).items() if "pyspark" in line or "backfill" in line]
            for number in victims[:2]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)

        self.survives("local-cluster[2,1,1024]", kill)

    def test_a_worker_that_is_killed_makes_no_difference(self):
        """In a cluster of a master and two workers: kills one worker and its executor."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        spark_class = os.path.join(os.path.dirname(os.path.realpath(SUBMIT)), "spark-class")
        nodes = []

        def start(*words):
            log = open(f"{self.scratch}/node-{len(nodes)}", "wb")
            self.addCleanup(log.close)
            node = subprocess.Popen([spark_class, *words], env=self.environment(), stdout=log, stderr=log, start_new_session=True)
            self.addCleanup(node.wait)
            self.addCleanup(lambda: node.poll() is None and os.killpg(node.pid, signal.SIGKILL))
            nodes.append(node)

        start("org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")
        for _ in range(2):
            start(
                "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1g",
                f"spark://127.0.0.1:{port}",
            )  # fmt: skip

        def kill(process):
            for number in descendants(nodes[1].pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            nodes[1].kill()

        self.survives(f"spark://127.0.0.1:{port}", kill)


if __name__ == "__main__":
    unittest.main()
