"""Writes contract invocations or events of ranges of ledgers into Parquet files with Spark: OUT/range=A-B/part-….parquet.

  spark-submit backfill.py --ledgers A-B --size N --lake LAKE --out OUT [--by event] [--style STYLE] [--filter OPTIONS]

Each range is a job with one task, which pipes it through `soroban-backfill stream`. The rows of a range replace existing ones,
and then a line of the manifest is written, OUT/_manifest/range=A-B.json. A range that has this line is skipped, so that it is
safe to run the script again after any failure. A range that fails is reported with the tools' messages, and the others continue.
`soroban-backfill check --out OUT` checks the result.

The exit status is 0 if every range is there; 3 if one failed by its data; 4 if one failed otherwise.
"""

import argparse
import json
import os
import re
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor

from pyspark import AccumulatorParam
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

HERE = os.path.dirname(os.path.realpath(__file__))
PLACES = (f"{HERE}/..", f"{HERE}/../../libexec/soroban-pipes")
sys.path[:0] = [os.path.realpath(place) for place in PLACES if os.path.isdir(f"{place}/backfill_lib")]

from backfill_lib import DATA, FAILURE, FILES, MARK, Problem, ranges  # noqa: E402
from backfill_lib.table import Table  # noqa: E402

ROW_GROUP_BYTES = 128 << 20
# Variables that the tools and rclone read. RDD.pipe gives an executor no others.
VARIABLES = re.compile(r"PATH|HOME|TMPDIR|NETWORK_PASSPHRASE|NO_SIGN_REQUEST|LC_ALL|LANG|(AWS|RCLONE|GOOGLE|AZURE)_.*")


class Seals(AccumulatorParam):
    """The reports of the streams about their ranges, which do not depend on how often a task runs."""

    def zero(self, value):
        return {}

    def addInPlace(self, one, other):
        one.update(other)
        return one


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0], allow_abbrev=False)
    add = parser.add_argument
    add("--ledgers", required=True, metavar="A-B", help="the ledgers, inclusive at both ends")
    add("--size", type=int, default=64000, metavar="N", help="ledgers in a range (default: 64000)")
    add("--ranges", metavar="FILE", help="only these ranges, one a line, as soroban-backfill check prints them")
    add("--lake", required=True, metavar="LAKE", help="where the ledgers are, as for soroban-backfill")
    add("--out", required=True, metavar="OUT", help="where the files go: any URL that Spark writes to")
    add("--by", choices=["invocation", "event"], default="invocation")
    add("--style", choices=["native", "sep51", "raw"], default="native")
    add("--filter", default="", metavar="OPTIONS", help="options of event-filter, in one word")
    add("--footprint-ops", action="store_true")
    add("--network", metavar="NETWORK")
    add("--worker", default="soroban-backfill", metavar="PROGRAM", help="how executors call it (default: soroban-backfill, on the PATH)")
    add("--at-once", type=int, metavar="N", help="ranges that are worked on at once (default: Spark's parallelism)")
    return parser.parse_args()


class Files:
    """Small files of the output, through Hadoop, in any file system."""

    def __init__(self, spark, out):
        self.hadoop = spark.sparkContext._jvm.org.apache.hadoop
        self.out = out
        self.system = self.path("").getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    def path(self, name):
        return self.hadoop.fs.Path(f"{self.out}/{name}" if name else self.out)

    def exists(self, name):
        return self.system.exists(self.path(name))

    def write(self, name, text):
        """Written to a temporary name and renamed, so that no reader sees an incomplete file."""
        aside = self.path(f"{os.path.dirname(name)}/.part-{os.getpid()}-{os.path.basename(name)}")
        stream = self.system.create(aside, True)
        stream.write(bytearray(text.encode()))
        stream.close()
        self.system.delete(self.path(name), False)
        if not self.system.rename(aside, self.path(name)):
            raise Problem(f"{self.out}/{name}: cannot be written", FILES)


def command(options):
    words = [*shlex.split(options.worker), "stream", "--tell", "--format", "parquet", "--lake", options.lake]
    words += ["--by", options.by, "--style", options.style]
    if options.filter:
        words += [f"--filter={options.filter}"]
    if options.footprint_ops:
        words.append("--footprint-ops")
    if options.network:
        words += ["--network", options.network]
    return shlex.join(words)


def rows_of(lines, seals):
    """Lines of rows; the lines about the range are collected separately. A stream without such a line was incomplete.

    It runs in the executors, which therefore need no module of this project.
    """
    begin, failure = f'{{"_schema":"{MARK}"', f'{{"_schema":"{FAILURE}"'
    whole = False
    for line in lines:
        if line.startswith(begin):
            found = json.loads(line)
            seals.add({f"{found['first']}-{found['last']}": line})
            whole = True
        elif line.startswith(failure):
            raise RuntimeError(line)
        else:
            yield line
    if not whole:
        raise RuntimeError("the worker ended without saying that its range was whole")


def make(spark, options, table, span, seals):
    """Writes the rows of one range, and then its line of the manifest."""
    environment = {name: value for name, value in os.environ.items() if VARIABLES.fullmatch(name)}
    lines = spark.sparkContext.parallelize([ranges.text(span)], 1).pipe(command(options), env=environment, checkCode=True)
    rows = spark.createDataFrame(lines.mapPartitions(lambda part: ((line,) for line in rows_of(part, seals))), "line STRING")
    frame = rows.select(F.from_json("line", table.spark(for_lines=True), {"mode": "FAILFAST"}).alias("row")).select("row.*")
    decimals = {"return_decimal": "return_integer", "amount_decimal": "amount"}
    columns = [
        F.expr(f"try_cast(`{decimals[name]}` AS DECIMAL(38,0))").alias(name) if name in decimals else F.col(f"`{name}`")
        for name, _ in table.described()
    ]
    key = ["ledger", "toid"] if options.by == "invocation" else ["ledger", "id"]
    frame = frame.select(*columns, F.lit(ranges.text(span)).alias("range")).sortWithinPartitions("range", *key)
    writer = frame.write.mode("overwrite").option("partitionOverwriteMode", "dynamic").option("compression", "zstd")
    writer.option("parquet.block.size", ROW_GROUP_BYTES).partitionBy("range").parquet(options.out)


def reason(error):
    """The status and the messages of the tools, from Spark's exception."""
    text = str(error)
    at = text.find(f'{{"_schema":"{FAILURE}"')
    if at >= 0:
        found, _ = json.JSONDecoder().raw_decode(text[at:])
        return found["status"], "; ".join(found["messages"])
    code = re.search(r"exited with error code ([0-9]+)", text)
    lines = [line.strip() for line in text.splitlines() if "Error" in line or "Exception" in line]
    return (int(code[1]) if code else FILES), (lines[-1] if lines else text)[:500]


def main():
    options = arguments()
    first, last = ranges.parse(options.ledgers)
    if options.ranges:
        with open(options.ranges, encoding="utf-8") as file:
            wanted = [ranges.parse(line) for line in file if line.strip()]
    else:
        wanted = list(ranges.plan(first, last, options.size))
    table = Table(options.by, options.style)
    spark = SparkSession.builder.appName("soroban-backfill").config("spark.scheduler.mode", "FAIR").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    files = Files(spark, options.out)
    seals = spark.sparkContext.accumulator({}, Seals())
    worst = 0

    def work(span):
        name = f"range={ranges.text(span)}"
        if files.exists(f"_manifest/{name}.json"):
            return name, None
        make(spark, options, table, span, seals)
        content = json.loads(seals.value[ranges.text(span)])
        files.write(f"_manifest/{name}.json", json.dumps({"_schema": MARK, "file": name, **content}, separators=(",", ":")) + "\n")
        return name, content

    with ThreadPoolExecutor(max(1, options.at_once or spark.sparkContext.defaultParallelism)) as pool:
        for span, future in [(span, pool.submit(work, span)) for span in wanted]:
            try:
                name, content = future.result()
                told = f"{content['records']} records of {content['ledgers']} ledgers" if content else "is there"
                print(f"backfill.py: {name}: {told}", file=sys.stderr, flush=True)
            except Exception as error:  # noqa: BLE001 - one range that fails is no reason to stop the others
                status, said = reason(error)
                print(f"backfill.py: {ranges.text(span)} failed with status {status}: {said}", file=sys.stderr, flush=True)
                worst = DATA if DATA in (status, worst) else FILES
    spark.stop()
    return worst


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        print(f"backfill.py: {problem}", file=sys.stderr)
        sys.exit(problem.status)
