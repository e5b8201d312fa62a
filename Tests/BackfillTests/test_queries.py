"""The page of queries: each query prints the output that the page shows, in DuckDB and in Spark."""

import os
import re
import subprocess
import tempfile
import unittest

from common import PROGRAMS, ROOT, FolderCase, call, needs_duckdb

PAGE = f"{ROOT}/scripts/deploy/queries/README.md"
PYTHON = f"{PROGRAMS}/spark/bin/python3"
QUERY = re.compile(r"```sql\n(.*?);\n```\n", re.DOTALL)
ANSWER = re.compile(r"```csv\n(.*?)```\n", re.DOTALL)


def questions():
    """Title, query for DuckDB, query for Spark, and answer."""
    with open(PAGE, encoding="utf-8") as file:
        sections = file.read().split("\n## ")[1:]
    out = []
    for section in sections:
        queries = QUERY.findall(section)
        (answer,) = ANSWER.findall(section)
        out.append((section.partition("\n")[0], queries[0], queries[-1], answer))
    return out


class Queries(FolderCase):
    def test_there_are_ten(self):
        self.assertEqual([title.partition(".")[0] for title, *_ in questions()], [str(number) for number in range(1, 11)])
        self.assertTrue(all(answer.count("\n") > 1 for *_, answer in questions()))

    @needs_duckdb
    def test_in_duckdb(self):
        self.make("1024-1031")
        self.make("1032-1051")
        place = self.out.replace("'", "''").replace("[a]", "[[]a]")
        for title, query, _, answer in questions():
            with self.subTest(title=title):
                view = f"SET TimeZone = 'UTC'; CREATE VIEW invocations AS SELECT * FROM read_parquet('{place}/*.parquet'); "
                done = call("duckdb", "-init", os.devnull, "-csv", "-nullvalue", "", "-bail", "-c", view + query)
                self.assertEqual(done.stdout, answer, done.stderr)

    @unittest.skipUnless(os.environ.get("BACKFILL_LONG") and os.path.exists(PYTHON), "BACKFILL_LONG is not set, or Spark is not installed")
    @needs_duckdb
    def test_in_spark(self):
        # Spark reads the path of its files as a URL.
        folder = tempfile.TemporaryDirectory(prefix="soroban-backfill-test-")
        self.addCleanup(folder.cleanup)
        self.out = folder.name
        self.make("1024-1031")
        self.make("1032-1051")
        script = """
import csv, io, sys, json
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
spark = spark.config("spark.sql.shuffle.partitions", "1").getOrCreate()
spark.sql(f"CREATE TEMPORARY VIEW invocations USING parquet OPTIONS (path '{sys.argv[1]}')")
answers = []
for query in json.load(sys.stdin):
    frame = spark.sql(query)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\\n")
    writer.writerow(frame.columns)
    writer.writerows([["" if value is None else value for value in row] for row in frame.collect()])
    answers.append(text.getvalue())
json.dump(answers, open(sys.argv[2], "w"))
"""
        import json

        answers = f"{self.folder}/answers"
        done = subprocess.run(
            [PYTHON, "-c", script, self.out, answers], input=json.dumps([query for _, _, query, _ in questions()]), text=True,
            capture_output=True, check=False, env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"},
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        with open(answers, encoding="utf-8") as file:
            for (title, _, _, wanted), answer in zip(questions(), json.load(file)):
                with self.subTest(title=title):
                    self.assertEqual(answer, wanted)


if __name__ == "__main__":
    unittest.main()
