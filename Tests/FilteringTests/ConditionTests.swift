import Testing

@testable import Filtering

/// The records that each condition selects, from samples that differ in the part it matches.
@Suite struct ConditionTests {
  @Test func contracts() throws {
    let samples = [
      Sample(what: Sample.call(contract(1))), Sample(what: Sample.call(contract(2))),
      Sample(what: Sample.creation(contract(1), by: account(1), arguments: "[]"), kind: "create_contract"),
      Sample(what: Sample.call(account(1))),
    ]
    #expect(try select(samples) { $0["contract"] = items(contract(1)) } == [0, 2])
    #expect(try select(samples) { $0["contract"] = items(contract(2), contract(3)) } == [1])
    // A call can name an account, although it then fails.
    #expect(try select(samples) { $0["contract"] = items(account(1)) } == [3])
  }

  /// A file without values matches nothing, as with `grep -f`.
  @Test func anEmptyFileMatchesNothing() throws {
    let sample = [Sample(what: Sample.call(contract(1)), state: "[\(Sample.change(of: contract(1), "create"))]")]
    let options: [@Sendable (inout FilterOptions) -> Void] = [
      { $0["contract"] = [] }, { $0["involves"] = [] }, { $0["account"] = [] }, { $0["tx"] = [] }, { $0["affects"] = [] },
    ]
    for set in options { #expect(try select(sample, set) == []) }
    #expect(try select(sample) { ($0["contract"], $0["invert-match"]) = ([], []) } == [0])
    #expect(try select(sample) { _ in } == [0])
  }

  @Test func involvedContracts() throws {
    let samples = [
      Sample(what: Sample.call(contract(1))),
      Sample(what: Sample.call(contract(9)), events: "[\(Sample.event("[]", by: contract(1)))]"),
      Sample(what: Sample.call(contract(9)), diagnostics: "[\(Sample.diagnostic("[]", by: contract(1)))]"),
      Sample(what: Sample.call(contract(9)), calls: "[\(Sample.call(from: contract(9), to: contract(1), function: "f"))]"),
      Sample(what: Sample.call(contract(9)), calls: "[\(Sample.call(from: contract(1), to: contract(9), function: "f"))]"),
      Sample(what: Sample.call(contract(9)), state: "[\(Sample.change(of: contract(1), "create"))]"),
      Sample(what: Sample.call(contract(9), arguments: #"[{"address":"\#(contract(1))"}]"#)),
    ]
    #expect(try select(samples) { $0["involves"] = items(contract(1)) } == [0, 1, 2, 3, 4, 5])
    #expect(try select(samples) { $0["involves"] = items(contract(5)) } == [])
  }

  @Test func functions() throws {
    let samples = [
      Sample(what: Sample.call(function: "transfer")), Sample(what: Sample.call(function: "mint")),
      Sample(what: Sample.call(function: "swap"), calls: "[\(Sample.call(from: nil, to: contract(2), function: "transfer"))]"),
      Sample(what: Sample.creation(contract(1), by: account(1), arguments: "[]"), kind: "create_contract"),
      // SEP-51's escape, with its backslash escaped for JSON.
      Sample(what: Sample.call(function: #"a\\xff"#)),
    ]
    #expect(try select(samples) { $0["function"] = ["transfer"] } == [0])
    #expect(try select(samples) { $0["function"] = ["trans*", "m?nt"] } == [0, 1])
    #expect(try select(samples) { $0["function"] = ["/^(s|m)/"] } == [1, 2])
    #expect(try select(samples) { $0["function"] = [#"a\xff"#] } == [4])
    #expect(try select(samples) { $0["function"] = ["*"] } == [0, 1, 2, 4])
    #expect(try select(samples) { ($0["function"], $0["any-call"]) = (["transfer"], []) } == [0, 2])
  }

  @Test func accountsAndKinds() throws {
    let samples = [
      Sample(what: Sample.call(by: account(1))),
      Sample(what: Sample.creation(contract(1), by: account(1), arguments: "[]"), kind: "create_contract"),
      Sample(what: #""uploader_account":"\#(account(1))","wasm_hash":"\#(hash(1))","wasm_size":1"#, kind: "upload_wasm"),
      Sample(what: #""account":"\#(account(1))","extend_to":1,"ttl_extensions":[]"#, kind: "extend_ttl"),
      Sample(what: #""account":"\#(account(2))","ttl_extensions":[]"#, kind: "restore_footprint"),
    ]
    #expect(try select(samples) { $0["account"] = items(account(1)) } == [0, 1, 2, 3])
    #expect(try select(samples) { $0["account"] = items(account(2)) } == [4])
    for (index, kind) in ["call", "create", "upload", "extend", "restore"].enumerated() {
      #expect(try select(samples) { $0["type"] = items(kind) } == [index])
    }
    #expect(try select(samples) { $0["type"] = ["call,upload", "restore"] } == [0, 2, 4])
  }

  @Test func outcomes() throws {
    let samples = [
      Sample(), Sample(successful: false, resultCode: #""trapped""#), Sample(successful: false, resultCode: #""op_no_account""#),
      Sample(successful: false, resultCode: "null"),
    ]
    #expect(try select(samples) { $0["succeeded"] = [] } == [0])
    #expect(try select(samples) { $0["failed"] = [] } == [1, 2, 3])
    #expect(try select(samples) { ($0["failed"], $0["succeeded"]) = ([], []) } == [])
    #expect(try select(samples) { ($0["failed"], $0["succeeded"], $0["any"]) = ([], [], []) } == [0, 1, 2, 3])
    #expect(try select(samples) { $0["result"] = ["trapped", "op_no_account"] } == [1, 2])
  }

  @Test func whereAndWhen() throws {
    let samples = [
      Sample(ledger: 10, closedAt: "2026-01-01T00:00:00Z", hash: hash(1)),
      Sample(ledger: 11, closedAt: "2026-01-01T00:00:05Z", hash: hash(2)),
      Sample(ledger: 12, closedAt: "2026-01-01T00:00:10Z", hash: hash(3), innerHash: "\"\(hash(1))\""),
    ]
    #expect(try select(samples) { $0["tx"] = items(hash(1)) } == [0, 2])
    #expect(try select(samples) { $0.ledgers = [11...11, 12...UInt32.max] } == [1, 2])
    #expect(try select(samples) { $0["since"] = ["2026-01-01T00:00:05Z"] } == [1, 2])
    #expect(try select(samples) { $0["since"] = ["2026-01-01T00:00:05.001Z"] } == [2])
    #expect(try select(samples) { $0["until"] = ["2026-01-01T02:00:05.9+02:00"] } == [0, 1])
    #expect(try select(samples) { $0["since"] = ["2026-01-01"] } == [0, 1, 2])
    #expect(try select(samples) { $0["since"] = ["2026-01-02"] } == [])
    #expect(try select(samples) { $0["since"] = ["2026-01-01 00:00:10Z"] } == [2])
    // A date is the whole day, also as the end of a range.
    #expect(try select(samples) { ($0["since"], $0["until"]) = (["2026-01-01"], ["2026-01-01"]) } == [0, 1, 2])
    #expect(try select(samples) { $0["until"] = ["2025-12-31"] } == [])
    #expect(try select(samples) { $0["until"] = ["1767225605"] } == [0, 1])
    #expect(try select(samples) { ($0["recent"], $0.now) = (["1m5s"], 1_767_225_600 + 70) } == [1, 2])
  }

  @Test func counts() throws {
    let samples = [
      Sample(what: Sample.call(arguments: #"["void","void"]"#)), Sample(),
      Sample(what: Sample.creation(contract(1), by: account(1), arguments: #"["void"]"#), kind: "create_contract"),
      Sample(what: #""uploader_account":"\#(account(1))","wasm_hash":"\#(hash(1))","wasm_size":1"#, kind: "upload_wasm"),
    ]
    #expect(try select(samples) { $0["min-args"] = ["1"] } == [0, 2])
    #expect(try select(samples) { $0["max-args"] = ["0"] } == [1, 3])
    #expect(try select(samples) { ($0["min-args"], $0["max-args"]) = (["1"], ["1"]) } == [2])
    #expect(try select(samples) { $0["min-args"] = ["0"] } == [0, 1, 2, 3])
  }

  @Test func nonEmptyLists() throws {
    let samples = [
      Sample(), Sample(events: "[\(Sample.event("[]"))]", calls: "[\(Sample.call(from: nil, to: contract(1), function: "f"))]"),
      Sample(diagnostics: "[\(Sample.diagnostic("[]"))]"), Sample(state: "[\(Sample.change(of: contract(1), "create"))]"),
    ]
    #expect(try select(samples) { $0["has"] = ["events"] } == [1])
    #expect(try select(samples) { $0["has"] = ["events,calls"] } == [1])
    #expect(try select(samples) { $0["has"] = ["events,state"] } == [])
    #expect(try select(samples) { $0["has"] = ["events", "state"] } == [1, 3])
    #expect(try select(samples) { $0["has"] = ["diagnostics"] } == [2])
    for list in ["ttl", "restorations", "auth"] { #expect(try select(samples) { $0["has"] = items(list) } == []) }
  }

  /// One state change must meet all conditions on state changes.
  @Test func changes() throws {
    let samples = [
      Sample(state: "[\(Sample.change(of: contract(1), "create", "temporary"))]"),
      Sample(state: "[\(Sample.change(of: contract(1), "create")),\(Sample.change(of: contract(2), "delete", "temporary"))]"),
      Sample(),
    ]
    #expect(try select(samples) { $0["change"] = ["create"] } == [0, 1])
    #expect(try select(samples) { ($0["change"], $0["durability"]) = (["create"], ["temporary"]) } == [0])
    #expect(try select(samples) { ($0["change"], $0["affects"]) = (["create", "delete"], items(contract(2))) } == [1])
    #expect(try select(samples) { ($0["durability"], $0["affects"]) = (["temporary"], items(contract(1))) } == [0])
  }

  @Test func severalConditionsAndTheirInverse() throws {
    let samples = [Sample(ledger: 1), Sample(ledger: 2, successful: false), Sample(ledger: 3, successful: false)]
    #expect(try select(samples) { ($0["failed"], $0.ledgers) = ([], [1...2]) } == [1])
    #expect(try select(samples) { ($0["failed"], $0.ledgers, $0["any"]) = ([], [1...2], []) } == [0, 1, 2])
    #expect(try select(samples) { ($0["failed"], $0.ledgers, $0["invert-match"]) = ([], [1...2], []) } == [0, 2])
    #expect(try select(samples) { _ in } == [0, 1, 2])
    #expect(try select(samples) { $0["invert-match"] = [] } == [])
  }
}
