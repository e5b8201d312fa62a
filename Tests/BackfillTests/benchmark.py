"""The cost of soroban-backfill compared with the plain pipeline, and whether the cost is proportional to the range.

  benchmark.py [--ledgers N] [--lake LAKE --first LEDGER] [--turns N]

The ledgers are those of testdata, repeated, unless --lake names a lake. Both commands run in turns, and the fastest runs are
compared, because other programs disturbed them least. Status 1 if the worker takes over 10 % longer, or if eight ranges cost over
20 % more than eight times one.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from common import BACKFILL, repeated_lake

sys.path.insert(0, os.path.dirname(BACKFILL))
from backfill_lib import parquet, pipeline  # noqa: E402
from backfill_lib.table import Table, quoted  # noqa: E402

ALLOWED = 1.10
PROPORTION = 1.20


def plain(lake, first, last, kind, folder, group):
    """The same tools, joined by a shell, writing the same kind of file with the same size of row groups."""
    path = f"{folder}/plain"
    stages = [["ledger-split", "--ledgers", f"{first}-{last}", "--verify", "--soroban", lake]]
    stages += [["invocation-extract", "-o", "xdr"]] if kind == "xdr.zst" else [["invocation-extract"], ["scval-json", "--style", "native"]]
    if kind == "parquet":
        table = Table("invocation", "native")
        source = f"read_ndjson('/dev/stdin', columns = {table.structure()}, maximum_object_size = {parquet.LARGEST_LINE})"
        rows = f"COPY (SELECT {table.select()} FROM {source}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group})"
        stages.append(parquet.command(parquet.settings("2GB", folder) + rows))
    else:
        stages.append(["zstd", "-q", "-c"])
    processes, source = [], None
    with open(path if kind != "parquet" else os.devnull, "wb") as file:
        for number, command in enumerate(stages):
            is_last = number == len(stages) - 1
            process = subprocess.Popen(command, stdin=source, stdout=file if is_last else subprocess.PIPE)
            if source:
                source.close()
            if not is_last:
                pipeline.widen(process.stdout.fileno())
            source = process.stdout
            processes.append(process)
        for command, process in zip(stages, processes):
            if status := process.wait():
                raise SystemExit(f"the plain pipeline failed: {command[0]} ended with status {status}")
    os.unlink(path)


def worker(lake, first, last, kind, folder, group=None):
    command = [sys.executable, BACKFILL, "-q", "--ledgers", f"{first}-{last}", "--lake", lake, "--out", f"{folder}/out", "--format", kind]
    subprocess.run(command, check=True)
    shutil.rmtree(f"{folder}/out")


def rows_of_group(lake, first, last, folder):
    """The number of rows per row group that the worker writes. The last group is written after the last row."""
    command = [sys.executable, BACKFILL, "-q", "--ledgers", f"{first}-{last}", "--lake", lake, "--out", f"{folder}/rows"]
    subprocess.run(command, check=True)
    path = quoted(f"{folder}/rows/{first}-{last}.parquet")
    ((rows,),) = parquet.ask(f"SELECT max(row_group_num_rows) FROM parquet_metadata({path})")
    return int(rows)


def measured(work, *arguments):
    before, begin = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]), time.monotonic()
    work(*arguments)
    return time.monotonic() - begin, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - before


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--ledgers", type=int, default=64000)
    parser.add_argument("--lake")
    parser.add_argument("--first", type=int, default=64000)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory(prefix="soroban-benchmark-") as folder:
        first, last = options.first, options.first + options.ledgers - 1
        lake = options.lake or repeated_lake(f"{folder}/lake", options.ledgers, first=first)
        for kind in ("ndjson.zst", "xdr.zst", "parquet"):
            times = {plain: [], worker: []}
            group = rows_of_group(lake, first, last, folder) if kind == "parquet" else None
            # The first run warms the caches. Short runs are disturbed more, so they are repeated more often.
            for turn in range(options.turns * (2 if kind == "xdr.zst" else 1) + 1):
                for work, found in times.items():
                    taken = measured(work, lake, first, last, kind, folder, group)
                    if turn:
                        found.append(taken)
            wall = {work: min(one for one, _ in found) for work, found in times.items()}
            used = {work: min(one for _, one in found) for work, found in times.items()}
            ratio = wall[worker] / wall[plain]
            pairs = " ".join(f"{one[0] / other[0]:.2f}" for other, one in zip(times[plain], times[worker]))
            print(
                f"{kind}: {options.ledgers} ledgers: plain {wall[plain]:.2f} s ({used[plain]:.2f} s of processor), "
                f"worker {wall[worker]:.2f} s ({used[worker]:.2f} s): wall {ratio:.3f}, processor {used[worker] / used[plain]:.3f}; "
                f"wall of each pair: {pairs}",
                flush=True,
            )
            failed |= ratio > ALLOWED

        size = options.ledgers // 8
        costs = {}
        for number in (1, 2, 4, 8):
            turns = []
            for _ in range(3):
                total = 0.0
                for index in range(number):
                    begin = first + index * size
                    total += measured(worker, lake, begin, begin + size - 1, "ndjson.zst", folder)[1]
                turns.append(total)
            costs[number] = statistics.median(turns)
            print(f"{number} ranges of {size} ledgers: {costs[number]:.2f} s of processor, {costs[number] / costs[1]:.2f} times one", flush=True)
        failed |= costs[8] > 8 * costs[1] * PROPORTION
    return failed


if __name__ == "__main__":
    sys.exit(main())
