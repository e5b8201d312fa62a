import Bytes
import Testing

@testable import Filtering

/// Warnings about conditions that nothing meets, before the first record and after the last one.
@Suite struct RemarkTests {
  private func warnings(_ set: (inout FilterOptions) -> Void) throws -> [String] {
    let filter = try options(set).filter()
    return filter.warnings + filter.invocationWarnings
  }

  @Test func conditionsThatNoRecordMeets() throws {
    let never: [@Sendable (inout FilterOptions) -> Void] = [
      { ($0.succeeded, $0.failed) = (true, true) }, { ($0.succeeded, $0.results) = (true, ["trapped", "malformed"]) },
      { ($0.types, $0.functions) = (["upload"], ["f"]) },
      { ($0.types, $0.functions) = (["create"], ["f"]) }, { ($0.types, $0.topics) = (["extend,restore"], ["a"]) },
      { ($0.types, $0.arguments) = (["upload"], ["a"]) }, { ($0.types, $0.minimumArguments) = (["upload"], 1) },
      { ($0.types, $0.contracts) = (["upload"], items(contract(1))) }, { ($0.types, $0.has) = (["restore"], ["events"]) },
      { ($0.failed, $0.data) = (true, ["a"]) }, { ($0.results, $0.changes) = (["trapped"], ["create"]) },
      { ($0.failed, $0.has) = (true, ["events,auth"]) }, { ($0.types, $0.stages) = (["call"], ["after_tx"]) },
      { ($0.types, $0.failed, $0.topics) = (["restore"], true, ["a"]) },
      { ($0.arguments, $0.maximumArguments) = (["2=x", "3.a=x"], 2) },
      { ($0.changes, $0.durabilities) = (["restore"], ["temporary"]) }, { $0.contracts = items(account(1)) },
    ]
    for (index, set) in never.enumerated() { #expect(try warnings(set).count == 1, "\(index)") }
  }

  @Test func conditionsThatSomeRecordMeets() throws {
    let possible: [@Sendable (inout FilterOptions) -> Void] = [
      { ($0.succeeded, $0.results) = (true, ["trapped", "success"]) }, { ($0.types, $0.functions) = (["upload,call"], ["f"]) },
      { ($0.types, $0.functions, $0.anyCall) = (["create"], ["f"], true) }, { ($0.types, $0.minimumArguments) = (["upload"], 0) },
      { ($0.types, $0.maximumArguments) = (["upload"], 3) }, { ($0.types, $0.has) = (["extend"], ["ttl"]) },
      { ($0.types, $0.has) = (["restore"], ["restorations"]) }, { ($0.types, $0.accounts) = (["extend"], items(account(1))) },
      { ($0.failed, $0.topics, $0.eventTypes) = (true, ["a"], ["contract"]) },
      { ($0.failed, $0.has) = (true, ["events", "auth"]) },
      { ($0.failed, $0.has) = (true, ["diagnostics,calls"]) }, { ($0.failed, $0.results) = (true, ["success"]) },
      { ($0.failed, $0.involved) = (true, items(contract(1))) }, { ($0.arguments, $0.maximumArguments) = (["2=x", "1=x"], 2) },
      { ($0.failed, $0.data, $0.any) = (true, ["a"], true) }, { ($0.succeeded, $0.failed, $0.any) = (true, true, true) },
      { ($0.changes, $0.durabilities) = (["restore,create"], ["temporary"]) },
      { $0.contracts = items(contract(1)) }, { $0.affected = items(account(1)) }, { $0.stages = ["after_tx"] },
      { ($0.failed, $0.stages) = (true, ["after_tx"]) }, { $0.involved = items(account(1)) },
    ]
    for (index, set) in possible.enumerated() { #expect(try warnings(set) == [], "\(index)") }
  }

  /// A failed operation has no events, but a failed transaction has fee events, which are event records.
  @Test func warningsForInvocationsAlone() throws {
    let fees = try options { ($0.failed, $0.topics) = (true, ["fee/**"]) }.filter()
    #expect(fees.warnings == [] && fees.invocationWarnings.count == 1)
    let request = Array(#"{"filters":[{"type":"contract"}]}"#.utf8)
    #expect(try options { ($0.failed, $0.request) = (true, request) }.filter().invocationWarnings.count == 1)
    let diagnostics = Array(#"{"filters":[{"type":"contract"},{"type":"diagnostic"}]}"#.utf8)
    #expect(try options { ($0.failed, $0.request) = (true, diagnostics) }.filter().invocationWarnings == [])
  }

  /// The warnings after all records were read, for options of the command line, on records of all forms.
  private func remarks(_ samples: [Sample], _ set: (inout FilterOptions) -> Void) throws -> [String] {
    let options = options(set)
    let results = try RecordForm.allCases.map { form in
      let records = try Records(samples, as: form)
      var filter = RecordFilter(try options.filter())
      let found = try records.records.count { try filter.selects($0, form) }
      return options.remarks(filter, found: found).map(\.text)
    }
    for result in results { #expect(result == results[0]) }
    return results[0]
  }

  private let samples = [
    Sample(ledger: 10, hash: hash(1), events: "[\(Sample.event(#"[{"symbol":"transfer"},{"u32":1},{"u32":2}]"#))]"),
    Sample(ledger: 20, hash: hash(2), innerHash: "\"\(hash(3))\"", successful: false),
  ]

  @Test func unseenLedgersAndTransactions() throws {
    #expect(try remarks(samples) { $0.ledgers = [10...10, 15...30] } == [])
    #expect(
      try remarks(samples) { $0.ledgers = [5...5, 6...10, 21...30, 40...UInt32.max] } == [
        "--ledgers: there was no record of ledger 5", "--ledgers: there was no record of a ledger from 21 to 30",
        "--ledgers: there was no record of a ledger from 40 on",
      ])
    #expect(try remarks(samples) { $0.transactions = items(hash(1), hash(3)) } == [])
    #expect(
      try remarks(samples) { $0.transactions = items(hash(1), hash(9)) } == [
        "--tx: there was no record of transaction \(hash(9))"
      ])
    // A matching record existed, but failed.
    #expect(try remarks(samples) { ($0.transactions, $0.succeeded) = (items(hash(2)), true) } == [])
    // For records of other ledgers, the further conditions are not checked.
    #expect(
      try remarks(samples) { ($0.transactions, $0.ledgers) = (items(hash(2)), [10...10]) } == [
        "--tx: nothing was selected from transaction \(hash(2))"
      ])
  }

  @Test func topicsFollowedByOthers() throws {
    let hint = "--topic: no event had only one topic; did you mean 'transfer/**'?"
    #expect(try remarks(samples) { $0.topics = ["transfer"] } == [hint])
    #expect(
      try remarks(samples) { $0.topics = ["transfer/*"] } == [
        "--topic: no event had only 2 topics; did you mean 'transfer/*/**'?"
      ])
    let more = samples + [Sample(events: "[\(Sample.event(#"[{"symbol":"init"}]"#))]")]
    #expect(
      try remarks(more) { $0.topics = ["transfer"] } == [
        "--topic: no event with only one topic matched; did you mean 'transfer/**'?"
      ])
    // No warning where it would not help, or something matched, or the other result was requested.
    #expect(try remarks(samples) { $0.topics = ["mint"] } == [])
    #expect(try remarks(samples) { $0.topics = ["transfer", "transfer/**"] } == [])
    #expect(try remarks(samples) { $0.topics = ["transfer/**"] } == [])
    #expect(try remarks(samples) { ($0.topics, $0.inverted) = (["transfer"], true) } == [])
    #expect(try remarks(samples) { ($0.topics, $0.failed, $0.any) = (["transfer"], true, true) } == [])
    #expect(try remarks(samples) { $0.topics = ["transfer", "mint"] } == [hint])
  }

  @Test func missingMembers() throws {
    let event = Sample.event("[]", data: #"{"map":[{"key":{"symbol":"amount"},"val":{"u32":1}}]}"#)
    let samples = [Sample(events: "[\(event)]"), Sample(events: "[\(event)]")]
    #expect(try remarks(samples) { $0.data = ["amount=2"] } == [])
    #expect(
      try remarks(samples) { $0.data = ["amount.x=2", "amount=3"] } == [
        "--data: no member 'amount.x' was found; '.' is the value itself"
      ])
    #expect(try remarks(samples) { $0.arguments = ["amount=2"] } == [])
    #expect(try remarks(samples) { ($0.state, $0.data) = (["a=1"], ["b=1"]) }.count == 1)
  }
}
