/// The wanted ledgers: ascending ranges that do not touch.
package struct LedgerRanges: Equatable, Sendable {
  package static let all = LedgerRanges([])
  /// Ledger 1 is the genesis ledger, for which there is no LedgerCloseMeta.
  package static let firstWithMeta: UInt32 = 2

  package let ranges: [ClosedRange<UInt32>]

  /// An empty list means all ledgers.
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

  package func contains(_ ledger: UInt32) -> Bool { ranges.contains { $0.contains(ledger) } }

  /// Whether a ledger after this one is wanted. If not, an ascending stream need not be read further.
  package func wantsMore(after ledger: UInt32) -> Bool { ledger < last }

  /// The last wanted ledger; nil if the last range is open.
  package var end: UInt32? { last == .max ? nil : last }

  private var last: UInt32 { ranges.last?.upperBound ?? .max }

  /// Ranges of ledgers as messages name them.
  package static func words(for ranges: [ClosedRange<UInt32>]) -> String {
    ranges.map { range in
      switch (range.lowerBound, range.upperBound) {
      case (0, .max): "any ledger"
      case (0, let last): "any ledger up to \(last)"
      case (let first, .max): "ledger \(first) or a later one"
      case (let first, let last): first == last ? "ledger \(first)" : "ledgers \(first) to \(last)"
      }
    }.joined(separator: ", ")
  }
}
