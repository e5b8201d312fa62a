import TestSupport
import Testing

/// Recipes report what they need, and print nothing that looks complete for incomplete input.
@Suite struct RecipeTests {
  static let recipes = DocumentationScriptTests.recipes.map(\.name)
  static let withoutInput: Set = ["lake-objects", "mirror-s3", "rpc-ledgers"]

  private static func first(_ arguments: String, _ name: String) throws -> (status: Int32, lines: [String]) {
    let outcome = try Documentation.run("scripts/cookbook/\(name) \(arguments)")
    return (outcome.status, outcome.lines)
  }

  @Test(arguments: recipes) func usageIsShown(recipe: String) throws {
    let text = Documentation.lines("scripts/cookbook/\(recipe)")
    for option in ["-h", "--help"] {
      let help = try Self.first(option, recipe)
      #expect(help.status == 0 && help.lines.first == text[1].dropFirst(2).description, "\(help)")
      #expect(help.lines.contains { $0.hasPrefix("  ") && $0.contains(recipe) }, "no synopsis: \(help.lines)")
      #expect(!help.lines.contains { $0.hasPrefix("#") || $0.contains("set -euo") })
    }
    let tooMany = try Self.first("1 2 3 4 </dev/null", recipe)
    #expect(tooMany.status == 2 && tooMany.lines.first?.hasPrefix("\(recipe): ") == true, "\(tooMany)")
    let option = try Self.first("--verbose </dev/null", recipe)
    #expect(option.status == 2 && option.lines.first?.hasPrefix("\(recipe): ") == true, "\(option)")
  }

  /// A recipe checks its programs before it runs anything, and rejects a terminal as input.
  @Test(.enabled(if: Documentation.isInstalled("script"), "script is not installed"), arguments: recipes)
  func missingProgramsAreNamed(recipe: String) throws {
    let text = Documentation.lines("scripts/cookbook/\(recipe)").joined(separator: "\n")
    let takes = text.firstMatch(of: /takes '([^'\[]*)/)?.1.split(separator: " ") ?? []
    if let word = takes.first {
      let missing = try Self.first("</dev/null", recipe)
      #expect(missing.status == 2 && missing.lines.first == "\(recipe): \(word) is missing", "\(missing)")
    }
    if !Self.withoutInput.contains(recipe) {
      let command = "scripts/cookbook/\(recipe) \(takes.isEmpty ? "" : "x")"
      let terminal = try Documentation.run("timeout 60 script -qec '\(command)' /dev/null </dev/null | tr -d '\\r' | head -n 1")
      let records = text.firstMatch(of: /reads_records '([^']*)'/)?.1 ?? "contract invocations"
      #expect(terminal.lines == ["\(recipe): pipe \(records) into it"])
    }
  }

  /// Tables have a header line, and the same number of columns in each row, separated by TABs.
  @Test(
    .enabled(if: Documentation.isInstalled("jq"), "jq is not installed"),
    arguments: [
      "account-history GBDR4HSVZCR5EG6YDRWOA57EUEDAPAZS3VLNVVGVSLKLYZT3KWNKSCUJ",
      "daily-activity CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR", "failed-calls", "fees", "restorations",
      "storage-history CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR", "top-contracts", "transfers 1", "upgrades",
    ])
  func tablesHaveAHeader(command: String) throws {
    let table = try Documentation.run("scripts/cookbook/\(command) <testdata/invocations.ndjson")
    let rows = table.lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(table.status == 0 && rows.count > 1)
    #expect(rows[0].count > 2 && rows[0].allSatisfy { $0.wholeMatch(of: /[a-z_]+/) != nil }, "\(table.lines[0])")
    #expect(Set(rows.map(\.count)).count == 1, "\(table.text)")
    // Without rows, only the header.
    let none = try Documentation.run("scripts/cookbook/\(command) </dev/null")
    #expect(none.status == 0 && none.lines == [table.lines[0]], "\(none.text)")
  }

  /// Each argument is also an option, in any order.
  @Test(.enabled(if: Documentation.isInstalled("jq"), "jq is not installed")) func argumentsAreOptions() throws {
    let plain = try Documentation.run(
      "scripts/cookbook/transfers 9 CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4 <testdata/invocations.ndjson")
    #expect(plain.status == 0 && plain.lines.count > 2)
    for arguments in [
      "--amount 9 --contract CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4",
      "--contract=CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4 9",
      "--contract CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4 --amount=9",
    ] {
      #expect(
        try Documentation.run("scripts/cookbook/transfers \(arguments) <testdata/invocations.ndjson").lines == plain.lines,
        "\(arguments)")
    }
    for (arguments, message) in [
      ("--amount", "transfers: --amount needs a value"), ("--limit 5 1", "transfers: unknown option: --limit"),
      ("--amount 1 2 3", "transfers: too many arguments"), ("-x 1", "transfers: unknown option: -x"),
    ] {
      let outcome = try Documentation.run("scripts/cookbook/transfers \(arguments) </dev/null")
      #expect(outcome.status == 2 && outcome.lines.first == message, "\(outcome.text)")
    }
  }

  /// A table of totals is printed completely or not at all; the status is that of the stage that failed.
  @Test(
    .enabled(if: Documentation.isInstalled("jq"), "jq is not installed"),
    arguments: ["fees", "top-contracts", "daily-activity CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR"])
  func incompleteInputGivesNoTable(recipe: String) throws {
    let cut = try Documentation.run("head -c 100000 testdata/invocations.ndjson | scripts/cookbook/\(recipe) 2>/dev/null")
    #expect(cut.status == 3 && cut.text.isEmpty, "\(cut)")
    let whole = try Documentation.run("scripts/cookbook/\(recipe) <testdata/invocations.ndjson")
    let marked = try Documentation.run("event-filter -o xdr testdata/invocations.ndjson | scripts/cookbook/\(recipe)")
    #expect(whole.status == 0 && whole.lines.count > 1)
    #expect(marked.lines == whole.lines)
  }

  /// The rows of a streaming recipe remain, and the status says that some are missing.
  @Test(.enabled(if: Documentation.isInstalled("jq"), "jq is not installed"), arguments: recipes)
  func incompleteInputIsAnError(recipe: String) throws {
    if Self.withoutInput.contains(recipe) { return }
    let arguments = [
      "account-history": "GBDR4HSVZCR5EG6YDRWOA57EUEDAPAZS3VLNVVGVSLKLYZT3KWNKSCUJ",
      "storage-history": "CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR",
      "daily-activity": "CAAWDON62FVXMSEKUBM6YZIU6WIRHBTUJ6QHXWLVIEIMUWWT2KH3ACZR",
      "transfers": "1", "compare-events": "testdata/rpc/getEvents.json", "load-sqlite": "/dev/null/none",
      "load-duckdb": "/dev/null/none", "load-parquet": "/dev/null/none",
    ]
    let cut = try Documentation.run(
      "event-filter -o xdr testdata/invocations.ndjson | head -c 100000 | scripts/cookbook/\(recipe) \(arguments[recipe] ?? "")",
      environment: ["DRY_RUN": "yes", "PGHOST": "/nonexistent"])
    #expect(cut.status != 0, "\(cut)")
  }

  /// A large table may be cut by its reader without an error.
  @Test(.enabled(if: Documentation.isInstalled("jq"), "jq is not installed")) func aClosedReaderIsNotAnError() throws {
    let many = #"""
      jq -c 'select(.contract_call)' testdata/invocations.ndjson | sed -n 1p >"$folder/one"
      scripts/lib/contract-ids 5000 |
        jq -R -c --slurpfile record "$folder/one" '. as $id | $record[0] | .contract_call.contract_id = $id'
      """#
    let outcome = try Documentation.run(
      "folder=$(mktemp -d); { \(many); } | scripts/cookbook/top-contracts 2; echo status $?; rm -r $folder")
    #expect(outcome.lines.last == "status 0" && outcome.lines.count == 4, "\(outcome.lines.prefix(6))")
  }

  @Test func argumentsAreChecked() throws {
    let rpc = "RPC=http://127.0.0.1:9 scripts/cookbook/rpc-ledgers"
    for (command, message) in [
      ("scripts/cookbook/lake-objects 9 3", "lake-objects: the range is reversed: 9 to 3"),
      (
        "scripts/cookbook/lake-objects 'a[$(echo>/tmp/sp-hostile)]'",
        "lake-objects: not a number of 32 bits: a[$(echo>/tmp/sp-hostile)]"
      ),
      ("scripts/cookbook/lake-objects 1 4294967296", "lake-objects: not a number of 32 bits: 4294967296"),
      (
        "LEDGERS_PER_BATCH=0 scripts/cookbook/lake-objects 1",
        "lake-objects: LEDGERS_PER_BATCH and BATCHES_PER_PARTITION are at least 1"
      ),
      ("scripts/cookbook/mirror-s3 s3://a/b c 9 3", "mirror-s3: the range is reversed: 9 to 3"),
      ("scripts/cookbook/mirror-s3 /a/b c 9", "mirror-s3: the lake is an s3:// URL: /a/b"),
      ("scripts/cookbook/mirror-s3 s3://a/b c 09", "mirror-s3: not a number of 32 bits: 09"),
      ("scripts/cookbook/rpc-ledgers 5", "rpc-ledgers: the variable RPC, the URL of the server, is missing"),
      ("\(rpc) 9 3", "rpc-ledgers: the range is reversed: 9 to 3"), ("\(rpc) latest", "rpc-ledgers: not a number: latest"),
      ("scripts/cookbook/top-contracts few <testdata/invocations.ndjson", "top-contracts: how many contracts? few"),
      (
        "scripts/cookbook/load-duckdb all.parquet </dev/null",
        "load-duckdb: all.parquet: Parquet files go into a directory: load-parquet DIRECTORY"
      ),
      (
        "scripts/cookbook/load-duckdb all/ </dev/null",
        "load-duckdb: all/: Parquet files go into a directory: load-parquet DIRECTORY"
      ),
      (
        "scripts/cookbook/load-parquet all.parquet </dev/null",
        "load-parquet: all.parquet: name the directory for the files; they get their names from the ledgers in them"
      ),
      (
        "scripts/cookbook/load-parquet s3://bucket/all </dev/null",
        "load-parquet: s3://bucket/all: the directory has to be of this machine; copy its files from there"
      ),
    ] {
      let outcome = try Documentation.run(command)
      #expect(outcome.status == 2 && outcome.lines.first == message, "\(command)\n\(outcome.text)")
    }
  }
}
