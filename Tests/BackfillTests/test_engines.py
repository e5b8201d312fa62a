"""Engines that run soroban-backfill as their unit of work: each makes the same files, and a failing range fails alone."""

import contextlib
import getpass
import glob
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import unittest

from common import BACKFILL, LAKE, PROGRAMS, ROOT, FolderCase, call, digests, needs, needs_duckdb, repeated_lake, wait_until

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
AIRFLOW = shutil.which("airflow") or f"{PROGRAMS}/airflow/bin/airflow"
DASK = f"{PROGRAMS}/dask/bin/python3"
SIZE = "8"


class Engine(FolderCase):
    """Each engine makes the ranges of a lake; a part of it is killed halfway, and it runs again."""

    def setUp(self):
        super().setUp()
        self.reference = f"{self.folder}/reference"
        self.out, reference = self.reference, self.out
        self.make_all(SIZE, "--format", "ndjson.zst")
        self.out = reference

    def is_the_same(self):
        self.check("--ledgers", "1024-1051")
        self.assertEqual(digests(self.out), digests(self.reference))

    def damaged_lake(self):
        lake = self.copied_lake()
        (name,) = glob.glob("*/*--1034-1035.xdr.zst", root_dir=lake)
        os.truncate(f"{lake}/{name}", os.path.getsize(f"{lake}/{name}") - 50)
        return lake

    def is_the_same_but_for_the_damaged(self):
        self.assertEqual(self.check("--ledgers", "1024-1051", status=3).stdout, "1032-1039\n")
        wanted = digests(self.reference)
        del wanted["1032-1039.ndjson.zst"]
        self.assertEqual(digests(self.out), wanted)


@needs("zstd")
class Numbered(Engine):
    """Tasks that know their index, like those of an Indexed Job of Kubernetes or an array job of AWS Batch."""

    def task(self, index, **options):
        words = ["-q", "--size", SIZE, "--index", index, "--format", "ndjson.zst"]
        return self.make("1024-1051", *words, **options)

    def test_each_number_makes_its_range(self):
        # An index may run twice, and in any order.
        for index in (2, 0, 3, 2, 1):
            self.task(index)
        self.task(4, status=2)
        self.is_the_same()

    def test_a_damaged_object_fails_its_number_and_no_other(self):
        lake = self.damaged_lake()
        for index in range(4):
            self.task(index, lake=lake, status=3 if index == 1 else 0)
        self.is_the_same_but_for_the_damaged()

    def test_killed_half_way(self):
        """Each task is killed with its children while its file grows, and its index runs again, as with a real engine."""
        lake = repeated_lake(f"{self.folder}/lake", 2800, first=2800, per_object=4, per_partition=70)
        words = [sys.executable, BACKFILL, "-q", "--ledgers", "2800-5599", "--size", "1400", "--lake", lake, "--format", "ndjson.zst"]
        for index, ledgers in enumerate(("2800-4199", "4200-5599")):
            command = [*words, "--out", self.out, "--index", str(index)]
            for _ in range(20):
                if self.was_killed(command, f"{ledgers}.ndjson.zst"):
                    break
            else:
                self.fail("the task was always faster")
            missing = self.check("--ledgers", "2800-5599", status=3).stdout
            self.assertEqual(missing, f"{ledgers.split('-')[0]}-5599\n")
            self.assertEqual(call(*command).returncode, 0)
        self.check("--ledgers", "2800-5599")
        self.assertEqual([name for name in os.listdir(self.out) if name.startswith(".part")], [])
        made = digests(self.out)
        for ledgers in ("2800-4199", "4200-5599"):
            self.assertEqual(call(*words[:3], "--ledgers", ledgers, *words[7:], "--out", f"{self.folder}/other").returncode, 0)
        self.assertEqual(digests(f"{self.folder}/other"), made)

    def was_killed(self, command, name):
        """Starts a task, and kills it when its file has grown. Returns False, and removes the file, if the file was complete."""
        task = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)

        def has_begun():
            with contextlib.suppress(FileNotFoundError):
                return task.poll() is not None or any(os.stat(path).st_size for path in glob.glob(f"{glob.escape(self.out)}/.part-*"))

        wait_until(has_begun, "a part of the file")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(task.pid, signal.SIGKILL)
        task.wait()
        if not os.path.exists(f"{self.out}/{name}"):
            return True
        os.unlink(f"{self.out}/{name}")
        return False


@needs("parallel", "zstd")
class Parallel(Engine):
    def parallel(self, *options, lake=LAKE, ranges=None):
        words = [sys.executable, BACKFILL, "-q", "--lake", lake, "--out", self.out, "--format", "ndjson.zst", "--ledgers"]
        ranges = ranges or self.run_backfill("plan", "1024-1051", "--size", SIZE).stdout
        command = ["parallel", "--will-cite", "--quote", *options, *words, "{}"]
        environment = os.environ | {"HOME": self.folder}
        return subprocess.run(command, input=ranges, text=True, capture_output=True, env=environment, check=False)

    def test_on_one_machine(self):
        done = self.parallel("--jobs", "2", "--halt", "never")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.is_the_same()

    def test_a_damaged_object_fails_its_range_and_no_other(self):
        done = self.parallel("--jobs", "2", lake=self.damaged_lake())
        # The status of GNU parallel is the number of failed jobs.
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("--1034-1035.xdr.zst", done.stderr)
        self.is_the_same_but_for_the_damaged()
        # The ranges that check prints are the next input.
        holes = self.check("--ledgers", "1024-1051", status=3).stdout
        self.assertEqual(self.parallel(ranges=holes).returncode, 0)
        self.is_the_same()

    @needs_duckdb
    def test_the_commands_of_the_page(self):
        """The commands for one machine, unchanged except for the three variables."""
        with open(f"{ROOT}/scripts/deploy/parallel/README.md", encoding="utf-8") as file:
            blocks = re.findall(r"(?:^    .*\n)+", file.read(), re.MULTILINE)
        self.assertEqual([line.split("=")[0] for line in blocks[0].split()], ["ledgers", "lake", "out"])
        make, fill, check = (block for block in blocks[1:] if "--sshlogin" not in block)
        folder = f"{self.folder}/path"
        os.mkdir(folder)
        with open(f"{folder}/soroban-backfill", "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(BACKFILL)} "$@"\n')
        os.chmod(file.name, 0o755)

        def run(command, lake, status=0):
            variables = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": self.folder, "ledgers": "1024-1051", "lake": lake, "out": self.out}
            done = call("sh", "-c", command, env=os.environ | variables, cwd=self.folder)
            self.assertEqual(done.returncode, status, done.stderr)
            return done

        damaged = self.damaged_lake()
        ranges = self.run_backfill("plan", "1024-1051", "--lake", damaged).stdout.split()
        self.assertIn("--1034-1035.xdr.zst", run(make, damaged, status=1).stderr)
        with open(f"{self.folder}/jobs", encoding="utf-8") as file:
            names, *rows = (line.rstrip("\n").split("\t") for line in file)
        self.assertEqual(sorted(row[names.index("Exitval")] for row in rows), ["0"] * (len(ranges) - 1) + ["3"])
        (hole,) = run(check, damaged, status=3).stdout.split()
        self.assertIn(hole, ranges)
        run(fill, LAKE)
        self.assertEqual(run(check, LAKE).stdout, "")
        # Nothing is missing, so nothing runs.
        before = {name: os.stat(f"{self.out}/{name}").st_mtime_ns for name in os.listdir(self.out)}
        run(fill, f"{self.folder}/none")
        self.assertEqual({name: os.stat(f"{self.out}/{name}").st_mtime_ns for name in os.listdir(self.out)}, before)
        made, self.out = digests(self.out), f"{self.folder}/other"
        for ledgers in ranges:
            self.make(ledgers, "-q")
        self.assertEqual(digests(self.out), made)

    @unittest.skipUnless(os.environ.get("BACKFILL_LONG"), "BACKFILL_LONG is not set")
    def test_killed_half_way(self):
        lake = repeated_lake(f"{self.folder}/lake", 560, first=560, per_object=4, per_partition=7)
        ranges = self.run_backfill("plan", "560-1119", "--size", "56").stdout
        words = ["parallel", "--will-cite", "--quote", "--jobs", "2", sys.executable, BACKFILL, "-q", "--lake", lake, "--out", self.out]
        words += ["--format", "ndjson.zst", "--ledgers", "{}"]
        environment = os.environ | {"HOME": self.folder}
        first = subprocess.Popen(words, stdin=subprocess.PIPE, text=True, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
        first.stdin.write(ranges)
        first.stdin.close()
        wait_until(lambda: len(glob.glob("*.zst", root_dir=self.out)) >= 3, "three files")
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        self.assertEqual(subprocess.run(words, input=ranges, text=True, env=environment, check=False).returncode, 0)
        self.check("--ledgers", "560-1119")
        self.out, made = f"{self.folder}/other", digests(self.out)
        for ledgers in ranges.split():
            self.make(ledgers, "-q", "--format", "ndjson.zst", lake=lake)
        self.assertEqual(digests(self.out), made)

    @unittest.skipUnless(SSHD and shutil.which("ssh-keygen"), "sshd is not installed")
    def test_on_two_hosts(self):
        """Two servers on this machine, each with its own address and key."""
        folder = os.path.dirname(self.folder)
        # sshd requires folders that only their owner can write.
        os.chmod(folder, 0o700)
        for name in ("host", "user"):
            call("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{name}")
        shutil.copy(f"{folder}/user.pub", f"{folder}/authorized")
        os.makedirs("/run/sshd", exist_ok=True)
        logins = []
        for address in ("127.0.0.1", "127.0.0.2"):
            with socket.socket() as probe:
                probe.bind((address, 0))
                port = probe.getsockname()[1]
            config = (
                f"Port {port}\nListenAddress {address}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\nStrictModes no\n"
                f"PidFile none\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\nSetEnv PATH={os.environ['PATH']} NETWORK_PASSPHRASE=local\n"
            )
            with open(f"{folder}/sshd-{address}", "w", encoding="utf-8") as file:
                file.write(config)
            log = open(f"{folder}/log-{address}", "wb")
            self.addCleanup(log.close)
            server = subprocess.Popen([SSHD, "-D", "-e", "-f", file.name], stderr=log)
            self.addCleanup(server.wait)
            self.addCleanup(server.terminate)

            def answers(address=address, port=port):
                with contextlib.suppress(OSError), socket.create_connection((address, port), 5):
                    return True

            wait_until(answers, "sshd")
            options = f"-i {folder}/user -p {port} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
            logins += ["--sshlogin", f"1/ssh {options} {getpass.getuser()}@{address}"]
        done = self.parallel(*logins, "--joblog", f"{folder}/jobs")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.is_the_same()
        with open(f"{folder}/jobs", encoding="utf-8") as file:
            hosts = {line.split("\t")[1] for line in file.readlines()[1:]}
        self.assertEqual(len(hosts), 2, hosts)


@unittest.skipUnless(os.path.exists(AIRFLOW), "airflow is not installed")
@needs("zstd")
class Airflow(Engine):
    def dag(self, lake=LAKE):
        import json

        home = f"{os.path.dirname(self.folder)}/airflow"
        environment = os.environ | {
            "AIRFLOW_HOME": home, "AIRFLOW__CORE__LOAD_EXAMPLES": "False", "AIRFLOW__CORE__DAGS_FOLDER": f"{ROOT}/scripts/deploy/airflow",
            "AIRFLOW__DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "1", "SOROBAN_BACKFILL": f"{sys.executable} {BACKFILL}",
            "PATH": f"{os.path.dirname(AIRFLOW)}:{os.environ['PATH']}", "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        if not os.path.exists(home):
            made = call(AIRFLOW, "db", "migrate", env=environment)
            self.assertEqual(made.returncode, 0, made.stderr[-3000:])
        conf = json.dumps({"ledgers": "1024-1051", "size": int(SIZE), "lake": lake, "out": self.out, "format": "ndjson.zst"})
        return call(AIRFLOW, "dags", "test", "--conf", conf, "soroban_backfill", env=environment)

    def test_mapped_tasks(self):
        done = self.dag()
        self.assertEqual(done.returncode, 0, done.stdout[-3000:] + done.stderr[-3000:])
        self.is_the_same()
        # Again, after a file was removed.
        os.unlink(f"{self.out}/1040-1047.ndjson.zst")
        self.assertEqual(self.dag().returncode, 0)
        self.is_the_same()

    def test_a_damaged_object_fails_its_range_and_no_other(self):
        done = self.dag(self.damaged_lake())
        said = done.stdout + done.stderr
        self.assertIn("--1034-1035.xdr.zst", said)
        self.assertIn("state=failed", said.replace("state:failed", "state=failed").replace("'failed'", "state=failed"))
        self.is_the_same_but_for_the_damaged()


@unittest.skipUnless(os.path.exists(DASK), "dask.distributed is not installed")
@needs("zstd")
class Dask(Engine):
    def dask(self, lake=LAKE):
        words = [DASK, f"{ROOT}/scripts/deploy/dask/backfill.py", "--worker", f"{shlex.quote(sys.executable)} {shlex.quote(BACKFILL)}"]
        words += ["--size", SIZE, "--retries", "0", "1024-1051", "--lake", lake, "--out", self.out, "--format", "ndjson.zst"]
        return call(*words, cwd=self.folder)

    def test_ranges(self):
        done = self.dask()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.is_the_same()

    def test_a_damaged_object_fails_its_range_and_no_other(self):
        done = self.dask(self.damaged_lake())
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("1032-1039 failed with status 3", done.stderr)
        self.is_the_same_but_for_the_damaged()


if __name__ == "__main__":
    unittest.main()
