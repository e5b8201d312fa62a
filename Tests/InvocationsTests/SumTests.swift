import Ledgers
import TestSupport
import Testing

/// Different parts of a transaction that say the same thing must agree with the records.
@Suite struct SumTests {
  @Test func overOurOwnLedgers() throws {
    var sums = Sums()
    for transaction in try Testdata.transactions() { sums.add(transaction: transaction, try invocations(of: transaction, .all)) }
    print("testdata: \(sums.report)")
    #expect(
      sums.disagreements == [
        // "a lifetime whose owner is unknown"
        "owners of extended lifetimes at 1038/3",
        // "diagnostics cut short", "diagnostics cut before an event"
        "roots that returned at 1042/3", "trees of which everything is known at 1042/3",
        "lists of events that are those of the diagnostics behind prepended ones at 1042/4", "roots that returned at 1042/4",
        "trees of which everything is known at 1042/4",
      ])
  }

  /// A Protocol 22 operation whose events a later core rewrote after they had been hashed.
  private static let rewritten = [
    "pubnet/p22-57500008.xdr.zst": [
      "success hashes at 57500008/226",
      "lists of events that are those of the diagnostics behind prepended ones at 57500008/226",
    ]
  ]

  /// Ledgers of real networks.
  @Test(
    .enabled(if: Repository.realLedgers != nil, "there are no real ledgers in ../shared/ledgers beside the checkout"),
    arguments: RealLedgers.all())
  func overRealLedgers(ledgers: RealLedgers) throws {
    var sums = Sums()
    let network = Network(ledgers.passphrase)
    try ledgers.forEach { ledger in
      sums.count("ledgers")
      guard let transactions = try transactions(of: ledger, network: network) else {
        return sums.count("ledgers of other networks")
      }
      for transaction in transactions { sums.add(transaction: transaction, try invocations(of: transaction, .all)) }
    }
    print("\(ledgers.testDescription): \(sums.report)")
    #expect(sums.disagreements == Self.rewritten[ledgers.testDescription] ?? [])
  }
}

extension RealLedgers: CustomTestStringConvertible {
  var testDescription: String { path.split(separator: "/").suffix(2).joined(separator: "/") }
}
