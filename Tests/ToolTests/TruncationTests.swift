import TestSupport
import Testing

/// A stream cut at any byte ends with status 3 and a message that names byte and record, after every record before the cut.
@Suite struct TruncationTests {
  private static let seed: UInt64 = 6

  /// Cuts around the ends of the first record, and at random offsets.
  private static func cuts(_ count: Int, around places: [Int], _ anywhere: Int) -> [Int] {
    var random = SeededGenerator(seed: seed)
    let near = places.flatMap { [$0 - 1, $0, $0 + 1, $0 + 3, $0 + 4, $0 + 5] }
    let far = (0..<anywhere).map { _ in random.below(count) }
    return Set(near + far).filter { (1..<count).contains($0) }.sorted()
  }

  /// The offsets of the records of a marked stream, including headers, and the end of the last one.
  private static func starts(_ records: [[UInt8]]) -> [Int] {
    records.reduce(into: [0]) { $0.append($0[$0.count - 1] + 4 + $1.count) }
  }

  private func check(_ found: Outcome, _ tool: String, cut: Int, whole: Int, place: Int) {
    #expect(found.status == 3, "cut at \(cut)")
    #expect(
      found.messages.count == 1 && found.errors.hasPrefix("\(tool): standard input: the input ends inside a record"),
      "cut at \(cut): \(found.errors)")
    #expect(found.errors.hasSuffix("(byte \(place), record \(whole + 1))\n"), "cut at \(cut): \(found.errors)")
  }

  @Test func recordMarkedLedgers() throws {
    let starts = Self.starts(Ledgers.all)
    let transactions = Expected.transactions.split(separator: "\n").map(String.init)
    let ledgers = try transactions.map { try #require(try JSON(text: $0)["ledger_sequence"]?.integer) }
    for cut in Self.cuts(Ledgers.stream.count, around: [starts[1], starts[2], starts[9]], 20) {
      let found = try Shell.run("ledger-split --network local -o ndjson", input: Array(Ledgers.stream.prefix(cut)))
      let whole = starts.lastIndex { $0 <= cut } ?? 0
      #expect(found.lines == transactions.indices.filter { ledgers[$0] < 1024 + whole }.map { transactions[$0] }, "cut at \(cut)")
      guard starts[whole] != cut else {
        #expect(found.status == 0 && found.errors == "")
        continue
      }
      let isInHeader = cut - starts[whole] < 4
      check(found, "ledger-split", cut: cut, whole: whole, place: starts[whole] + (isInHeader ? 0 : 4))
    }
  }

  /// Unframed ledgers and batches: only the type determines the end of a record.
  @Test(arguments: ["bare", "batch"]) func unframedLedgers(container: String) throws {
    let isBatch = container == "batch"
    let stream = isBatch ? Ledgers.batch(0..<28) : concatenated(Ledgers.all)
    let starts = Ledgers.all.reduce(into: [isBatch ? 12 : 0]) { $0.append($0[$0.count - 1] + $1.count) }
    for cut in Self.cuts(stream.count, around: [12, starts[1], starts[5]], 15) {
      let found = try Shell.run("ledger-split --by ledger", input: Array(stream.prefix(cut)))
      let whole = max(starts.lastIndex { $0 <= cut } ?? 0, 0)
      #expect(found.output == Ledgers.all[..<whole].flatMap(marked), "cut at \(cut)")
      // Bare ledgers have no count, so a cut between two is not noticed; a batch has one.
      let isSeen = isBatch || starts[whole] != cut
      #expect(found.status == (isSeen ? 3 : 0), "cut at \(cut): \(found.errors)")
      if isSeen {
        #expect(
          found.errors.contains("the input ends ") && found.errors.contains(", record \(whole + 1))"),
          "cut at \(cut): \(found.errors)")
      }
    }
  }

  @Test func compressedLedgers() throws {
    let stream = zstd(Ledgers.stream, blocks: 5000)
    for cut in Self.cuts(stream.count, around: [4, 6, 9], 15) {
      let found = try Shell.run("ledger-split --by ledger", input: Array(stream.prefix(cut)))
      #expect(
        found.status == 3 && found.errors.contains("the input ends inside a zstd frame (byte "), "cut at \(cut): \(found.errors)")
      #expect(Ledgers.stream.starts(with: found.output))
      // Complete blocks are decompressed, with the records in them.
      let there = max(cut - 6 - 3 * ((cut - 6) / 5003 + 1), 0) / 5000 * 5000
      let whole = Self.starts(Ledgers.all).lastIndex { $0 <= there } ?? 0
      #expect(found.output.count >= Self.starts(Ledgers.all)[whole], "cut at \(cut)")
    }
  }

  @Test func recordMarkedTransactions() throws {
    let stream = try Shell.run("ledger-split --network local ledgers.xdr").output
    let records = markedRecords(stream)
    let starts = Self.starts(records)
    for cut in Self.cuts(stream.count, around: [starts[1], starts[50]], 12) {
      let whole = starts.lastIndex { $0 <= cut } ?? 0
      let expected = try Shell.run("invocation-extract", input: records[..<whole].flatMap(marked))
      let found = try Shell.run("invocation-extract", input: Array(stream.prefix(cut)))
      #expect(found.output == expected.output, "cut at \(cut)")
      guard starts[whole] != cut else { continue }
      check(found, "invocation-extract", cut: cut, whole: whole, place: starts[whole] + (cut - starts[whole] < 4 ? 0 : 4))
    }
  }

  @Test func recordMarkedInvocations() throws {
    let stream = try Shell.run("ledger-split --network local ledgers.xdr | invocation-extract -o xdr").output
    let starts = Self.starts(markedRecords(stream))
    let lines = try Shell.run("scval-json", input: stream).lines
    for cut in Self.cuts(stream.count, around: [starts[1], starts[50]], 12) {
      let whole = starts.lastIndex { $0 <= cut } ?? 0
      let found = try Shell.run("scval-json", input: Array(stream.prefix(cut)))
      #expect(found.lines == Array(lines[..<whole]), "cut at \(cut)")
      guard starts[whole] != cut else { continue }
      check(found, "scval-json", cut: cut, whole: whole, place: starts[whole] + (cut - starts[whole] < 4 ? 0 : 4))
    }
  }

  /// The last line of a truncated file is not complete JSON.
  @Test(arguments: [
    ("invocation-extract", "transactions.ndjson"), ("scval-json", "invocations.ndjson"),
    ("scval-json --encode --type ContractInvocation", "invocations.ndjson"),
  ])
  func lines(command: String, file: String) throws {
    let bytes = Repository.bytes(Repository.testdata(file))
    let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
    let all = try Shell.run(command, input: bytes)
    for cut in Self.cuts(bytes.count, around: [ends[0], ends[40]], 10) {
      let whole = ends.count { $0 <= cut }
      let found = try Shell.run(command, input: Array(bytes.prefix(cut)))
      let isWhole = cut == (whole == 0 ? 0 : ends[whole - 1] + 1) || ends.contains(cut)
      #expect(found.status == (isWhole ? 0 : 3), "cut at \(cut): \(found.errors)")
      #expect(all.output.starts(with: found.output))
      if !isWhole {
        #expect(
          found.errors.contains("JSON ends inside a value") && found.errors.contains(", record \(whole + 1))"),
          "cut at \(cut): \(found.errors)")
      }
    }
  }
}
