import Invocations
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// Both forms of the two records carry the same data (specification, section 3).
@Suite struct FormTests {
  @Test func transactionsComeBackFromNDJSON() throws {
    for expected in Repository.lines(Repository.testdata("transactions.ndjson")) {
      let text = String(decoding: expected, as: UTF8.self)
      #expect(try line("LedgerTransaction", parsed(type("LedgerTransaction"), text)) == text)
    }
    for record in try Testdata.transactions() {
      #expect(try parsed(type("LedgerTransaction"), line("LedgerTransaction", record)) == record)
    }
  }

  @Test func invocationsComeBackFromNDJSON() throws {
    for expected in Repository.lines(Repository.testdata("invocations.ndjson")) {
      let text = String(decoding: expected, as: UTF8.self)
      #expect(try line("ContractInvocation", parsed(type("ContractInvocation"), text)) == text)
    }
  }

  /// For every selection of parts, both forms omit the same ones; values may also be decoded.
  @Test func everySelectionRoundTrips() throws {
    let selections: [InvocationParts] =
      InvocationParts.named.map(\.part) + InvocationParts.named.map { InvocationParts.standard.subtracting($0.part) }
      + [[], .standard, .standard.union(.raw)]
    let kind = type("ContractInvocation")
    for transaction in try Testdata.transactions() {
      for parts in selections {
        for record in try invocations(of: transaction, Options(parts: parts, footprintOps: true)) {
          #expect(error(in: record, as: kind) == nil)
          #expect(try parsed(kind, rendered(kind, record, style: .raw)) == record)
          #expect(try parsed(kind, rendered(kind, record, style: .sep51)) == record)
        }
      }
    }
  }

  private static let members: [(part: InvocationParts, name: String)] = [
    (.events, "events"), (.diagnostics, "diagnostic_events"), (.calls, "contract_calls"), (.state, "state_changes"),
    (.ttl, "ttl_extensions"), (.auth, "auth"),
  ]

  /// A part that is selected alone is the same as among all others; an omitted part is absent, not null.
  @Test(arguments: members.indices) func partsDoNotDependOnEachOther(index: Int) throws {
    let part = Self.members[index].part
    for transaction in try Testdata.transactions() {
      let whole = try invocations(of: transaction)
      let alone = try invocations(of: transaction, Options(parts: part))
      let others = try invocations(of: transaction, Options(parts: .standard.subtracting(part)))
      for ((whole, alone), others) in zip(zip(whole, alone), others) {
        let views = [whole, alone, others].map { XDRView("ContractInvocation", $0) }
        let outcomes = try views.map { try #require($0.outcome) }
        for (position, member) in Self.members.enumerated() {
          let parts = outcomes.map { $0[member.name] }
          let (with, without) = position == index ? (parts[1], parts[2]) : (parts[2], parts[1])
          #expect(with.xdr == parts[0].xdr && without.value == nil)
        }
        #expect(views[1]["meta"]["resources"].value == nil && views[2]["meta"].xdr == views[0]["meta"].xdr)
        #expect(try !line("ContractInvocation", others).contains("\"\(Self.members[index].name)\":"))
      }
    }
  }

  @Test func rawXDRIsTheTransactions() throws {
    for transaction in try Testdata.transactions() {
      let source = XDRView("LedgerTransaction", transaction)
      for record in try invocations(of: transaction, Options(parts: .standard.union(.raw))) {
        let raw = try #require(XDRView("ContractInvocation", record)["raw_xdr"].value)
        for (name, member) in [("envelope", "envelope_xdr"), ("result", "result_xdr"), ("meta", "meta_xdr")] {
          #expect(raw[name].content == source[member].content)
        }
      }
    }
  }

  @Test func unchangedUpdatesCanBeOmitted() throws {
    var dropped = 0
    for transaction in try Testdata.transactions() {
      let all = try invocations(of: transaction)
      let fewer = try invocations(of: transaction, Options(omitUnchanged: true))
      for (all, fewer) in zip(all, fewer).map({ (XDRView("ContractInvocation", $0), XDRView("ContractInvocation", $1)) }) {
        guard let before = all.outcome?["state_changes"].value?.elements,
          let after = fewer.outcome?["state_changes"].value?.elements
        else { continue }
        let isData = { (change: XDRView) in change["entry"].name != "code" }
        let changed = before.filter { $0["operation"].name != "update" || $0["old_value"].xdr != $0["new_value"].xdr }
        #expect(after.filter(isData).map(\.xdr) == changed.filter(isData).map(\.xdr))
        // The record does not say whether a code entry changed.
        let code = before.filter { !isData($0) }.map(\.xdr)
        #expect(after.filter { !isData($0) }.allSatisfy { code.contains($0.xdr) })
        dropped += before.count - after.count
      }
    }
    #expect(dropped > 0)
  }
}

extension XDRView {
  /// The body of a ContractInvocation; nil for a footprint operation, whose record has no outcome.
  var outcome: XDRView? {
    let kinds = ["contract_call", "create_contract", "upload_wasm"]
    return kinds.lazy.compactMap { member(named: $0) }.first
  }
}
