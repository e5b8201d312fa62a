import TestSupport
import Testing

/// Ranges of history as files. The tests of the scripts are in Python; this suite runs each of them. `make backfill-test`, `make
/// spark-test` and `make airflow-test` run the long ones.
@Suite struct BackfillTests {
  @Test(arguments: [
    "test_counter.Counting", "test_range.Range", "test_range.Tables", "test_check.Check", "test_check.CheckParquet",
    "test_check.Estimate", "test_killed.Killed", "test_store.Store", "test_queries.Queries", "test_engines.Numbered",
    "test_engines.Parallel",
  ])
  func ranges(name: String) throws {
    if !Documentation.isInstalled("python3") { try Test.cancel("python3 is not installed") }
    let outcome = try Documentation.run("cd Tests/BackfillTests && timeout -k 5 900 python3 -W ignore -m unittest -v \(name)")
    if outcome.text.contains("... skipped") || outcome.text.contains("OK (skipped"), !outcome.text.contains("... ok") {
      try Test.cancel("\(outcome.lines.first { $0.contains("skipped") } ?? "skipped")")
    }
    #expect(outcome.status == 0, "\(outcome.text)")
  }
}
