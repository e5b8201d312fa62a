import Bytes
import Testing

@testable import Filtering

/// A selected record is valid; a rejected record is read only until it is rejected.
@Suite struct DamageTests {
  private let good = Sample().line

  private func selects(_ line: String, _ set: (inout FilterOptions) -> Void = { _ in }) throws -> Bool {
    var filter = RecordFilter(try options(set).filter())
    return try filter.selects(line: Array(line.utf8).bytes)
  }

  private func selects(record: [UInt8], _ set: (inout FilterOptions) -> Void = { _ in }) throws -> Bool {
    var filter = RecordFilter(try options(set).filter())
    return try filter.selects(record, .xdr)
  }

  @Test func truncatedLinesAreNoticedIfSelected() throws {
    #expect(try selects(good))
    for length in 0..<good.utf8.count {
      #expect(throws: RecordError.self) { try selects(String(good.prefix(length))) }
    }
  }

  @Test func truncatedRecordsAreNoticedIfSelected() throws {
    let record = try Records([good], as: .xdr).records[0]
    #expect(try selects(record: record) { $0["succeeded"] = [] })
    for length in 0..<record.count {
      #expect(throws: RecordError.self) { try selects(record: Array(record.prefix(length))) }
    }
    #expect(throws: RecordError.self) { try selects(record: record + [0, 0, 0, 0]) }
  }

  /// Damage after the part that rejects a record is not noticed.
  @Test func aRejectedRecordIsNotDecodedFurther() throws {
    let damaged = String(good.prefix(while: { $0 != "A" })) + "\u{1}"
    #expect(try !selects(damaged) { $0.ledgers = [1...1] })
    #expect(throws: RecordError.self) { try selects(damaged) { $0.ledgers = [1000...1000] } }
    let upToArguments = try #require(good.firstRange(of: "\"arguments\""))
    #expect(try !selects(String(good[..<upToArguments.lowerBound])) { $0["contract"] = items(contract(9)) })
    var record = try Records([good], as: .xdr).records[0]
    record.removeLast(40)
    var filter = RecordFilter(try options { $0["contract"] = items(contract(9)) }.filter())
    #expect(try !filter.selects(record: record.bytes))
    #expect(filter.ledger == 1000)
  }

  /// Found by fuzzing: the code was used as a shift count before it was checked, and a negative one ended the program.
  @Test(arguments: [-1, 12, 64, .min, .max] as [Int32])
  func invalidResultCodes(_ code: Int32) throws {
    let succeeded = try Records([good], as: .xdr).records[0]
    let trapped = try Records([Sample(resultCode: #""trapped""#)], as: .xdr).records[0]
    let last = try #require(succeeded.indices.first { succeeded[$0] != trapped[$0] })
    var record = succeeded
    record.replaceSubrange(last - 3...last, with: (0..<4).map { UInt8(truncatingIfNeeded: code >> (24 - 8 * $0)) })
    let error = try #require(throws: RecordError.self) { try selects(record: record) { $0["result"] = ["trapped"] } }
    #expect(error.description(of: record.bytes).hasPrefix("meta.result_code"))
  }

  @Test(arguments: [
    ("[1]", "array"), ("1", "ContractInvocation"), ("{}", "ContractInvocation"), (#"{"a":1}"#, "ContractInvocation"),
    ("AAAA", "ContractInvocation"), ("{", "JSON"),
    (#"{"_schema":"soroban-pipes.ledger_transaction.v1","network_id":""}"#, "LedgerTransaction"),
    (#"{"_schema":"x"}"#, "ContractInvocation"),
    (
      #"{"_schema":"soroban-pipes.contract_invocation.v1","meta":{"ledger_sequence":1,"successful":false}}"#, "ContractInvocation"
    ),
    (
      #"{"_schema":"soroban-pipes.contract_invocation.v1","meta":{"ledger_sequence":"1"},"contract_call":{}}"#,
      "meta.ledger_sequence"
    ),
  ])
  func otherLinesAreNamed(_ line: String, _ words: String) throws {
    for isFiltered in [false, true] {
      let error = try #require(throws: RecordError.self) { try selects(line) { $0["failed"] = isFiltered ? [] : nil } }
      let description = error.description(of: Array(line.utf8).bytes)
      #expect(description.contains(words), "\(description)")
    }
  }

  @Test(
    arguments: [
      ([0, 0, 0, 1], ["LedgerCloseMeta", "ledger-split"]), ([0x53, 0x50, 0x54, 1], ["LedgerTransaction", "invocation-extract"]),
      ([0xFF, 0, 0, 0], ["ContractInvocation"]), ([], ["ContractInvocation"]), ([0x53, 0x50, 0x49, 1], ["meta"]),
    ] as [([UInt8], [String])])
  func otherRecordsAreNamed(_ record: [UInt8], _ words: [String]) throws {
    let error = try #require(throws: RecordError.self) { try selects(record: record) }
    let description = error.description(of: record.bytes)
    for word in words { #expect(description.contains(word)) }
  }

  /// An invalid SCVal is noticed by a condition that reads it.
  @Test func invalidValues() throws {
    let line = Sample(what: Sample.call(arguments: #"[{"xdr":"AAAAAQ=="}]"#)).line.replacing("AAAAAQ==", with: "AAAAAwA=")
    #expect(try selects(line) { $0["function"] = ["transfer"] })
    let error = try #require(throws: RecordError.self) { try selects(line) { $0["arg"] = ["x"] } }
    let description = error.description(of: Array(line.utf8).bytes)
    #expect(description.hasPrefix("contract_call.arguments[0]"), "\(description)")
  }

  @Test func nestingIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: RecordError.self) { try selects(good.replacing("\"arguments\":[]", with: "\"arguments\":[\(deep)]")) }
    #expect(throws: RecordError.self) {
      try selects(good.replacing("\"arguments\":[]", with: "\"arguments\":[\(deep)]")) { $0["arg"] = ["x"] }
    }
  }

  @Test func twoBodiesAreRefused() {
    let twice = good.dropLast() + #","upload_wasm":{}}"#
    #expect(throws: RecordError.self) { try selects(String(twice)) }
  }
}
