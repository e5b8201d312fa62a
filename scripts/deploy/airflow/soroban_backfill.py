"""An Airflow DAG: a mapped task for each range of ledgers, and finally a check of all ranges.

Put it into the folder of DAGs and pass its parameters: `airflow dags trigger soroban_backfill --conf '{"ledgers": "…"}'`.
soroban-backfill, the tools and duckdb must be on the PATH of the workers, or the Airflow variable `soroban_backfill` names the
program.

A range with bad data (exit status 3) fails at once; other failures are retried. To run failed tasks again, clear them: existing
complete files are kept.
"""

import datetime
import os
import subprocess

from airflow.exceptions import AirflowFailException
from airflow.sdk import Param, dag, get_current_context, task

PROGRAM = os.environ.get("SOROBAN_BACKFILL", "soroban-backfill")
BAD_DATA = 3
# The number of ranges processed at the same time, over all machines.
AT_ONCE = 8


def run(*words):
    """Runs the program without a shell; its messages go to the log of the task."""
    done = subprocess.run([*PROGRAM.split(), *words], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode == BAD_DATA:
        raise AirflowFailException(f"bad data: {' '.join(words)}: {done.stdout[:2000]}")
    if done.returncode:
        raise RuntimeError(f"status {done.returncode}: {' '.join(words)}")
    return done.stdout


def chosen():
    """The parameters of this run, as command-line arguments."""
    params = get_current_context()["params"]
    words = ["--out", params["out"]]
    return params, words


@dag(
    schedule=None,
    catchup=False,
    max_active_tasks=AT_ONCE,
    default_args={"retries": 3, "retry_delay": datetime.timedelta(minutes=5), "retry_exponential_backoff": True},
    params={
        "ledgers": Param("58000000-58063999", type="string", pattern="^[0-9]+-[0-9]+$"),
        "size": Param(64000, type="integer", minimum=1),
        "lake": Param("s3://aws-public-blockchain/v1.1/stellar/ledgers/pubnet", type="string"),
        "out": Param("/srv/soroban/invocations", type="string"),
        "by": Param("invocation", enum=["invocation", "event"]),
        "format": Param("parquet", enum=["parquet", "ndjson.zst", "xdr.zst"]),
        "filter": Param("", type="string"),
    },
    doc_md=__doc__,
)
def soroban_backfill():
    @task
    def plan():
        params, _ = chosen()
        return run("plan", params["ledgers"], "--size", str(params["size"])).split()

    @task(map_index_template="{{ ledgers }}")
    def work(ledgers):
        get_current_context()["ledgers"] = ledgers
        params, words = chosen()
        words += ["--ledgers", ledgers, "--lake", params["lake"], "--by", params["by"], "--format", params["format"]]
        run(*words, f"--filter={params['filter']}")

    @task
    def check():
        params, words = chosen()
        run("check", *words, "--ledgers", params["ledgers"])

    work.expand(ledgers=plan()) >> check()


soroban_backfill()
