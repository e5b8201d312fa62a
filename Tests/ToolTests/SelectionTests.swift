import TestSupport
import Testing

/// The transactions that `ledger-split` writes.
@Suite struct SelectionTests {
  private static let transactions = Expected.transactions.split(separator: "\n").map(String.init)

  private static func ledger(_ line: String) -> Int {
    (try? JSON(text: line))?["ledger_sequence"]?.integer ?? 0
  }

  private static let wanted: [(String, @Sendable (Int) -> Bool)] = [
    ("--ledgers 1028", { $0 == 1028 }), ("--ledgers 1026-1028", { (1026...1028).contains($0) }),
    ("--ledgers 1047-", { $0 >= 1047 }),
    ("--ledgers -1026", { $0 <= 1026 }), ("--ledgers 1026 --ledgers 1045-1047", { $0 == 1026 || (1045...1047).contains($0) }),
    ("--ledgers 1045-1047 --ledgers 1026-1030 --ledgers 1028-1031", { (1026...1031).contains($0) || (1045...1047).contains($0) }),
    ("--ledgers 1052-", { _ in false }), ("--ledgers=1028-1028", { $0 == 1028 }),
  ]

  @Test(arguments: wanted.indices, ["ledgers.xdr", "lake"]) func rangesOfLedgers(index: Int, input: String) throws {
    let (options, isWanted) = Self.wanted[index]
    // A lake must contain the requested ledgers.
    guard input == "ledgers.xdr" || !options.contains("1052") else { return }
    let found = try Shell.run("ledger-split --network local -o ndjson \(options) \(input)")
    #expect(found.status == 0)
    #expect(found.lines == Self.transactions.filter { isWanted(Self.ledger($0)) })
  }

  /// Nothing after the last wanted ledger is read, so damage there is not noticed.
  @Test func readingStopsAfterTheLastWantedLedger() throws {
    let damaged = Ledgers.all[..<4].flatMap(marked) + [0x80, 0, 0]
    let found = try Shell.run("ledger-split --network local -o ndjson --ledgers 1026-1027", input: damaged)
    #expect(found.status == 0 && found.lines.count == 14)
    #expect(try Shell.run("ledger-split --network local -o ndjson --ledgers 1026-", input: damaged).status == 3)
  }

  /// Only the required objects are opened.
  @Test func onlyTheObjectsNeededAreOpened() throws {
    let scratch = try Scratch()
    _ = try Shell.run(
      "cp -r lake \(scratch.folder)/; echo damaged | tee \(scratch.folder)/lake/*/FFFFFBF?--* > /dev/null; cp lake/*/FFFFFBF5* \(scratch.folder)/lake/FFFFFBF7*/"
    )
    let found = try Shell.run("ledger-split --network local -o ndjson --ledgers 1034-1035 lake", in: scratch.folder)
    #expect(found.errors == "" && found.lines == Self.transactions.filter { (1034...1035).contains(Self.ledger($0)) })
    #expect(try Shell.run("ledger-split --network local --ledgers 1034-1036 lake", in: scratch.folder).status == 3)
  }

  @Test func missingObjectsAreNamed() throws {
    let scratch = try Scratch()
    _ = try Shell.run("cp -r lake \(scratch.folder)/; rm \(scratch.folder)/lake/*/FFFFFBF5*")
    let found = try Shell.run("ledger-split --network local -o ndjson lake", in: scratch.folder)
    #expect(found.status == 3 && found.messages == ["ledger-split: lake: no object holds ledgers 1034 to 1035"])
    #expect(found.lines == Self.transactions.filter { Self.ledger($0) < 1034 })
    #expect(try Shell.run("ledger-split --network local --ledgers 1040- lake", in: scratch.folder).status == 0)
    let after = try Shell.run("ledger-split --network local --ledgers 1050-1060 lake", in: scratch.folder)
    #expect(after.status == 3 && after.messages == ["ledger-split: lake: no object holds ledgers 1052 to 1060"])
    _ = try Shell.run("rm \(scratch.folder)/lake/*/*")
    let none = try Shell.run("ledger-split --network local lake", in: scratch.folder)
    #expect(none.status == 3 && none.messages == ["ledger-split: lake: no object holds any ledger"])
  }

  @Test func transactionsByHash() throws {
    let wanted = [Self.transactions[5], Self.transactions[80]]
    let hashes = try wanted.map { try #require(try JSON(text: $0)["tx_hash"]?.text) }
    let options = "--tx \(hashes[1].uppercased()) --tx \(hashes[0])"
    let found = try Shell.run("ledger-split --network local -o ndjson \(options) ledgers.xdr")
    #expect(found.lines.map(Self.withoutEventsBefore) == wanted)
    let none = try Shell.run("ledger-split --network local --tx \(String(repeating: "0", count: 64)) ledgers.xdr")
    #expect(none.status == 0 && none.output == [])
    #expect(none.messages == ["ledger-split: no transaction has the hash \(String(repeating: "0", count: 64)) (see --tx)"])
  }

  /// The line without the members that a selection adds.
  private static func withoutEventsBefore(_ line: String) -> String {
    #expect(line.contains(#","events_before":{"before_all_txs":"#))
    return line.replacing(#/,"events_before":\{[^}]*\}/#, with: "")
  }

  /// Only transactions with a record; those with only a footprint operation are included, because --footprint-ops gives them one.
  @Test func onlySorobanTransactions() throws {
    let all = Expected.text("invocations.ndjson").split(separator: "\n")
    let hashes = Set(try all.map { try JSON(text: String($0)).at(pointer: "/meta/tx_hash")?.text })
    let found = try Shell.run("ledger-split --network local --soroban -o ndjson ledgers.xdr")
    let lines = found.lines.map(Self.withoutEventsBefore)
    #expect(lines == Self.transactions.filter { line in hashes.contains((try? JSON(text: line))?["tx_hash"]?.text) })
  }

  // MARK: order

  private func stream(_ ledgers: [Int]) -> [UInt8] { ledgers.flatMap { marked(Ledgers.all[$0]) } }

  @Test func gapsAreWarnedAbout() throws {
    let found = try Shell.run("ledger-split --network local -o ndjson", input: stream([0, 2, 3, 9]))
    #expect(found.status == 0 && found.lines.count == 5 + 8 + 6 + 1)
    #expect(
      found.messages.map { $0.prefix { $0 != "(" } } == [
        "ledger-split: standard input: ledger 1025 missing before this one ",
        "ledger-split: standard input: ledgers 1028 to 1032 missing before this one ",
      ])
    #expect(try Shell.run("ledger-split --network local -q", input: stream([0, 2, 3, 9])).errors == "")
  }

  @Test func theLedgerJustReadAgainIsDropped() throws {
    let found = try Shell.run("ledger-split --network local -o ndjson", input: stream([2, 2, 3, 2]))
    #expect(found.status == 0 && found.lines.count == 8 + 6 + 8)
    #expect(
      found.messages.count == 2 && found.errors.contains("the repeated one is dropped")
        && found.errors.contains("comes after ledger 1027"))
  }

  @Test func ofManyWarningsTenAreShown() throws {
    let found = try Shell.run("ledger-split --network local -o ndjson", input: stream((0..<14).map { $0 * 2 }))
    #expect(found.status == 0 && found.messages.count == 11)
    #expect(found.messages.last == "ledger-split: 3 more gaps (at most 10 are shown per minute)")
    let again = try Shell.run("ledger-split --network local -o ndjson", input: stream([Int](repeating: 0, count: 12)))
    #expect(again.messages.last == "ledger-split: 1 more repeated ledgers (at most 10 are shown per minute)")
    let back = try Shell.run("ledger-split --network local -o ndjson", input: stream((0..<12).reversed()))
    #expect(back.messages.last == "ledger-split: 1 more steps back (at most 10 are shown per minute)")
  }
}
