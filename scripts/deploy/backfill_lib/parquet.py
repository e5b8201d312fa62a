"""Writes lines of records into a Parquet file with DuckDB, in bounded memory."""

import functools
import os
import subprocess
import tempfile

from . import DATA, FILES, Problem, seal, tool
from .pipeline import Process
from .table import Table, quoted

# The amount of lines that is examined first, to compute the number of rows per row group.
SAMPLE = 8 << 20
ROW_GROUP_BYTES = 128 << 20
# The uncompressed size of a row in a row group, per byte of its line: the member names are not stored.
SHARE = 0.65
# The number of rows in a vector of DuckDB.
VECTOR = 2048
LARGEST_ROW_GROUP = 512 * VECTOR
LARGEST_LINE = 64 << 20
MEMORY = "2GB"


def settings(memory, folder):
    # More threads need more memory, and the tools use the other processors.
    threads = max(1, min(2, os.cpu_count() or 1))
    return (
        f"SET memory_limit = {quoted(memory)}; SET threads = {threads}; SET temp_directory = {quoted(folder)}; "
        "SET TimeZone = 'UTC'; SET preserve_insertion_order = true; SET enable_progress_bar = false; "
    )


def command(sql, path=None):
    """DuckDB and its arguments, for the given statements or those of a file."""
    statements = ["-f", path] if path else ["-c", sql]
    return ["duckdb", "-bail", "-batch", "-init", os.devnull, "-csv", "-noheader", "-nullvalue", "", *statements]


def ask(sql, memory=MEMORY):
    """The rows of a query, as texts."""
    with tempfile.TemporaryDirectory(prefix="soroban-backfill-") as folder:
        arguments = command(settings(memory, folder) + sql)
        done = subprocess.run(
            [tool("duckdb"), *arguments[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False
        )
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["it failed"]
        raise Problem(f"duckdb: {lines[0]}", DATA)
    return [line.split(",") for line in done.stdout.decode(errors="replace").splitlines()]


@functools.cache
def table(by, style):
    return Table(by, style)


class Rows:
    """A sink that converts lines to rows. DuckDB starts at once, but gets its statement after a sample of the lines."""

    def __init__(self, request, memory, folder):
        self.request = request
        self.waiting = []
        self.size = 0
        self.table = None
        # It reads its statements from a pipe, whose name every program can open; it ends together with the worker.
        self.statements, self.sender = os.pipe()
        os.write(self.sender, settings(memory, folder).encode())
        words = command(None, f"/proc/{os.getpid()}/fd/{self.statements}")
        self.process = Process(words, None, output=self.output())

    def descriptor(self):
        return self.process.descriptor() if self.table else None

    def write(self, part):
        if self.table:
            self.process.write(part)
            return
        self.waiting.append(bytes(part))
        self.size += len(part)
        if self.size >= SAMPLE:
            self.start()

    def source(self):
        return f"read_ndjson('/dev/stdin', columns = {self.table.structure()}, maximum_object_size = {LARGEST_LINE})"

    def start(self):
        sample = b"".join(self.waiting)
        self.waiting = []
        head = sample[:SAMPLE]
        rows = int(ROW_GROUP_BYTES / SHARE * max(1, head.count(b"\n")) / max(1, len(head))) // VECTOR * VECTOR
        self.table = table(self.request["by"], self.request["style"])
        with open(self.sender, "wb") as sender:
            self.sender = None
            sender.write(self.copy(max(VECTOR, min(rows, LARGEST_ROW_GROUP))).encode() + b";\n")
        self.process.write(sample)

    def close(self, failed):
        try:
            if not self.table and not failed:
                self.start()
            return self.process.close(failed)
        except BrokenPipeError:
            return self.process.close(None) or Problem("duckdb ended too early", FILES)
        finally:
            os.close(self.statements)
            if self.sender is not None:
                os.close(self.sender)

    def output(self):
        # DuckDB prints the number of rows.
        return subprocess.DEVNULL


class File(Rows):
    """A Parquet file with reserved space for its seal, which is known at the end."""

    def __init__(self, request, path, place, memory, folder):
        super().__init__(request, memory, folder)
        self.path, self.place = path, place
        self.token = os.urandom(32).hex()

    def copy(self, rows):
        options = (
            f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {rows}, USE_TMP_FILE false, "
            f"KV_METADATA {{{seal.KEY}: {quoted(self.token.ljust(self.place))}}}"
        )
        return f"COPY (SELECT {self.table.select()} FROM {self.source()}) TO {quoted(self.path)} ({options})"

    def put(self, content):
        seal.into_parquet(self.path, self.token.encode(), self.place, content)


class Lines(Rows):
    """The rows as lines of JSON on standard output, for programs that write tables themselves."""

    def copy(self, rows):
        return f"COPY (SELECT {self.table.select(for_lines=True)} FROM {self.source()}) TO '/dev/stdout' (FORMAT json)"

    def output(self):
        return None
