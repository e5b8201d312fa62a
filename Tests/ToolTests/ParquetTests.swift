import TestSupport
import Testing

/// `load-parquet` writes a file for each range, and no row twice.
@Suite(.enabled(if: Documentation.isInstalled("duckdb") && Documentation.isInstalled("jq"), "duckdb or jq is not installed"))
struct ParquetTests {
  private static func lines(_ script: String) throws -> [String] {
    try Documentation.run(
      #"timeout -k 1 300 bash -c "$SCRIPT""#,
      environment: [
        "SCRIPT": #"""
        set -u
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        # A name with characters that SQL and globs must quote.
        target="$folder/it's [all] of it"
        load() { scripts/cookbook/load-parquet "$target" || echo "status $?"; }
        files() { (cd "$target" && ls -A . * | tr '\n' ' '; echo); }
        ask() { (cd "$target" && duckdb -csv -noheader -c "$1"); }
        count() { ask "SELECT count(*), count(DISTINCT toid), sum(fee) FROM 'invocations/*.parquet'"; }

        """# + script
      ]
    ).lines
  }

  private static let all = "91,91,2975940"
  private static let one = ".: events invocations  events: 1027-1051.parquet  invocations: 1026-1051.parquet "

  /// The same range gives the same file: loaded again it writes nothing, and in another folder the same bytes.
  @Test func theSameRangeGivesTheSameFile() throws {
    let lines = try Self.lines(
      #"""
      load <testdata/invocations.ndjson
      files
      cp -a "$target" "$folder/first"
      load <testdata/invocations.ndjson
      files
      name=invocations/1026-1051.parquet
      diff -r "$target" "$folder/first" && [ ! "$target/$name" -nt "$folder/first/$name" ] && echo untouched
      rm -r "$target"
      # In another order, and with repetitions.
      tac testdata/invocations.ndjson | cat - testdata/invocations.ndjson | load
      files
      diff -r "$target" "$folder/first" && echo the same
      load </dev/null
      count
      """#)
    #expect(lines == [Self.one, Self.one, "untouched", Self.one, "the same", Self.all], "\(lines)")
  }

  /// Event records give files of events only, named by their own ledgers, and no event is in two files.
  @Test func eventRecordsAreFilesOfEvents() throws {
    let lines = try Self.lines(
      #"""
      head -n 20 testdata/events.ndjson | load
      files
      load <testdata/events.ndjson
      files
      load <testdata/events.ndjson
      ask "SELECT count(*), count(DISTINCT id), count(operation_index), min(ledger), max(ledger) FROM 'events/*.parquet'"
      jq -rs '[length, ([.[].event.id] | unique | length), ([.[].event.operation_index | numbers] | length)] | @csv' testdata/events.ndjson
      # Event records do not add events that invocations already added.
      NETWORK_PASSPHRASE=local
      export NETWORK_PASSPHRASE
      ledger-split testdata/events.xdr | invocation-extract | load
      files
      """#)
    #expect(
      lines == [
        ".: events  events: 2000-2002.parquet ", ".: events  events: 2000-2002.parquet 2002-2003.parquet ", "38,38,18,2000,2003",
        "38,38,18",
        ".: events invocations  events: 2000-2002.parquet 2002-2003.parquet  invocations: 2000-2003.parquet ",
      ], "\(lines)")
  }

  /// The same ledgers, filtered in two ways, have different rows: if a name is taken, the file gets a number.
  @Test func missingRowsAreAdded() throws {
    let lines = try Self.lines(
      #"""
      event-filter --succeeded testdata/invocations.ndjson | load
      event-filter --failed testdata/invocations.ndjson | load
      load <testdata/invocations.ndjson
      count
      # A ledger that is split, as by split -l, is in two files.
      rm -r "$target"
      split -l 13 --filter "scripts/cookbook/load-parquet $(printf %q "$target")" testdata/invocations.ndjson
      ls "$target/invocations" | wc -l
      count
      # A file with a name chosen by the user is also read; an error if it is not Parquet.
      rm -r "$target"
      load <testdata/invocations.ndjson
      mv "$target/invocations/1026-1051.parquet" "$target/invocations/everything.parquet"
      load <testdata/invocations.ndjson
      count
      echo damaged >"$target/invocations/1040-1041.parquet"
      load <testdata/invocations.ndjson 2>/dev/null
      rm "$target/invocations/1040-1041.parquet"
      files
      """#)
    #expect(
      lines == [
        Self.all, "7", Self.all, Self.all, "status 1",
        ".: events invocations  events: 1027-1051.parquet  invocations: everything.parquet ",
      ], "\(lines)")
  }

  /// Concurrent runs see each other's files.
  @Test(.enabled(if: Documentation.isInstalled("flock"), "flock is not installed")) func concurrentRunsLoadOnce() throws {
    let lines = try Self.lines(
      #"""
      for lines in 91 91 60 40 20; do head -n $lines testdata/invocations.ndjson | load & done
      wait
      count
      ls -A "$target"
      """#)
    #expect(lines == [Self.all, "events", "invocations"], "\(lines)")
  }

  /// The columns are wide enough for all values of ledgers: 64-bit ids and fees, and times in UTC.
  @Test func typesAreWideEnough() throws {
    let lines = try Self.lines(
      #"""
      head -n 1 testdata/invocations.ndjson | jq -c '.meta.ledger_sequence = 2147483647 | .meta.toid = "9223372036854775806" |
        .meta.fee_charged = "9223372036854775807"' | load
      ask "SELECT toid, ledger, fee, epoch(closed_at)::BIGINT FROM 'invocations/*.parquet'"
      ask "SELECT typeof(closed_at) FROM 'invocations/*.parquet'"
      ask "SELECT logical_type FROM parquet_schema('invocations/*.parquet') WHERE name = 'closed_at'" |
        grep -o 'isAdjustedToUTC=1'
      """#)
    #expect(
      lines == [
        "9223372036854775806,2147483647,9223372036854775807,1704067210", "TIMESTAMP WITH TIME ZONE", "isAdjustedToUTC=1",
      ],
      "\(lines)")
  }
}
