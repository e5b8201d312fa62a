import TestSupport
import Testing

/// The recipes that load tables: all load the same rows, each once, and nothing of incomplete input.
@Suite struct LoaderTests {
  /// A loader, and how to query its tables; `$target` is the database or folder that it loads.
  struct Loader: CustomTestStringConvertible, Sendable {
    let name: String
    let program: String
    /// Loads standard input.
    let load: String
    /// Prints the rows of both tables as JSON arrays.
    let invocations: String
    let events: String
    /// Wraps a script.
    var surroundings = ""

    var testDescription: String { name }
  }

  private static let invocationColumns = "tx_hash, successful, result_code, kind, contract_id, account, function, fee, record"
  private static let eventColumns =
    "tx_hash, successful, stage, operation_index, event_index, call_index, contract_id, type, topics, data"

  /// The columns as SQLite needs them: it has neither booleans nor JSON.
  private static func sqlite(_ columns: String) -> String {
    columns.split(separator: ", ").map { column in
      switch column {
      case "successful": "json(CASE successful WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"
      case "record", "topics", "data": "json(\(column))"
      default: String(column)
      }
    }.joined(separator: ", ")
  }

  /// The command that prints a table with an SQL program: each row as an array, made by a function from its columns.
  private static func ask(
    _ program: String, _ array: String, seconds: String, _ isEvents: Bool, columns: (String) -> String = { $0 },
    table: (String) -> String = { $0 }
  ) -> String {
    let keys = isEvents ? "id, toid, ledger" : "toid, ledger"
    let rest = columns(isEvents ? eventColumns : invocationColumns)
    return "\(program) \"SELECT \(array)(\(keys), \(seconds), \(rest)) FROM \(table(isEvents ? "events" : "invocations"))\""
  }

  private static func loader(
    _ name: String, _ program: String, target: String, surroundings: String = "", ask: (Bool) -> String
  ) -> Loader {
    Loader(
      name: name, program: program, load: "scripts/cookbook/\(name) \(target)", invocations: ask(false), events: ask(true),
      surroundings: surroundings)
  }

  static let loaders = [
    loader("load-sqlite", "sqlite3", target: "$target") {
      ask("sqlite3 $target", "json_array", seconds: "CAST(strftime('%s', closed_at) AS INTEGER)", $0, columns: sqlite)
    },
    loader("load-duckdb", "duckdb", target: "$target") {
      ask("duckdb -list -noheader $target", "json_array", seconds: "epoch(closed_at)::BIGINT", $0)
    },
    loader("load-parquet", "duckdb", target: "$target") {
      ask(
        "duckdb -list -noheader -c", "json_array", seconds: "epoch(closed_at)::BIGINT", $0, table: { "'$target/\($0)/*.parquet'" }
      )
    },
    loader("load-postgresql", "psql", target: "", surroundings: "scripts/with-postgresql ") {
      ask("psql -XAtc", "jsonb_build_array", seconds: "extract(epoch FROM closed_at)::bigint", $0)
    },
  ]

  /// Runs a script in which `load`, `invocations` and `events` are those of the loader, in its own folder, `$folder`.
  private static func lines(_ loader: Loader, _ script: String) throws -> [String] {
    for program in [loader.program, "jq", "perl"] where !Documentation.isInstalled(program) {
      try Test.cancel("\(program) is not installed")
    }
    if !loader.surroundings.isEmpty, try Documentation.run("\(loader.surroundings) true").status != 0 {
      try Test.cancel("no server can be started")
    }
    let outcome = try Documentation.run(
      #"\#(loader.surroundings) timeout -k 1 300 bash -c "$SCRIPT""#,
      environment: [
        // A time zone far from UTC.
        "TZ": "Asia/Kathmandu", "PGTZ": "Asia/Kathmandu",
        "SCRIPT": #"""
        set -u
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        target=$folder/target
        load() { \#(loader.load); }
        invocations() { \#(loader.invocations); }
        events() { \#(loader.events); }
        # Row counts; a missing table counts as no rows.
        count() { echo "$(invocations 2>/dev/null | wc -l) $(events 2>/dev/null | wc -l)"; }

        """# + script,
      ])
    return outcome.lines
  }

  /// The expected rows, computed from the records by jq.
  private static let expected = #"""
    scval-json --style native "$folder/records" |
      # As PostgreSQL can store it.
      perl -pe 's/(?<!\\)(?:\\\\)*\K\\u0000/\\\\0/g' >"$folder/native"
    what='(.contract_call // .create_contract // .upload_wasm // .extend_ttl // .restore_footprint)'
    jq -cS "[(.meta.toid | tonumber), .meta.ledger_sequence, (.meta.closed_at | fromdate), .meta.tx_hash, .meta.successful,
      .meta.result_code, (keys - [\"_schema\", \"meta\", \"raw_xdr\"])[0], ($what | .contract_id,
      (.invoking_account // .creator_account // .uploader_account // .account), .function_name),
      (.meta.fee_charged | tonumber), .]" "$folder/native" | LC_ALL=C sort >"$folder/invocations"
    jq -cS ".meta as \$meta | $what.events // [] | .[] | [\"00000000000000000000\\(\$meta.toid | tonumber - 1)\"[-19:] + \"-\" +
      \"0000000000\\(.event_index)\"[-10:], (\$meta.toid | tonumber), \$meta.ledger_sequence, (\$meta.closed_at | fromdate),
      \$meta.tx_hash, \$meta.successful, \"operation\", \$meta.op_index, .event_index, .call_index, .contract_id, .type, .topics, .data]" \
      "$folder/native" | LC_ALL=C sort >"$folder/events"
    without_nul() { perl -pe 's/(?<!\\)(?:\\\\)*\K\\u0000/\\\\0/g'; }
    same() {
      invocations | without_nul | jq -cS . | LC_ALL=C sort | cmp - "$folder/invocations" &&
        events | without_nul | jq -cS . | LC_ALL=C sort | cmp - "$folder/events" &&
        echo "the same $(count)"
    }

    """#

  /// Overlapping ranges, in any order and each loaded twice, give each row once; so do repetitions in one input.
  @Test(arguments: loaders) func everyRowIsThereOnce(loader: Loader) throws {
    let lines = try Self.lines(
      loader,
      #"""
      cp testdata/invocations.ndjson "$folder/records"
      """# + "\n" + Self.expected + #"""
        for _ in first second; do
          tail -n 40 "$folder/records" | load; echo status $?
          head -n 30 "$folder/records" | load; echo status $?
          sed -n 20,60p "$folder/records" | load; echo status $?
        done
        same
        cat "$folder/records" "$folder/records" | load; echo status $?
        same
        rm -rf "$target"
        if [ -n "${PGHOST-}" ]; then psql -XAtqc 'DROP TABLE invocations, events'; fi
        cat "$folder/records" "$folder/records" | scval-json --style native | load; echo status $?
        same
        """#)
    let count = Repository.lines(Repository.testdata("invocations.ndjson")).count
    let same = "the same \(count) 132"
    #expect(lines == Array(repeating: "status 0", count: 6) + [same, "status 0", same, "status 0", same])
  }

  /// An event is one row, with the id of its event record, whether it comes from an invocation or an event record: in both
  /// orders, mixed in one input, in each form, and from an RPC server's response.
  @Test(arguments: loaders) func anEventIsOneRowWhateverBringsIt(loader: Loader) throws {
    let lines = try Self.lines(
      loader,
      #"""
      export NETWORK_PASSPHRASE=local
      extract() { for file in ledgers events; do ledger-split "testdata/$file.xdr" | invocation-extract "$@"; done; }
      extract >"$folder/invocations"
      extract --by event >"$folder/records"
      extract -o xdr --by event >"$folder/xdr"
      without_nul() { perl -pe 's/(?<!\\)(?:\\\\)*\K\\u0000/\\\\0/g'; }
      scval-json --style native "$folder/records" | without_nul | jq -cS '[.event.id, (.meta.toid | if . then tonumber else . end),
        .meta.ledger_sequence, (.meta.closed_at | fromdate), .meta.tx_hash, .meta.successful, (.event | .stage, .operation_index,
        .event_index, .call_index, .contract_id, .type, .topics, .data)]' | LC_ALL=C sort >"$folder/events"
      again() { rm -rf "$target"; if [ -n "${PGHOST-}" ]; then psql -XAtqc 'DROP TABLE invocations, events'; fi; }
      same() { events | without_nul | jq -cS . | LC_ALL=C sort | cmp - "$folder/events" && echo "the same $(count)"; }
      load <"$folder/invocations"
      count
      load <"$folder/records"
      same
      again
      load <"$folder/xdr"
      same
      load <"$folder/invocations"
      same
      again
      for _ in 1 2; do cat "$folder/records" "$folder/invocations" "$folder/records" | load; done
      same
      again
      # A member that the server omits is null.
      invocation-extract --by event testdata/rpc/getEvents.json | jq -c '.meta.successful = null' | load
      count
      load <"$folder/records"
      count
      events | jq -c 'select(.[5] == null) | .[1:3]' | wc -l
      """#)
    let (invocations, rows) = (91, 216)
    let same = "the same \(invocations) \(rows)"
    #expect(
      lines == ["\(invocations) 142", same, "the same 0 \(rows)", same, same, "0 103", "0 \(rows)", "103"], "\(lines)")
  }

  /// An event without an id, as in entries of getTransactions, is rejected, and nothing of the input is loaded.
  @Test(arguments: loaders) func anEventWithoutAnIdIsRefused(loader: Loader) throws {
    let lines = try Self.lines(
      loader,
      #"""
      told() { load >"$folder/told" 2>&1; echo "status $?, $(count), $(grep -o -E "$message" "$folder/told" | head -n 1)"; }
      message='an event has no id: .* if whole ledgers are read'
      jq -c 'if .event.stage == "operation" then . else .event.id = null end' testdata/events.ndjson | told
      jq -c 'if .event.stage == "operation" then . else .event.id = null end | select(.event.id)' testdata/events.ndjson | load
      count
      message='nor a contract event'
      for id in '"0000008589934596096"' '"00000085899345960960-000000000"' 5 '"0000008589934596096-000000000x"'; do
        jq -c ".event.id = $id" testdata/events.ndjson | told
      done
      """#)
    let status = loader.name == "load-postgresql" ? 3 : 1
    #expect(
      lines == [
        "status \(status), 0 0, an event has no id: events before and after all transactions have one if whole ledgers are read",
        "0 18",
      ] + Array(repeating: "status \(status), 0 18, nor a contract event", count: 4), "\(lines)")
  }

  /// Nothing is loaded from truncated, damaged or other input, and the existing rows stay; empty input loads nothing.
  @Test(arguments: loaders) func nothingIsLoadedOfWhatIsNotWhole(loader: Loader) throws {
    let lines = try Self.lines(
      loader,
      #"""
      told() { "$@" >"$folder/told" 2>&1; echo "status $?, $(count), $(grep -o -E "$message" "$folder/told" | head -n 1)"; }
      message='^.*JSON ends inside a value'
      head -c 200000 testdata/invocations.ndjson | told load
      message='^.*not base64'
      { head -n 3 testdata/invocations.ndjson; echo '"damaged"'; tail -n 3 testdata/invocations.ndjson; } | told load
      message='^.*ends inside a record'
      event-filter -o xdr testdata/invocations.ndjson | head -c 100000 | told load
      message='the input is neither a contract invocation'
      { head -n 3 testdata/invocations.ndjson; echo '{"a":1}'; } | told load
      head -n 3 testdata/transactions.ndjson | told load
      # Without an id, and with one that no table contains.
      head -n 3 testdata/invocations.ndjson | jq -c '.meta.toid = null' | told load
      message='out of range|Could not convert|neither a contract invocation'
      head -n 3 testdata/invocations.ndjson | jq -c '.meta.toid = "18446744069414584321"' | told load | cut -d , -f 1,2
      message=.
      told load </dev/null
      find "$folder" -path '*target/*'
      head -n 40 testdata/invocations.ndjson >"$folder/records"
      loaded="40 $(jq -c '.[] | .events? // [] | .[]' "$folder/records" | wc -l)"
      { told load <"$folder/records"; head -c 200000 testdata/invocations.ndjson | told load; } | sed "s/$loaded/what was loaded/"
      """#)
    // The database's own program reports it at the end, with its own status.
    let other = loader.name == "load-postgresql" ? 3 : 1
    let strange = "status \(other), 0 0, the input is neither a contract invocation"
    #expect(
      lines == [
        "status 3, 0 0, scval-json: standard input: contract_call.diagnostic_events[1].topics[1]: JSON ends inside a value",
        "status 3, 0 0, scval-json: standard input: not base64",
        "status 3, 0 0, scval-json: standard input: the input ends inside a record",
        strange, strange, strange, "status \(other), 0 0", "status 0, 0 0, ", "status 0, what was loaded, ",
        "status 3, what was loaded, s",
      ], "\(lines)")
  }
}
