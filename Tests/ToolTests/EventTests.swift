import Foundation
import TestSupport
import Testing

/// `invocation-extract --by event`: one record per event, with the id of RPC `getEvents` (specification, section 5).
@Suite struct EventTests {
  private static let split = "ledger-split --network local events.xdr"
  private static let expected = Expected.text("events.ndjson")

  @Test(arguments: [
    "\(split) | invocation-extract --by event", "\(split) -o ndjson | invocation-extract --by event",
    "\(split) | scval-json | invocation-extract --by event",
    // To the other form and back.
    "scval-json --encode --type ContractEventRecord -o xdr events.ndjson >$SCRATCH/xdr && \(split) | invocation-extract --by event -o xdr | cmp - $SCRATCH/xdr && cat events.ndjson",
  ]) func everyEventOfEveryStage(command: String) throws {
    let scratch = try Scratch()
    let found = try Shell.run(command, environment: ["SCRATCH": scratch.folder])
    #expect(found.status == 0 && found.errors == "")
    #expect(found.text == Self.expected)
  }

  /// Ids are unique and ordered: the events of charged fees first, those of refunds last.
  @Test func idsAreInOrder() throws {
    let events = try Self.expected.split(separator: "\n").map { try JSON(text: String($0)) }
    let ids = try events.map { try #require($0["event"]?["id"]?.text) }
    #expect(Set(ids).count == ids.count)
    let stages = zip(ids, events).sorted { $0.0 < $1.0 }.compactMap { pair -> (Int, String)? in
      guard let ledger = pair.1["meta"]?["ledger_sequence"]?.integer, let stage = pair.1["event"]?["stage"]?.text else {
        return nil
      }
      return (ledger, stage)
    }
    for ledger in Set(stages.map(\.0)) {
      let own = stages.filter { $0.0 == ledger }.map(\.1)
      #expect(own.drop { $0 == "before_all_txs" }.allSatisfy { $0 != "before_all_txs" })
      #expect(own.reversed().drop { $0 == "after_all_txs" }.allSatisfy { $0 != "after_all_txs" })
    }
  }

  /// Counters over the ledger are part of the transaction.
  @Test func aSelectionOfTransactionsHasTheSameIDs() throws {
    let all = Set(Self.expected.split(separator: "\n"))
    for form in ["xdr", "ndjson"] {
      let soroban = try Shell.run("\(Self.split) --soroban -o \(form) | invocation-extract --by event")
      #expect(soroban.status == 0 && soroban.lines.count == 22)
      #expect(soroban.lines.filter { !all.contains(Substring($0)) } == [])
    }
    let one = try Shell.run(
      "\(Self.split) --tx $(sed -n '$p' events.ndjson | jq -r .meta.tx_hash) | invocation-extract --by event -o xdr | scval-json")
    #expect(one.lines.count > 0)
    #expect(!one.text.contains("\"id\":null"))
  }

  /// The member is present only if transactions were omitted, with its own shape.
  @Test func eventsBefore() throws {
    #expect(!(try Shell.run("\(Self.split) -o ndjson")).text.contains("events_before"))
    let found = try Shell.run("\(Self.split) --soroban -o ndjson")
    #expect(found.lines.allSatisfy { $0.hasSuffix(#"}}"#) && $0.contains(#","events_before":{"before_all_txs":"#) })
    // Both forms have it, and a record without it is unchanged.
    #expect(try Shell.run("\(Self.split) --soroban | scval-json").output == found.output)
    let records = markedRecords(try Shell.run("\(Self.split) --soroban").output)
    #expect(records.allSatisfy { Array($0[..<4]) == [0x53, 0x50, 0x54, 2] })
    let again = try Shell.run(
      "scval-json --encode --type LedgerTransaction -o xdr", input: found.output)
    #expect(markedRecords(again.output) == records)
    #expect(markedRecords(try Shell.run(Self.split).output).allSatisfy { Array($0[..<4]) == [0x53, 0x50, 0x54, 1] })
  }

  /// Without all preceding transactions of the ledger, or from an RPC server, the id is null.
  @Test func unknownMembersAreNull() throws {
    let lines = try Shell.run("\(Self.split) -o ndjson | sed 1d | invocation-extract --by event").lines.map { try JSON(text: $0) }
    let first = lines.filter { $0["meta"]?["ledger_sequence"]?.integer == 2000 }
    for event in first {
      let isCounted = event["event"]?["stage"]?.text == "before_all_txs"
      #expect((event["event"]?["id"] == .null) == isCounted && (event["event"]?["event_index"] == .null) == isCounted)
    }
    #expect(first.count { $0["event"]?["id"] == .null } == 3)
    #expect(lines.filter { $0["meta"]?["ledger_sequence"]?.integer != 2000 }.allSatisfy { $0["event"]?["id"] != .null })

    let rpc = try Shell.run(
      """
      \(Self.split) -o ndjson | jq -c '{txHash: .tx_hash, applicationOrder: .tx_index, envelopeXdr: .envelope_xdr,
        resultXdr: .result_xdr, resultMetaXdr: .meta_xdr, ledger: .ledger_sequence, createdAt: 1704072080}' |
        invocation-extract --network local --by event
      """)
    #expect(rpc.status == 0 && rpc.lines.count == 38)
    for (line, expected) in zip(rpc.lines, Self.expected.split(separator: "\n")) {
      let (event, whole) = (try JSON(text: line)["event"], try JSON(text: String(expected))["event"])
      let isCounted = ["before_all_txs", "after_all_txs"].contains(event?["stage"]?.text)
      #expect(event?["id"] == (isCounted ? .null : whole?["id"]))
    }
  }

  /// The number of events of an unreadable transaction is unknown.
  @Test func aSkippedTransactionLeavesAGap() throws {
    let found = try Shell.run(
      #"\#(Self.split) -o ndjson | sed '2s/"meta_xdr":"AAAABA/"meta_xdr":"AAAACQ/' | invocation-extract -k --by event"#)
    #expect(found.status == 0 && found.messages.count == 1)
    let ids = try found.lines.map { try JSON(text: $0) }.filter {
      $0["meta"]?["ledger_sequence"]?.integer == 2000 && $0["event"]?["stage"]?.text == "before_all_txs"
    }
    #expect(ids.map { $0["event"]?["id"] == .null } == [false, true, true])
  }

  // MARK: getEvents

  @Test func answersOfGetEvents() throws {
    let lake = try Shell.run("ledger-split --network local lake | invocation-extract --by event")
    let known = Dictionary(
      try lake.lines.map { try JSON(text: $0) }.map { ($0["event"]?["id"]?.text ?? "", $0) },
      uniquingKeysWith: { first, _ in first })
    let answer = try Shell.run("invocation-extract --by event rpc/getEvents.json")
    #expect(answer.status == 0 && answer.lines.count == 103)
    for line in answer.lines {
      let told = try JSON(text: line)
      let same = try #require(known[told["event"]?["id"]?.text ?? ""])
      for name in ["id", "stage", "operation_index", "event_index", "contract_id", "type", "topics", "data"] {
        #expect(told["event"]?[name] == same["event"]?[name])
      }
      for name in ["ledger_sequence", "closed_at", "tx_hash", "tx_index", "op_index", "successful", "toid"] {
        #expect(told["meta"]?[name] == same["meta"]?[name])
      }
      for name in ["protocol_version", "tx_successful", "result_code", "fee_charged", "source_account"] {
        #expect(told["meta"]?[name] == .null)
      }
    }
    for command in [
      "jq -c .result rpc/getEvents.json", "jq -c '.result.events[]' rpc/getEvents.json",
      // Decoded values.
      """
      scval-json --field 'result.events[].topic[]' --field 'result.events[].value' rpc/getEvents.json |
        jq -c '.result.events[] |= (.topicJson = .topic | .valueJson = .value | del(.topic, .value))'
      """,
    ] {
      #expect(try Shell.run("\(command) | invocation-extract --by event").output == answer.output, "\(command)")
    }
    let none = try Shell.run(#"echo '{"result":{"events":[],"latestLedger":7}}' | invocation-extract --by event"#)
    #expect(none.status == 0 && none.text == "" && none.errors == "")
  }

  /// The members of the id.
  @Test(arguments: [
    (0, 0, "before_all_txs", "null", "null"), (2, 4095, "after_tx", "2", "null"), (3, 0, "operation", "3", "0"),
    (3, 1, "operation", "3", "1"), (1_048_575, 0, "after_all_txs", "null", "null"), (0, 1, "null", "null", "null"),
    (1_048_575, 1, "null", "null", "null"),
  ]) func stageOfAnID(transaction: Int, operation: Int, stage: String, txIndex: String, opIndex: String) throws {
    let toid = 2003 << 32 | transaction << 12 | operation
    let id = String(repeating: "0", count: 19 - "\(toid)".count) + "\(toid)-0000000007"
    let event = try record(of: id)
    #expect(event["event"]?["id"]?.text == id)
    #expect(text(event["event"]?["stage"]) == stage)
    #expect(text(event["meta"]?["tx_index"]) == txIndex)
    #expect(text(event["event"]?["operation_index"]) == opIndex && text(event["meta"]?["op_index"]) == opIndex)
    #expect(text(event["event"]?["event_index"]) == "7")
    #expect(text(event["meta"]?["toid"]) == (stage == "operation" ? "\(toid + 1)" : "null"))
  }

  /// An invalid id, or one of another ledger, is kept.
  @Test(arguments: [
    "a-1", "", "0000008602819489792-000000000x", "0000008602819489792-9999999999", "0000008598524526592-0000000000",
  ])
  func otherIDs(id: String) throws {
    let event = try record(of: id)
    #expect(event["event"]?["id"]?.text == id)
    #expect(event["event"]?["stage"] == .null && event["event"]?["event_index"] == .null && event["meta"]?["toid"] == .null)
  }

  private func record(of id: String) throws -> JSON {
    let entry = #"{"type":"contract","ledger":2003,"id":"\#(id)","topic":[],"value":"AAAAAQ=="}"#
    let found = try Shell.run("invocation-extract --by event", input: Array(entry.utf8))
    #expect(found.status == 0 && found.lines.count == 1)
    return try JSON(text: try #require(found.lines.first))
  }

  private func text(_ value: JSON?) -> String { value?.text ?? value?.integer.map(String.init) ?? "null" }

  // MARK: real ledgers

  /// As many rows as there are events in the metas, each with the id that is computed here.
  @Test(
    .enabled(if: Repository.realLedgers != nil, "there are no real ledgers beside the checkout"),
    arguments: ["p22-57500008", "p24-60659332"])
  func idsOfRealLedgers(name: String) throws {
    let file = "\(try #require(Repository.realLedgers))/pubnet/\(name).xdr.zst"
    var counts: [String: Int] = [:]
    var expected: [String] = []
    for bytes in markedRecords(try Shell.run("ledger-split \(file)").output) {
      let record = XDRView("LedgerTransaction", bytes)
      let (ledger, index) = (Int(record["ledger_sequence"].integer), Int(record["tx_index"].integer))
      let meta = XDRView("TransactionMeta", record["meta_xdr"].content)["v4"]
      func add(_ transaction: Int, _ operation: Int, _ index: Int) {
        let toid = "\(ledger << 32 | transaction << 12 | operation)", index = "\(index)"
        expected.append(
          String(repeating: "0", count: 19 - toid.count) + toid + "-" + String(repeating: "0", count: 10 - index.count) + index)
      }
      for (operation, one) in meta["operations"].elements.enumerated() {
        for event in one["events"].elements.indices { add(index, operation, event) }
      }
      var after = 0
      for event in meta["events"].elements {
        let stage = event["stage"].name
        if stage == "after_tx" {
          add(index, 4095, after)
          after += 1
        } else {
          add(stage == "before_all_txs" ? 0 : 1_048_575, 0, counts[stage, default: 0])
          counts[stage, default: 0] += 1
        }
      }
    }
    let found = try Shell.run("ledger-split \(file) | invocation-extract --by event | jq -r .event.id")
    #expect(expected.count > 400 && Set(expected).count == expected.count)
    #expect(found.lines == expected)
  }

  // MARK: names

  @Test func eventsOfAssetsHaveNames() throws {
    let found = try Shell.run("scval-json --style native --spec asset events.ndjson")
    #expect(found.status == 0 && found.errors == "")
    for line in found.lines {
      let event = try #require(try JSON(text: line)["event"])
      let name = event["topics"]?.elements?.first?.text
      let expected: [String: [JSON]] = [
        "fee": [.null, "from"], "transfer": [.null, "from", "to", "asset"], "mint": [.null, "to", "asset"],
      ]
      guard let names = expected[name ?? ""] else {
        #expect(event["event_name"] == nil && event["topic_names"] == nil)
        continue
      }
      #expect(event["topic_names"] == .array(names) && event["event_name"]?.text == name)
      // A map already has names.
      let isMap = event["data"]?["to_muxed_id"] != nil
      #expect(event["data_name"]?.text == (isMap ? nil : "amount"))
    }
    // In every form.
    let xdr = "\(Self.split) | invocation-extract --by event -o xdr | scval-json --style native --spec asset"
    #expect(try Shell.run(xdr).output == found.output)
    // Another contract's event that looks like a fee event, or a transfer of something that is not an asset, gets no such name.
    let fakes = try Shell.run(
      """
      sed -n 1p events.ndjson | scval-json | jq -c '(.event.topics[3].string = "no asset"),
        (.event.topics = [{"symbol":"fee"}, .event.topics[1]])' | scval-json --spec asset
      """)
    #expect(fakes.lines.count == 2 && !fakes.text.contains("event_name"))
  }

  // MARK: metrics

  @Test func metricsAreWhatCoreRecorded() throws {
    let found = try Shell.run("invocation-extract --include default,metrics transactions.ndjson")
    let plain = try Shell.run("invocation-extract transactions.ndjson")
    #expect(try Shell.run("invocation-extract --include default transactions.ndjson").output == plain.output)
    #expect(found.status == 0)
    let diagnostics = try Shell.run(
      """
      \(Self.split) -o ndjson | scval-json --field meta_xdr --type TransactionMeta |
        jq -c '[.meta_xdr.v4.diagnostic_events[].event.body.v0 | select(.topics[0].symbol == "core_metrics") |
          {(.topics[1].symbol): .data.u64}] | add' | grep -v null
      """)
    let metrics = try Shell.run("\(Self.split) | invocation-extract --include metrics | jq -c '.meta.metrics | select(.)'")
    #expect(metrics.output == diagnostics.output && metrics.lines.count == 3)
    // Without them, the record is unchanged, in both forms.
    for (line, old) in zip(found.lines, plain.lines) {
      let start = try #require(line.range(of: #","metrics":"#)),
        end = try #require(line.range(of: #"},"c"#) ?? line.range(of: #"},"upload"#))
      #expect(line[..<start.lowerBound] + line[end.lowerBound...] == old)
    }
    for command in ["invocation-extract --include default,metrics -o xdr", "invocation-extract -o xdr"] {
      let records = markedRecords(try Shell.run("\(command) transactions.ndjson").output)
      #expect(records.allSatisfy { Array($0[..<4]) == [0x53, 0x50, 0x49, command.contains("metrics") ? 2 : 1] })
    }
    for pipe in ["event-filter -o ndjson", "event-filter | event-filter -o ndjson"] {
      let command = "invocation-extract --include default,metrics -o xdr transactions.ndjson | \(pipe)"
      #expect(try Shell.run(command).output == found.output)
    }
    let encoded = "scval-json --encode --type ContractInvocation -o xdr | event-filter -o ndjson"
    #expect(try Shell.run(encoded, input: found.output).output == found.output)
  }
}
