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
      { ($0["succeeded"], $0["failed"]) = ([], []) }, { ($0["succeeded"], $0["result"]) = ([], ["trapped", "malformed"]) },
      { ($0["type"], $0["function"]) = (["upload"], ["f"]) },
      { ($0["type"], $0["function"]) = (["create"], ["f"]) }, { ($0["type"], $0["topic"]) = (["extend,restore"], ["a"]) },
      { ($0["type"], $0["arg"]) = (["upload"], ["a"]) }, { ($0["type"], $0["min-args"]) = (["upload"], ["1"]) },
      { ($0["type"], $0["contract"]) = (["upload"], items(contract(1))) },
      { ($0["type"], $0["has"]) = (["restore"], ["events"]) },
      { ($0["failed"], $0["data"]) = ([], ["a"]) }, { ($0["result"], $0["change"]) = (["trapped"], ["create"]) },
      { ($0["failed"], $0["has"]) = ([], ["events,auth"]) }, { ($0["type"], $0["stage"]) = (["call"], ["after_tx"]) },
      { ($0["type"], $0["failed"], $0["topic"]) = (["restore"], [], ["a"]) },
      { ($0["arg"], $0["max-args"]) = (["2=x", "3.a=x"], ["2"]) },
      { ($0["change"], $0["durability"]) = (["restore"], ["temporary"]) }, { $0["contract"] = items(account(1)) },
    ]
    for (index, set) in never.enumerated() { #expect(try warnings(set).count == 1, "\(index)") }
  }

  @Test func conditionsThatSomeRecordMeets() throws {
    let possible: [@Sendable (inout FilterOptions) -> Void] = [
      { ($0["succeeded"], $0["result"]) = ([], ["trapped", "success"]) },
      { ($0["type"], $0["function"]) = (["upload,call"], ["f"]) },
      { ($0["type"], $0["function"], $0["any-call"]) = (["create"], ["f"], []) },
      { ($0["type"], $0["min-args"]) = (["upload"], ["0"]) },
      { ($0["type"], $0["max-args"]) = (["upload"], ["3"]) }, { ($0["type"], $0["has"]) = (["extend"], ["ttl"]) },
      { ($0["type"], $0["has"]) = (["restore"], ["restorations"]) },
      { ($0["type"], $0["account"]) = (["extend"], items(account(1))) },
      { ($0["failed"], $0["topic"], $0["event-type"]) = ([], ["a"], ["contract"]) },
      { ($0["failed"], $0["has"]) = ([], ["events", "auth"]) },
      { ($0["failed"], $0["has"]) = ([], ["diagnostics,calls"]) }, { ($0["failed"], $0["result"]) = ([], ["success"]) },
      { ($0["failed"], $0["involves"]) = ([], items(contract(1))) }, { ($0["arg"], $0["max-args"]) = (["2=x", "1=x"], ["2"]) },
      { ($0["failed"], $0["data"], $0["any"]) = ([], ["a"], []) }, { ($0["succeeded"], $0["failed"], $0["any"]) = ([], [], []) },
      { ($0["change"], $0["durability"]) = (["restore,create"], ["temporary"]) },
      { $0["contract"] = items(contract(1)) }, { $0["affects"] = items(account(1)) }, { $0["stage"] = ["after_tx"] },
      { ($0["failed"], $0["stage"]) = ([], ["after_tx"]) }, { $0["involves"] = items(account(1)) },
    ]
    for (index, set) in possible.enumerated() { #expect(try warnings(set) == [], "\(index)") }
  }

  /// A failed operation has no events, but a failed transaction has fee events, which are event records.
  @Test func warningsForInvocationsAlone() throws {
    let fees = try options { ($0["failed"], $0["topic"]) = ([], ["fee/**"]) }.filter()
    #expect(fees.warnings == [] && fees.invocationWarnings.count == 1)
    let request = Array(#"{"filters":[{"type":"contract"}]}"#.utf8)
    #expect(try options { ($0["failed"], $0.request) = ([], request) }.filter().invocationWarnings.count == 1)
    let diagnostics = Array(#"{"filters":[{"type":"contract"},{"type":"diagnostic"}]}"#.utf8)
    #expect(try options { ($0["failed"], $0.request) = ([], diagnostics) }.filter().invocationWarnings == [])
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
    #expect(try remarks(samples) { $0["tx"] = items(hash(1), hash(3)) } == [])
    #expect(
      try remarks(samples) { $0["tx"] = items(hash(1), hash(9)) } == [
        "--tx: there was no record of transaction \(hash(9))"
      ])
    // A matching record existed, but failed.
    #expect(try remarks(samples) { ($0["tx"], $0["succeeded"]) = (items(hash(2)), []) } == [])
    // For records of other ledgers, the further conditions are not checked.
    #expect(
      try remarks(samples) { ($0["tx"], $0.ledgers) = (items(hash(2)), [10...10]) } == [
        "--tx: nothing was selected from transaction \(hash(2))"
      ])
  }

  @Test func topicsFollowedByOthers() throws {
    let hint = "--topic: no event had only one topic; did you mean 'transfer/**'?"
    #expect(try remarks(samples) { $0["topic"] = ["transfer"] } == [hint])
    #expect(
      try remarks(samples) { $0["topic"] = ["transfer/*"] } == [
        "--topic: no event had only 2 topics; did you mean 'transfer/*/**'?"
      ])
    let more = samples + [Sample(events: "[\(Sample.event(#"[{"symbol":"init"}]"#))]")]
    #expect(
      try remarks(more) { $0["topic"] = ["transfer"] } == [
        "--topic: no event with only one topic matched; did you mean 'transfer/**'?"
      ])
    // No warning where it would not help, or something matched, or the other result was requested.
    #expect(try remarks(samples) { $0["topic"] = ["mint"] } == [])
    #expect(try remarks(samples) { $0["topic"] = ["transfer", "transfer/**"] } == [])
    #expect(try remarks(samples) { $0["topic"] = ["transfer/**"] } == [])
    #expect(try remarks(samples) { ($0["topic"], $0["invert-match"]) = (["transfer"], []) } == [])
    #expect(try remarks(samples) { ($0["topic"], $0["failed"], $0["any"]) = (["transfer"], [], []) } == [])
    #expect(try remarks(samples) { $0["topic"] = ["transfer", "mint"] } == [hint])
  }

  @Test func missingMembers() throws {
    let event = Sample.event("[]", data: #"{"map":[{"key":{"symbol":"amount"},"val":{"u32":1}}]}"#)
    let samples = [Sample(events: "[\(event)]"), Sample(events: "[\(event)]")]
    #expect(try remarks(samples) { $0["data"] = ["amount=2"] } == [])
    #expect(
      try remarks(samples) { $0["data"] = ["amount.x=2", "amount=3"] } == [
        "--data: no member 'amount.x' was found; '.' is the value itself"
      ])
    #expect(try remarks(samples) { $0["arg"] = ["amount=2"] } == [])
    #expect(try remarks(samples) { ($0["state"], $0["data"]) = (["a=1"], ["b=1"]) }.count == 1)
  }
}
