import Bytes
import TestSupport
import Testing

@testable import Filtering

/// Event records: the selection is the same in all four forms, and equals the one computed here from the JSON.
@Suite struct EventRecordTests {
  private struct Question: Sendable {
    let set: @Sendable (inout FilterOptions) -> Void
    /// Computed from the record in native style.
    let expected: @Sendable (JSON) -> Bool
  }

  private static func text(_ record: JSON, _ part: String, _ name: String) -> String? { record[part]?[name]?.text }
  private static func topics(_ record: JSON) -> [String?] { record["event"]?["topics"]?.elements?.map(\.text) ?? [] }
  private static func amount(_ record: JSON) -> Int? {
    (record["event"]?["data"]?.text ?? record["event"]?["data"]?["amount"]?.text).flatMap { Int($0) }
  }

  private static func ledger(_ record: JSON) -> Double? {
    if case .number(let ledger)? = record["meta"]?["ledger_sequence"] { ledger } else { nil }
  }

  private static let native = "CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4"
  private static let hash = "997d32321ee3a5af19e1e709766b81f1a559bd990b3b86cc2c32d56f47f42120"

  private static let questions: [Question] = [
    Question(set: { _ in }, expected: { _ in true }),
    Question(set: { $0["contract"] = items(native) }, expected: { text($0, "event", "contract_id") == native }),
    Question(set: { $0["involves"] = items(native) }, expected: { text($0, "event", "contract_id") == native }),
    Question(set: { $0["topic"] = ["transfer/**"] }, expected: { topics($0).first == "transfer" }),
    Question(set: { $0["topic"] = ["*/*"] }, expected: { topics($0).count == 2 }),
    Question(
      set: { $0["topic"] = ["AAAADwAAAANmZWUA/*", "mint/**"] },
      expected: { topics($0).first == "mint" || topics($0).first == "fee" && topics($0).count == 2 }),
    Question(
      set: { $0["data"] = [".=>100", "amount=>100"] }, expected: { amount($0).map { $0 > 100 } ?? false }),
    Question(
      set: { ($0["data"], $0["topic"]) = ([".=<0"], ["fee/**"]) },
      expected: { topics($0).first == "fee" && amount($0).map { $0 < 0 } ?? false }),
    Question(
      set: { ($0["data"], $0["value-type"]) = (["*"], ["numeric"]) },
      expected: { $0["event"]?["data"]?.text.flatMap { Int($0) } != nil }),
    Question(set: { $0["event-type"] = ["contract"] }, expected: { text($0, "event", "type") == "contract" }),
    Question(set: { $0["event-type"] = ["system,diagnostic"] }, expected: { text($0, "event", "type") != "contract" }),
    Question(set: { $0["stage"] = ["operation"] }, expected: { text($0, "event", "stage") == "operation" }),
    Question(
      set: { $0["stage"] = ["before_all_txs,after_tx", "after_all_txs"] }, expected: { text($0, "event", "stage") != "operation" }
    ),
    Question(set: { $0.ledgers = [2001...2003] }, expected: { ledger($0).map { (2001...2003).contains($0) } ?? false }),
    Question(
      set: { $0["since"] = ["2024-01-01T01:21:25Z"] },
      expected: { text($0, "meta", "closed_at").map { $0 >= "2024-01-01T01:21:25Z" } ?? false }
    ),
    Question(set: { $0["tx"] = items(hash) }, expected: { text($0, "meta", "tx_hash") == hash }),
    Question(set: { $0["succeeded"] = [] }, expected: { $0["meta"]?["successful"] == .bool(true) }),
    Question(set: { $0["failed"] = [] }, expected: { $0["meta"]?["successful"] == .bool(false) }),
    Question(set: { $0["result"] = ["success"] }, expected: { text($0, "meta", "result_code") == "success" }),
    Question(
      set: { ($0["failed"], $0["stage"]) = ([], ["before_all_txs"]) },
      expected: { $0["meta"]?["successful"] == .bool(false) && text($0, "event", "stage") == "before_all_txs" }),
    Question(
      set: { ($0["failed"], $0["topic"], $0["any"]) = ([], ["transfer/**"], []) },
      expected: { $0["meta"]?["successful"] == .bool(false) || topics($0).first == "transfer" }),
    Question(
      set: {
        $0.request = Array(
          #"{"filters":[{"type":"contract","topics":[["AAAADwAAAANmZWUA","*"],["AAAADwAAAAh0cmFuc2Zlcg==","**"]]}]}"#.utf8)
      },
      expected: { topics($0).first == "transfer" || topics($0).first == "fee" && topics($0).count == 2 }),
    Question(
      set: { $0.request = Array(#"{"startLedger":2001,"endLedger":2003,"filters":[{"contractIds":["\#(native)"]}]}"#.utf8) },
      expected: { text($0, "event", "contract_id") == native && ledger($0).map { (2001...2002).contains($0) } ?? false }),
  ]

  /// All lines, and the first twenty without the members that an RPC server may not know.
  private static let lines =
    eventLines
    + eventLines.prefix(20).map { line in
      line.replacing(#/"successful":\w+/#, with: #""successful":null"#)
        .replacing(#/"closed_at":"[^"]*"/#, with: #""closed_at":null"#)
        .replacing(#/"tx_hash":"[^"]*"/#, with: #""tx_hash":null"#)
        .replacing(#/"stage":"[^"]*"/#, with: #""stage":null"#)
    }
  private static let records = RecordForm.allCases.map { form in Result { try Records(lines, as: form) } }

  private func expected(_ question: Question) throws -> [Int] {
    let records = try #require(try Self.records.map { try $0.get() }.first { $0.form == .native }).records
    return try records.indices.filter { question.expected(try JSON(text: records[$0])) }
  }

  private func isStageKnown(_ line: String) -> Bool { !line.contains("\"stage\":null") }

  @Test(arguments: questions.indices) func allFormsSelectWhatTheJSONSays(_ index: Int) throws {
    let question = Self.questions[index]
    var wanted = try expected(question)
    // These conditions apply to records whose stage is known.
    if index == 12 { wanted = wanted.filter { isStageKnown(Self.lines[$0]) } }
    #expect(index == 10 || index == 18 || !wanted.isEmpty)
    for records in Self.records {
      let records = try records.get()
      #expect(try records.selected(options(question.set)) == wanted, "\(records.form)")
      let others = try records.selected(
        options {
          question.set(&$0)
          $0["invert-match"] = []
        })
      #expect(others == Self.lines.indices.filter { !wanted.contains($0) }, "\(records.form)")
    }
  }

  @Test func theLastMembersFirst() throws {
    for question in Self.questions {
      var filter = RecordFilter(try options(question.set).filter())
      for line in eventLines {
        let other = try #require(line.wholeMatch(of: /\{("_schema":"[^"]*"),("meta":\{.*\}),"event":\{(.*),("type":.*)\}\}/))
        let expected = try filter.selects(line: Array(line.utf8).bytes)
        let turned = "{\"event\":{\(other.4),\(other.3)},\"x\":[{}],\(other.2),\(other.1)}"
        let isWanted = try filter.selects(line: Array(turned.utf8).bytes)
        #expect(isWanted == expected)
      }
    }
  }

  /// A condition that does not apply to the kind of the first record is an error; later records of another kind do not match it.
  @Test func mixedStreams() throws {
    let mixed = [Sample().line] + eventLines.prefix(3)
    let turned = eventLines.prefix(3) + [Sample().line]
    for form in RecordForm.allCases {
      let (mixed, turned) = try (Records(mixed, as: form), Records(Array(turned), as: form))
      #expect(try mixed.selected(options { $0["function"] = ["transfer"] }) == [0])
      #expect(try mixed.selected(options { $0["max-args"] = ["5"] }) == [0])
      #expect(try mixed.selected(options { $0.ledgers = [2000...2000] }) == [1, 2, 3])
      #expect(try mixed.selected(options { ($0["function"], $0["invert-match"]) = (["x"], []) }) == [0, 1, 2, 3])
      #expect(try turned.selected(options { $0["stage"] = ["operation", "before_all_txs", "after_tx"] }) == [0, 1, 2])
      #expect(throws: RecordError.self) { try turned.selected(options { $0["function"] = ["transfer"] }) }
      #expect(throws: RecordError.self) {
        try turned.selected(options { ($0["has"], $0["any"], $0["failed"]) = (["events"], [], []) })
      }
      #expect(throws: RecordError.self) { try mixed.selected(options { $0["stage"] = ["operation"] }) }
    }
  }

  @Test func optionsThatDoNotApply() throws {
    let sets: [(name: String, set: @Sendable (inout FilterOptions) -> Void)] = [
      ("--function", { ($0["function"], $0["any-call"]) = (["f"], []) }), ("--account", { $0["account"] = items(account(1)) }),
      ("--type", { $0["type"] = ["call"] }), ("--arg", { $0["arg"] = ["1"] }), ("--state", { $0["state"] = ["1"] }),
      ("--has", { $0["has"] = ["events"] }), ("--change", { $0["change"] = ["create"] }),
      ("--durability", { $0["durability"] = ["temporary"] }), ("--affects", { $0["affects"] = items(contract(1)) }),
      ("--min-args", { $0["min-args"] = ["0"] }), ("--max-args", { $0["max-args"] = ["9"] }),
      ("--value-type", { $0["value-type"] = ["bytes"] }),
      ("--request function_names", { $0.request = Array(#"{"functionNames":["f"]}"#.utf8) }),
    ]
    for (name, set) in sets {
      let filter = try options(set).filter()
      #expect(filter.notForEvents == [name] && filter.notForInvocations == [])
    }
    for question in Self.questions { #expect(try options(question.set).filter().notForEvents == []) }
  }

  @Test func everyTruncatedLineIsNoticed() throws {
    let line = try #require(eventLines.first)
    let filter = RecordFilter(try FilterOptions().filter())
    try filter.validate(line: Array(line.utf8).bytes)
    for length in 1..<line.utf8.count {
      #expect(throws: RecordError.self) { try filter.validate(line: Array(line.utf8.prefix(length)).bytes) }
    }
    for (from, to) in [("\"event\":{", "\"event\":{},\"event\":{"), ("\"meta\":{", "\"meto\":{"), (".v1", ".v2")] {
      let other = line.replacing(from, with: to, maxReplacements: 1)
      #expect(throws: RecordError.self) { try filter.validate(line: Array(other.utf8).bytes) }
    }
  }

  @Test func damagedRecordsAreRefusedOrRejected() throws {
    let record = try Records(Array(eventLines.prefix(1)), as: .xdr).records[0]
    var filter = RecordFilter(try options { $0["topic"] = ["transfer/**"] }.filter())
    for length in 0..<record.count {
      #expect(throws: RecordError.self) { _ = try filter.selects(record: Array(record.prefix(length)).bytes) }
    }
    for question in Self.questions {
      var filter = RecordFilter(try options(question.set).filter())
      for place in record.indices {
        for byte in [0x00, 0x7F, 0xFF] as [UInt8] {
          var damaged = record
          damaged[place] = byte
          _ = try? filter.selects(record: damaged.bytes)
        }
      }
    }
  }

  // MARK: getEvents requests

  private func event(_ topics: String, type: String = "contract", by: String = contract(1)) -> String {
    """
    {"_schema":"soroban-pipes.contract_event.v1","meta":{"ledger_sequence":10,"closed_at":null,"tx_hash":null,"tx_index":null,\
    "op_index":null,"successful":null,"toid":null,"protocol_version":null,"tx_successful":null,"result_code":null,\
    "tx_result_code":null,"inner_tx_hash":null,"fee_account":null,"source_account":null,"fee_charged":null},"event":{"id":null,\
    "stage":null,"operation_index":null,"event_index":null,"contract_id":"\(by)","type":"\(type)","topics":\(topics),\
    "data":"void","call_index":null}}
    """
  }

  @Test func requestsOnEventsAndInvocations() throws {
    let topics = [
      #"[{"symbol":"transfer"},{"u32":1}]"#, #"[{"symbol":"transfer"}]"#, "[]", #"[{"string":"transfer"},{"u32":1}]"#,
    ]
    let transfer = "AAAADwAAAAh0cmFuc2Zlcg=="
    let rows: [(filters: String, expected: [Int])] = [
      ("[]", [0, 1, 2, 3]), ("[{}]", [0, 1, 2, 3]), (#"[{"topics":[["\#(transfer)","*"]]}]"#, [0]),
      (#"[{"topics":[["\#(transfer)","**"]]}]"#, [0, 1]), (#"[{"topics":[["*"]]}]"#, [1]),
      (#"[{"topics":[["*","*"]]}]"#, [0, 3]), (#"[{"topics":[["**"]]}]"#, [0, 1, 2, 3]),
      (#"[{"topics":[["\#(transfer)"],["AAAADgAAAAh0cmFuc2Zlcg==","AAAAAwAAAAE="]]}]"#, [1, 3]),
      (#"[{"topics":[["\#(transfer)"]]},{"topics":[["*","*"]],"type":"contract"}]"#, [0, 1, 3]),
      (#"[{"contractIds":["\#(contract(1))","\#(contract(2))"],"type":"contract,system"}]"#, [0, 1, 2, 3]),
      (#"[{"contractIds":["\#(contract(2))"]}]"#, []), (#"[{"type":"system"}]"#, []), (#"[{"type":"diagnostic"}]"#, []),
    ]
    let samples = topics.map { Sample(events: "[\(Sample.event($0, by: contract(1)))]") }
    for row in rows {
      // Native style does not distinguish a symbol from a string.
      for form in [RecordForm.xdr, .raw, .sep51] {
        for request in [
          #"{"filters":\#(row.filters)}"#, #"{"startLedger":5,"filters":\#(row.filters),"pagination":{"limit":1}}"#,
          #"{"jsonrpc":"2.0","id":7,"method":"getEvents","params":{"xdrFormat":"json","filters":\#(row.filters)}}"#,
        ] {
          let options = options { $0.request = Array(request.utf8) }
          #expect(try Records(topics.map { event($0) }, as: form).selected(options) == row.expected, "\(request)")
          #expect(try Records(samples, as: form).selected(options) == row.expected, "\(request)")
        }
      }
    }
  }

  /// An RPC server has the events of a failed call only as diagnostics.
  @Test func requestsOnDiagnostics() throws {
    func selected(_ filters: String) throws -> [Int] {
      let samples = [
        Sample(diagnostics: "[\(Sample.diagnostic("[]", type: "contract"))]"),
        Sample(diagnostics: "[\(Sample.diagnostic("[]"))]"),
      ]
      return try select(samples) { $0.request = Array(#"{"filters":\#(filters)}"#.utf8) }
    }
    #expect(try selected(#"[{"type":"contract"}]"#) == [])
    #expect(try selected(#"[{"type":"diagnostic"}]"#) == [1])
    #expect(try selected(#"[{"type":"contract,diagnostic"}]"#) == [1])
    #expect(try selected("[{}]") == [])
    let rows = try Records([event("[]"), event("[]", type: "diagnostic")], as: .raw)
    #expect(try rows.selected(options { $0.request = Array(#"{"filters":[{"type":"diagnostic"}]}"#.utf8) }) == [1])
    #expect(try rows.selected(options { $0.request = Array(#"{"filters":[{"topics":[["**"]]}]}"#.utf8) }) == [0, 1])
    #expect(try rows.selected(options { $0["event-type"] = ["diagnostic"] }) == [1])
  }

  @Test(arguments: [("5", 10), ("10", 11), ("10", 0)]) func ledgersOfARequest(first: String, end: Int) throws {
    let request = #"{"startLedger":\#(first),"endLedger":\#(end),"filters":[]}"#
    let isWanted = try Records([event("[]")], as: .xdr).selected(options { $0.request = Array(request.utf8) })
    #expect(isWanted == (end == 10 ? [] : [0]))
  }
}
