import ArgumentParser
import Bytes

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
    // UInt32 also accepts a sign.
    return text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt32(text) : nil
  }
}

/// `--ledgers`, for the tools that have this option.
package struct LedgerOptions: ParsableArguments {
  // Unconditional, because the value in `--ledgers -5` looks like an option.
  @Option(
    name: .customLong("ledgers"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Only these ledgers: A-B, A-, -B or N (repeatable).", valueName: "range"),
    transform: { try LedgerRange($0) })
  package var given: [LedgerRange] = []

  package init() {}

  package var ranges: LedgerRanges { LedgerRanges(given.map(\.ledgers)) }
}
