import Bytes
import TestSupport
import Testing

/// `invocation-extract --verify` proves return values and events with the results, `ledger-split --anchor` ledgers with a hash.
@Suite struct ProofTests {
  /// For our own ledgers it reports only what they contain: events that core added and rewrote.
  @Test func testdataIsProved() throws {
    for option in ["", "--by event"] {
      let plain = try Shell.run("ledger-split --network local events.xdr | invocation-extract \(option)")
      let found = try Shell.run("ledger-split --network local events.xdr | invocation-extract --verify \(option)")
      #expect(found.status == 0 && found.output == plain.output)
      let messages = found.messages.map {
        $0.replacing(/transaction [0-9a-f]{64}/, with: "transaction HASH").replacing(#/ \(byte.*, /#, with: " (")
      }
      #expect(
        messages == [
          "invocation-extract: standard input: transaction HASH: events of operation 0 were rewritten for the meta of a later protocol, and cannot be proved (ledger 2000)",
          "invocation-extract: standard input: transaction HASH: events of operation 0 were rewritten for the meta of a later protocol, and cannot be proved (ledger 2001)",
          "invocation-extract: standard input: transaction HASH: 1 event was added in front by core, and cannot be proved (operation 0) (ledger 2002)",
        ])
      #expect(try Shell.run("ledger-split --network local events.xdr | invocation-extract -q --verify \(option)").errors == "")
    }
    let others = try Shell.run("invocation-extract --verify transactions.ndjson > /dev/null")
    #expect(others.status == 0 && others.messages.count == 1 && others.errors.contains(": 2 events were added in front by core"))
  }

  /// Any flipped bit of a return value or an event is detected, and nothing of the transaction is written.
  @Test func aFlippedBitIsSeen() throws {
    let records = markedRecords(try Shell.run("ledger-split --network local --ledgers 1027-1042 lake").output)
    var flips = 0
    for record in records {
      let view = XDRView("LedgerTransaction", record)
      let meta = view["meta_xdr"]
      let inside = XDRView("TransactionMeta", meta.content)
      guard isSuccessfulCall(view),
        let soroban = (inside.member(named: "v4") ?? inside.member(named: "v3"))?["soroban_meta"].value
      else { continue }
      let offset = meta.range.lowerBound + 4
      let isV4 = inside.member(named: "v4") != nil
      let value = isV4 ? soroban["return_value"].value : soroban["return_value"]
      let events = isV4 ? inside["v4"]["operations"].elements[0]["events"].elements : soroban["events"].elements
      // Nothing proves the events that core added.
      if try Shell.run("invocation-extract --verify > /dev/null", input: marked(record)).errors != "" { continue }
      // The last byte of a contract's id, and of a number, where any bits are valid.
      var places = events.map { $0["contract_id"].range.upperBound - 1 }
      if let value, (3...12).contains(value.xdr[3]) { places.append(value.range.upperBound - 1) }
      for place in places {
        var changed = record
        changed[offset + place] ^= 1
        let found = try Shell.run("invocation-extract --verify", input: marked(changed))
        flips += 1
        #expect(found.status == 3 && found.text == "" && found.messages.count == 1)
        let hash = hexDigits(view["tx_hash"].xdr)
        #expect(
          found.errors.contains("transaction \(hash): return value and events of operation 0 hash to "), "\(found.errors)")
        #expect(try Shell.run("invocation-extract --verify -k", input: marked(changed) + marked(record)).lines.count == 1)
      }
    }
    #expect(flips > 15)
  }

  private func isSuccessfulCall(_ transaction: XDRView) -> Bool {
    let result = XDRView("TransactionResult", transaction["result_xdr"].content)["result"]
    return result.name == "tx_success"
      && result["tx_success"].elements.first?.member(named: "op_inner")?.member(named: "invoke_host_function")?.name == "success"
  }

  @Test func aMissingReturnValueIsSeen() throws {
    let scratch = try Scratch()
    let found = try Shell.run(
      """
      ledger-split --network local --ledgers 2002 --soroban -o ndjson events.xdr | head -n 1 >$SCRATCH/one
      jq -r .meta_xdr $SCRATCH/one | scval-json --type TransactionMeta | jq -c '.v4.soroban_meta.return_value = null' |
        scval-json --encode --type TransactionMeta >$SCRATCH/meta
      jq -c --rawfile meta $SCRATCH/meta '.meta_xdr = ($meta | rtrimstr("\n"))' $SCRATCH/one | invocation-extract --verify
      """, environment: ["SCRATCH": scratch.folder])
    #expect(found.status == 3 && found.errors.contains("the meta has no return value and events of operation 0, which succeeded"))
  }

  // MARK: anchors

  private static let hashes = ["2000", "2003"].map { sequence in
    let found = try? Shell.run(
      "ledger-split --network local --by ledger --ledgers \(sequence) events.xdr | scval-json --type LedgerCloseMeta | jq -r '.[] | .ledger_header.hash'"
    )
    return (sequence, found?.lines.first ?? "")
  }

  @Test func anAnchorMustBeTheLedgersHash() throws {
    let split = "ledger-split --network local --verify -o ndjson"
    let plain = try Shell.run("\(split) events.xdr")
    for (sequence, hash) in Self.hashes {
      #expect(hash.count == 64)
      let found = try Shell.run("\(split) --anchor \(sequence):\(hash) events.xdr")
      #expect(found.status == 0 && found.errors == "" && found.output == plain.output)
      let wrong = try Shell.run("\(split) --anchor \(sequence):\(String(hash.reversed())) events.xdr")
      #expect(wrong.status == 3 && wrong.messages.count == 1)
      #expect(wrong.errors.contains(": the hash is \(hash), but --anchor says \(String(hash.reversed())) ("))
      #expect(wrong.errors.contains("ledger \(sequence))"))
    }
    let both = Self.hashes.map { "--anchor \($0.0):\($0.1)" }.joined(separator: " ")
    #expect(try Shell.run("\(split) \(both) events.xdr").output == plain.output)
    // The anchor's ledger is not read, because the range or the input ends before it.
    for more in ["--ledgers -2001", "--ledgers 2000-2002"] {
      let found = try Shell.run("\(split) \(more) \(both) events.xdr")
      #expect(found.status == 3)
      #expect(found.errors.contains("ledger 2003 of --anchor was not read, so nothing before it is proved"))
    }
    #expect(try Shell.run("\(split) \(both) /dev/null").status == 3)
  }
}
