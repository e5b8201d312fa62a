import ArgumentParser

/// One value of `--ledgers`: `A-B`, `A-`, `-B` or `N`, inclusive at both ends.
package struct LedgerRange: Equatable, Sendable {
  package let ledgers: ClosedRange<UInt32>

  package init(_ text: String) throws(ValidationError) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), ends.contains(where: { !$0.isEmpty }), let first = ends.first, let last = ends.last,
      let lower = Self.number(first, ifEmpty: 0), let upper = Self.number(last, ifEmpty: .max)
    else { throw ValidationError("not a range of ledgers, such as 5-9, 5-, -9 or 5") }
    guard lower <= upper else { throw ValidationError("the range is reversed; write \(upper)-\(lower)") }
    ledgers = lower...upper
  }

  private static func number(_ text: Substring, ifEmpty: UInt32) -> UInt32? {
    if text.isEmpty { return ifEmpty }
    // UInt32 would take a sign, too.
    return text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt32(text) : nil
  }
}

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

/// `--ledgers`, for the tools that have it.
package struct LedgerOptions: ParsableArguments {
  // Unconditional, because the value of `--ledgers -5` looks like an option.
  @Option(
    name: .customLong("ledgers"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only these ledgers: A-B, A-, -B or N (repeatable).", valueName: "range"),
    transform: { try LedgerRange($0) })
  package var given: [LedgerRange] = []

  package init() {}

  package var ranges: LedgerRanges { LedgerRanges(given.map(\.ledgers)) }
}
