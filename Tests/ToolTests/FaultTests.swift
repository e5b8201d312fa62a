import TestSupport
import Testing

/// Skipped damage, counters, and readers and writers that exit early (specification, section 1).
@Suite struct FaultTests {
  // MARK: --keep-going

  /// Three ledgers, the second one damaged in its last transaction, and an empty record.
  private static let damagedStream: [UInt8] = {
    var ledger = Ledgers.all[4]
    let results = XDRView("LedgerCloseMeta", ledger)["v1"]["tx_processing"].elements
    let place = results[results.count - 1]["tx_apply_processing"].range.lowerBound
    ledger.replaceSubrange(place..<place + 4, with: word(77))
    return marked(Ledgers.all[3]) + marked(ledger) + marked([]) + marked(Ledgers.all[5])
  }()

  private static func transactions(_ ledgers: [Int]) -> [String] {
    Expected.transactions.split(separator: "\n").map(String.init).filter { line in
      ledgers.contains { line.contains("\"ledger_sequence\":\($0),") }
    }
  }

  @Test func byDefaultTheFirstDamageEndsTheRun() throws {
    let found = try Shell.run("ledger-split --network local -o ndjson", input: Self.damagedStream)
    #expect(found.status == 3 && found.messages.count == 1)
    #expect(
      found.errors.contains(".tx_apply_processing: TransactionMeta has no arm 77 (byte ")
        && found.errors.contains(", record 2, ledger 1028)"))
    #expect(found.lines == Self.transactions([1027]))
  }

  @Test func withItDamagedRecordsAreSkippedWholeAndCounted() throws {
    let found = try Shell.run("ledger-split -q -k --network local -o ndjson --stats", input: Self.damagedStream)
    #expect(found.status == 0 && found.lines == Self.transactions([1027, 1029]))
    #expect(found.messages.count == 3 && found.messages[1].contains("empty record (byte "))
    let stats = try JSON(text: found.messages[2])
    #expect(stats["skipped"]?.integer == 2 && stats["errors"]?.integer == 2 && stats["records_in"]?.integer == 4)
  }

  @Test func aCutEndStaysAnError() throws {
    let found = try Shell.run("ledger-split -q -k --network local -o ndjson", input: Self.damagedStream.dropLast(3))
    #expect(found.status == 3 && found.lines == Self.transactions([1027]))
    #expect(found.messages.last?.contains("the input ends inside a record") == true)
  }

  @Test(arguments: [
    "invocation-extract", "scval-json", "scval-json --encode --type ContractInvocation", "scval-json --field _schema",
  ])
  func damagedLinesAreSkipped(command: String) throws {
    let file = command.hasPrefix("invocation") ? "transactions.ndjson" : "invocations.ndjson"
    let lines =
      command.contains("--field") ? ["{}", "[]", "{}"] : Expected.text(file).split(separator: "\n").suffix(3).map(String.init)
    let input = "\(lines[0])\n{\"a\":\n\(lines[1].prefix(200))\n\(lines[1])\n{\"_schema\":\"AAAA\"}x\n\(lines[2])\n"
    let good = try Shell.run(command, input: Array(lines.map { $0 + "\n" }.joined().utf8))
    let found = try Shell.run("\(command) -k --stats", input: Array(input.utf8))
    #expect(good.status == 0 && found.status == 0 && found.text.contains(good.lines.last ?? "?"))
    let isShort = command.contains("--field")
    #expect(isShort || found.output == good.output)
    let stats = try JSON(text: try #require(found.messages.last))
    #expect(stats["skipped"]?.integer == (isShort ? 2 : 3))
    #expect(try Shell.run(command, input: Array(input.utf8)).status == 3)
  }

  /// A damaged transaction affects only itself.
  @Test func damagedTransactionsAreSkipped() throws {
    var lines = Expected.transactions.split(separator: "\n").map(String.init)
    let index = lines.count - 2
    var record = base64(try #require(try JSON(text: lines[index])["result_xdr"]?.text))
    record.replaceSubrange(8..<12, with: word(31))
    let damaged = try #require(try JSON(text: lines[index])["result_xdr"]?.text)
    let good = lines
    lines[index] = lines[index].replacing(damaged, with: base64Text(record))
    let found = try Shell.run("invocation-extract -k", input: Array(lines.map { $0 + "\n" }.joined().utf8))
    let expected = try Shell.run(
      "invocation-extract", input: Array((good[..<index] + good[(index + 1)...]).map { $0 + "\n" }.joined().utf8))
    #expect(found.status == 0 && found.output == expected.output && found.messages.count == 1)
    #expect(found.errors.contains("result_xdr.result: TransactionResultResult has no arm 31 (byte "))
    #expect(found.errors.contains(", record \(index + 1), ledger 1051)"))
  }

  // MARK: --stats

  private let common = [
    "tool", "version", "elapsed_seconds", "bytes_in", "bytes_out", "records_in", "records_out", "skipped", "errors", "ledgers",
    "first_ledger", "last_ledger",
  ]

  @Test func countersOfLedgerSplit() throws {
    let found = try Shell.run("ledger-split --network local --stats ledgers.xdr")
    let stats = try JSON(text: found.errors)
    #expect(members(found.errors) == common)
    #expect(
      stats["tool"] == "ledger-split" && stats["bytes_in"]?.integer == Ledgers.stream.count
        && stats["bytes_out"]?.integer == found.output.count)
    #expect(stats["records_in"]?.integer == 28 && stats["records_out"]?.integer == 102 && stats["ledgers"]?.integer == 28)
    #expect(
      stats["first_ledger"]?.integer == 1024 && stats["last_ledger"]?.integer == 1051 && stats["skipped"]?.integer == 0
        && stats["errors"]?.integer == 0)
  }

  @Test func countersOfInvocationExtract() throws {
    let found = try Shell.run("invocation-extract --stats transactions.ndjson")
    let stats = try JSON(text: found.errors)
    #expect(
      members(found.errors) == common + [
        "invocations", "successful", "failed", "contract_calls", "create_contracts", "upload_wasms", "archive_restorations",
      ])
    let records = try Expected.invocations.split(separator: "\n").map { try JSON(text: String($0)) }
    let count = { (kind: String) in records.count { $0[kind] != nil } }
    #expect(stats["records_in"]?.integer == 102 && stats["records_out"]?.integer == 84 && stats["invocations"]?.integer == 84)
    #expect(
      stats["contract_calls"]?.integer == count("contract_call") && stats["create_contracts"]?.integer == count("create_contract")
    )
    #expect(
      stats["upload_wasms"]?.integer == count("upload_wasm")
        && stats["successful"]?.integer == records.count { $0["meta"]?["successful"] == .bool(true) })
    #expect(stats["failed"]?.integer == records.count { $0["meta"]?["successful"] == .bool(false) })
    let restorations = records.reduce(0) { $0 + ($1["meta"]?["archive_restorations"]?.elements?.count ?? 0) }
    #expect(stats["archive_restorations"]?.integer == restorations && restorations > 0)
  }

  @Test func countersOfScvalJSON() throws {
    let found = try Shell.run("scval-json --stats invocations.ndjson")
    let stats = try JSON(text: found.errors)
    #expect(members(found.errors) == common)
    #expect(stats["records_in"]?.integer == 91 && stats["records_out"]?.integer == 91 && stats["first_ledger"] == .null)
  }

  /// The names of an object's members, in order.
  private func members(_ text: String) -> [String] {
    text.matches(of: /"([a-z_]+)":/).map { String($0.1) }
  }

  // MARK: readers and writers that exit

  @Test(arguments: [
    "ledger-split -q --network local ledgers.xdr ledgers.xdr ledgers.xdr",
    "invocation-extract transactions.ndjson transactions.ndjson", "event-filter invocations.ndjson invocations.ndjson",
    "scval-json invocations.ndjson invocations.ndjson",
  ])
  func aClosedReaderEndsItSilently(command: String) throws {
    let found = try Shell.run("{ \(command); echo $? >&2; } | head -c 10 > /dev/null")
    // 128 plus SIGPIPE; no message.
    #expect(found.errors == "141\n")
  }

  /// The writer is killed after half of the stream; every stage passes on what was complete.
  @Test(arguments: ["ledgers.xdr", "transactions.ndjson", "invocations.ndjson"], ["kill -9 $$", "exit 0"])
  func aWriterThatDiesInMidRecordIsACutStream(file: String, end: String) throws {
    let stages = ["ledger-split --network local", "invocation-extract", "event-filter", "scval-json"]
    let first = file == "ledgers.xdr" ? 0 : file == "transactions.ndjson" ? 1 : 2
    let half = Repository.bytes(Repository.testdata(file)).count / 2
    let found = try Shell.run(
      "{ sh -c 'head -c \(half) \(file); \(end)'; } 2> /dev/null | \(stages[first...].joined(separator: " | "))")
    #expect(found.status == 0 && found.messages.count == 1)
    #expect(found.errors.hasPrefix("\(stages[first].prefix { $0 != " " }): standard input: "))
    #expect(found.errors.contains(first == 0 ? "the input ends inside a record" : "JSON ends inside a value"))
    let whole = try Shell.run("\(stages[first]) \(file) | \(stages[(first + 1)...].joined(separator: " | "))").output
    #expect(whole.starts(with: found.output) && found.output.last == UInt8(ascii: "\n") && found.output.count > whole.count / 4)
  }

  @Test func aFullDiskIsStatus4() throws {
    for command in [
      "ledger-split --network local ledgers.xdr", "invocation-extract transactions.ndjson", "event-filter invocations.ndjson",
      "scval-json invocations.ndjson", "scval-json --list-types",
    ] {
      for (place, words) in [("> /dev/full", "No space left on device"), (">&-", "Bad file descriptor")] {
        let found = try Shell.run("\(command) \(place)")
        #expect(found.status == 4 && found.messages == ["\(command.prefix { $0 != " " }): standard output: \(words)"])
      }
    }
  }
}
