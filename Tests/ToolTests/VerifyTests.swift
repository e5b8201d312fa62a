import Bytes
import Hashing
import Ledgers
import TestSupport
import Testing

/// `ledger-split --verify`: every hash that does not match the ledger's bytes is reported, with both values.
@Suite struct VerifyTests {
  private static let command = "ledger-split --verify --network local -o ndjson"
  private static let zero = String(repeating: "0", count: 64)

  /// The ledger; its first word is its version.
  private static func view(_ ledger: [UInt8]) -> XDRView {
    XDRView("LedgerCloseMeta", ledger)["v\(ledger[3])"]
  }

  private static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    hex(SHA256Hasher.hash(Array(bytes).bytes).hex)
  }

  /// Verifies the previous ledger, ledger `index` after `change`, and the next ledger.
  private func verify(_ index: Int, _ change: (inout [UInt8], XDRView) -> Void) throws -> Outcome {
    var ledger = Ledgers.all[index]
    change(&ledger, Self.view(ledger))
    let found = try Shell.run(Self.command, input: [Ledgers.all[index - 1], ledger, Ledgers.all[index + 1]].flatMap(marked))
    #expect(found.status == 3 && found.messages.count == 1)
    let before = try Shell.run(Self.command, input: marked(Ledgers.all[index - 1]))
    #expect(
      before.status == 0 && found.output == before.output, "what comes before is written, and nothing of the damaged ledger")
    return found
  }

  /// Recomputes the header's hash.
  private static func seal(_ ledger: inout [UInt8]) {
    let header = view(ledger)["ledger_header"]
    ledger.replaceSubrange(header["hash"].range, with: hash(ledger[header["header"].range]))
  }

  private static let withTransactions = (1..<Ledgers.all.count - 1).filter {
    !view(Ledgers.all[$0])["tx_processing"].elements.isEmpty
  }

  @Test(arguments: withTransactions) func everyHashIsComputedAgain(index: Int) throws {
    let sequence = Int(Ledgers.first) + index
    let place = "(byte \(4 + Ledgers.all[index - 1].count + 4), record 2, ledger \(sequence))"
    var stated = ""
    var computed = ""

    // The header's own hash.
    var found = try verify(index) { ledger, view in
      let header = view["ledger_header"]
      stated = hexDigits(ledger[header["hash"].range])
      ledger[header["header"]["total_coins"].range.lowerBound + 7] ^= 1
      computed = hexDigits(Self.hash(ledger[header["header"].range]))
    }
    #expect(
      found.messages == ["ledger-split: standard input: header hash is stated as \(stated), but computed as \(computed) \(place)"]
    )

    // The chain.
    found = try verify(index) { ledger, view in
      computed = hexDigits(ledger[view["ledger_header"]["header"]["previous_ledger_hash"].range])
      ledger.replaceSubrange(
        view["ledger_header"]["header"]["previous_ledger_hash"].range, with: [UInt8](repeating: 0, count: 32))
      Self.seal(&ledger)
    }
    #expect(
      found.messages == [
        "ledger-split: standard input: previous ledger hash is \(Self.zero), but the ledger before has \(computed) \(place)"
      ])

    // The transaction set.
    found = try verify(index) { ledger, view in
      let set = view["ledger_header"]["header"]["scp_value"]["tx_set_hash"].range
      stated = Self.zero
      computed = hexDigits(ledger[set])
      ledger.replaceSubrange(set, with: [UInt8](repeating: 0, count: 32))
      Self.seal(&ledger)
    }
    #expect(
      found.messages == [
        "ledger-split: standard input: transaction set hash is stated as \(stated), but computed as \(computed) \(place)"
      ])

    // The results: the stated fee of a transaction.
    found = try verify(index) { ledger, view in
      stated = hexDigits(ledger[view["ledger_header"]["header"]["tx_set_result_hash"].range])
      let results = view["tx_processing"].elements.map { $0["result"].range }
      ledger[view["tx_processing"].elements[0]["result"]["result"]["fee_charged"].range.lowerBound + 7] ^= 1
      let set = word(UInt32(results.count)) + results.flatMap { ledger[$0] }
      computed = hexDigits(Self.hash(set))
    }
    #expect(
      found.messages == [
        "ledger-split: standard input: result set hash is stated as \(stated), but computed as \(computed) \(place)"
      ])
  }

  @Test func aDamagedLedgerCanBeSkipped() throws {
    var ledger = Ledgers.all[3]
    ledger[Self.view(ledger)["ledger_header"]["header"]["total_coins"].range.lowerBound + 7] ^= 1
    // Its neighbours are valid: no further error because this ledger is missing, or because a later sequence is lower.
    let stream = [Ledgers.all[2], ledger, Ledgers.all[4], Ledgers.all[1], Ledgers.all[5]]
    let found = try Shell.run("\(Self.command) -k --stats", input: stream.flatMap(marked))
    #expect(found.status == 0 && found.errors.contains("\"skipped\":2,") && found.errors.contains("\"errors\":2,"))
    #expect(found.messages.count == 4)
    let others = try [2, 4, 5].flatMap { try Shell.run(Self.command, input: marked(Ledgers.all[$0])).output }
    let areEqual = found.output == others
    #expect(areEqual, "\(found.errors)")
  }

  /// These are warnings without `--verify`.
  @Test func gapsAndStepsBackAreErrors() throws {
    for (order, what) in [([1, 3], "ledger 1026 missing before this one"), ([3, 2], "comes after ledger 1027")] {
      let place = "byte \(4 + Ledgers.all[order[0]].count + 4), record 2, ledger \(1024 + order[1])"
      let message = "ledger-split: standard input: \(what) (\(place))"
      let input = order.flatMap { marked(Ledgers.all[$0]) }
      let found = try Shell.run(Self.command, input: input)
      #expect(found.status == 3 && found.messages == [message])
      #expect(found.output == (try Shell.run(Self.command, input: marked(Ledgers.all[order[0]])).output))
      let warned = try Shell.run("ledger-split --network local -o ndjson", input: input)
      #expect(warned.status == 0 && warned.messages == [message])
    }
  }

  @Test func ourOwnLedgersHold() throws {
    for file in ["ledgers.xdr", "lake", "diagnostics-on.xdr", "diagnostics-off.xdr"] {
      let found = try Shell.run("\(Self.command) \(file)")
      let plain = try Shell.run("ledger-split --network local -o ndjson \(file)")
      #expect(found.status == 0 && found.errors == "" && found.output == plain.output, "\(file)")
    }
  }

  @Test(.enabled(if: Repository.realLedgers != nil, "real ledgers are not here"))
  func allRealLedgersOfThePublicNetworkHold() throws {
    let folder = try #require(Repository.realLedgers)
    for file in Repository.files(in: "\(folder)/pubnet", ending: ".zst") {
      #expect(try Shell.run("ledger-split --verify \(file) > /dev/null").messages == [], "\(file)")
    }
    let run = try Shell.run("ledger-split --verify --by ledger --stats \(folder)/pubnet-run > /dev/null")
    #expect(run.status == 0 && run.messages.count == 1 && run.errors.contains("\"records_out\":12,"))
  }
}
