"""Common parts of the tests of scripts/deploy/backfill. They run the built tools, which are on the PATH."""

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
BACKFILL = f"{ROOT}/scripts/deploy/backfill"
LAKE = f"{ROOT}/testdata/lake"
PROGRAMS = f"{ROOT}/.build/programs"
PATIENCE = 120
os.environ["PATH"] += os.pathsep + f"{PROGRAMS}/bin"
os.environ["NETWORK_PASSPHRASE"] = "local"


def needs(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    return unittest.skipIf(missing, f"{', '.join(missing)} is not installed")


needs_duckdb = needs("duckdb")


def call(*arguments, **options):
    """Runs a program to its end; returns its output and status."""
    return subprocess.run([str(part) for part in arguments], capture_output=True, text=True, timeout=900, check=False, **options)


def backfill(*arguments, **options):
    return call(sys.executable, BACKFILL, *arguments, **options)


def plain(ledgers, *, by="invocation", style="native", lake=LAKE, conditions=(), output="ndjson"):
    """The expected content of a file, made by the tools alone."""
    stages = [["ledger-split", "-q", "--ledgers", ledgers, *(["--soroban"] if by == "invocation" else []), lake]]
    stages.append(["invocation-extract", "--by", by, "-o", output])
    if conditions:
        stages.append(["event-filter", *conditions])
    if style != "raw":
        stages.append(["scval-json", "--style", style])
    data = b""
    for arguments in stages:
        data = subprocess.run(arguments, input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def unpacked(path):
    return subprocess.run(["zstd", "-dqc", path], stdout=subprocess.PIPE, check=True).stdout


def sql(query):
    done = call("duckdb", "-init", os.devnull, "-csv", "-nullvalue", "", "-bail", "-c", f"SET TimeZone = 'UTC'; {query}")
    if done.returncode:
        raise AssertionError(done.stderr)
    return list(csv.DictReader(io.StringIO(done.stdout)))


def digests(folder):
    """The hash of each file of a directory, without the manifest."""
    out = {}
    for name in sorted(os.listdir(folder)):
        if not name.startswith(("_", ".")):
            with open(f"{folder}/{name}", "rb") as file:
                out[name] = hashlib.sha256(file.read()).hexdigest()
    return out


def repeated_lake(path, count, *, per_object=1, per_partition=64000, first=28):
    """The ledgers of testdata, repeated, with consecutive numbers and hashes."""
    done = call(
        sys.executable, f"{ROOT}/scripts/replay", "lake", "--loop", "--first", first, "--count", count, "--ledgers-per-object", per_object,
        "--objects-per-partition", per_partition, path,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(done.stderr)
    return path


def wait_until(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {patience} seconds")
        time.sleep(0.02)
    return found


class FolderCase(unittest.TestCase):
    """A test with its own folder, in which a lake may be changed."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="soroban-backfill-test-")
        self.addCleanup(folder.cleanup)
        # A name with characters that shells and SQL must quote.
        self.folder = f"{folder.name}/it's [a] $(folder)"
        os.mkdir(self.folder)
        self.out = f"{self.folder}/out"

    def with_program(self, name, script, folder="path"):
        """The environment, with a program replaced by a shell script."""
        folder = f"{self.folder}/{folder}"
        os.mkdir(folder)
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(file.name, 0o755)
        return os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}

    def copied_lake(self):
        path = f"{self.folder}/lake"
        shutil.copytree(LAKE, path)
        return path

    def run_backfill(self, *arguments, status=0, **options):
        done = backfill(*arguments, **options)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def make(self, ledgers="1024-1051", *arguments, lake=LAKE, **options):
        return self.run_backfill("--ledgers", ledgers, "--lake", lake, "--out", self.out, *arguments, **options)

    def make_all(self, size=8, *arguments):
        for ledgers in self.run_backfill("plan", "1024-1051", "--size", size).stdout.split():
            self.make(ledgers, "-q", *arguments)

    def check(self, *arguments, out=None, **options):
        return self.run_backfill("check", "--out", out or self.out, *arguments, **options)

    def manifest(self, name):
        with open(f"{self.out}/_manifest/{name}.json", encoding="utf-8") as file:
            return json.load(file)
