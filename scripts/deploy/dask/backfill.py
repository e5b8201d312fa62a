"""soroban-backfill with Dask: a task for each range of ledgers, on a cluster or on this machine.

  python3 backfill.py [--scheduler ADDRESS] [--size N] [--worker PROGRAM] A-B OPTIONS…

OPTIONS are those of soroban-backfill: --lake, --out and so on. Dask retries a task if its worker was lost, but not a range with
bad data (exit status 3). Run it again after any failure: existing complete files are kept. The exit status is 0 if every range is
there; 3 if one failed by its data; 4 if one failed otherwise.
"""

import argparse
import shlex
import subprocess
import sys

from dask.distributed import Client, as_completed


def work(program, ledgers, options):
    """Runs one range in a worker. Returns the status and the messages; raises temporary failures, so that they are retried."""
    done = subprocess.run([*program, "--ledgers", ledgers, *options], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 2, 3):
        raise RuntimeError(f"status {done.returncode}: {done.stderr.strip()[-2000:]}")
    return ledgers, done.returncode, done.stderr.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0], allow_abbrev=False)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a running cluster (default: workers of this machine)")
    parser.add_argument("--size", default="64000", metavar="N", help="ledgers in a range (default: 64000)")
    parser.add_argument("--retries", type=int, default=3, metavar="N", help="how often a range is tried again (default: 3)")
    parser.add_argument("--worker", default="soroban-backfill", metavar="PROGRAM", help="how workers call it (default: soroban-backfill)")
    parser.add_argument("ledgers", metavar="A-B")
    options, rest = parser.parse_known_args()
    program = shlex.split(options.worker)
    planned = subprocess.run([*program, "plan", options.ledgers, "--size", options.size], stdout=subprocess.PIPE, text=True, check=False)
    if planned.returncode:
        return planned.returncode
    worst = 0
    with Client(options.scheduler) if options.scheduler else Client(threads_per_worker=1) as client:
        futures = {
            client.submit(work, program, ledgers, rest, retries=options.retries, key=f"backfill-{ledgers}", pure=False): ledgers
            for ledgers in planned.stdout.split()
        }
        for future in as_completed(futures):
            if future.status == "finished":
                _, status, said = future.result()
            else:
                status, said = 4, f"{future.exception()}"
            if status:
                print(f"backfill.py: {futures[future]} failed with status {status}: {said}", file=sys.stderr)
                worst = 3 if 3 in (status, worst) else status
    return worst


if __name__ == "__main__":
    sys.exit(main())
