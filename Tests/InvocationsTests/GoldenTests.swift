import Bytes
import StellarXDR
import TestSupport
import Testing

/// The records of the scenarios of `testdata/`, byte for byte.
@Suite struct GoldenTests {
  @Test func transactionsByteForByte() throws {
    let expected = Repository.lines(Repository.testdata("transactions.ndjson"))
    let found = try Testdata.transactions().map { try line("LedgerTransaction", $0) }
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(found == String(decoding: expected, as: UTF8.self)) }
  }

  @Test func invocationsByteForByte() throws {
    let expected = Repository.lines(Repository.testdata("invocations.ndjson"))
    let found = try Testdata.transactions().flatMap { try invocations(of: $0, .all) }.map { try line("ContractInvocation", $0) }
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(found == String(decoding: expected, as: UTF8.self)) }
  }

  @Test func footprintOperationsAreOptional() throws {
    let kinds = ["\"extend_ttl\":{", "\"restore_footprint\":{"]
    let all = Repository.lines(Repository.testdata("invocations.ndjson")).map { String(decoding: $0, as: UTF8.self) }
    let expected = all.filter { line in !kinds.contains { line.contains($0) } }
    let found = try Testdata.transactions().flatMap { try invocations(of: $0) }.map { try line("ContractInvocation", $0) }
    #expect(found == expected)
    #expect(found.count < all.count)
  }

  /// The same ledgers with and without the host's diagnostics differ only in what comes from the diagnostics.
  @Test func diagnosticsChangeNothingElse() throws {
    let (on, off) = try (trees("diagnostics-on.xdr"), trees("diagnostics-off.xdr"))
    #expect(on.count == off.count && on.count > 30)
    var withCalls = 0
    for (on, off) in zip(on, off) {
      let name = try #require(
        on.kind(among: ["contract_call", "create_contract", "upload_wasm", "extend_ttl", "restore_footprint"]))
      #expect(blinded(on, name) == blinded(off, name))
      guard off[name]?["events"] != nil else { continue }
      #expect(off[name]?["diagnostic_events"] == .null && off[name]?["contract_calls"] == .null)
      #expect(off[name]?["events"]?.elements?.allSatisfy { $0["call_index"] == .null } == true)
      if on[name]?["contract_calls"] != .null { withCalls += 1 }
    }
    print("diagnostics on and off: \(on.count) records, \(withCalls) of them with calls")
    #expect(withCalls > 25)
  }

  private func trees(_ name: String) throws -> [JSON] {
    try Testdata.transactions(name).flatMap { try invocations(of: $0, .all) }.map {
      try JSON(text: line("ContractInvocation", $0))
    }
  }

  /// Without the members that come from diagnostics.
  private func blinded(_ record: JSON, _ kind: String) -> JSON {
    var record = record
    var body = record[kind] ?? .null
    body["diagnostic_events"] = nil
    body["contract_calls"] = nil
    if let events = body["events"]?.elements {
      body["events"] = .array(
        events.map { event in
          var event = event
          event["call_index"] = nil
          return event
        })
    }
    record[kind] = body
    return record
  }
}
