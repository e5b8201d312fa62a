/// The ledgers that are wanted: ascending ranges that do not touch.
package struct LedgerRanges: Equatable, Sendable {
  package static let all = LedgerRanges([])
  /// Ledger 1 is the genesis, which no LedgerCloseMeta tells of.
  package static let firstWithMeta: UInt32 = 2

  package let ranges: [ClosedRange<UInt32>]

  /// No range is all ledgers.
  package init(_ wanted: [ClosedRange<UInt32>]) {
    var merged: [ClosedRange<UInt32>] = []
    for range in wanted.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound || range.lowerBound == last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    ranges = merged.isEmpty ? [0...UInt32.max] : merged
  }

  package var isAll: Bool { ranges == [0...UInt32.max] }

  package func contains(_ ledger: UInt32) -> Bool { ranges.contains { $0.contains(ledger) } }

  /// Whether neither this ledger nor any later one is wanted.
  package func isPast(_ ledger: UInt32) -> Bool { ledger > last }

  /// Whether a ledger after this one is wanted: if not, a stream that ascends need not be read on.
  package func wantsMore(after ledger: UInt32) -> Bool { ledger < last }

  /// The last ledger that is wanted, if there is one.
  package var end: UInt32? { last == .max ? nil : last }

  private var last: UInt32 { ranges.last?.upperBound ?? .max }
}
