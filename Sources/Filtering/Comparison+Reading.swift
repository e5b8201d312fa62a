import Bytes

extension Comparison {
  private static let operators: [(text: String, relation: Relation)] = [
    (">=", .atLeast), ("<=", .atMost), (">", .more), ("<", .less), ("=", .equal),
  ]

  /// Reads a comparison. Nil if the text does not start with an operator; an error if it does, but is not a comparison.
  init?(_ text: String) throws(UsageError) {
    try Self.refuseOtherOperators(text)
    guard let (symbol, relation) = Self.operators.first(where: { text.hasPrefix($0.text) }) else { return nil }
    var number = Array(text.utf8.dropFirst(symbol.utf8.count).drop { $0 == UInt8(ascii: " ") })
    if number.isEmpty { throw UsageError("'\(text)' compares with nothing: a whole number must follow '\(symbol)'") }
    let isNegative = number.first == UInt8(ascii: "-")
    if isNegative { number.removeFirst() }
    guard number.first?.isDigit == true else {
      let advice =
        relation == .equal
        ? "write text without '='" : "to find text that begins with '\(symbol)', use the regular expression '/^\(symbol)/'"
      throw UsageError("'\(text)' does not compare with a whole number; \(advice)")
    }
    guard number.allSatisfy({ $0.isDigit }) else { throw UsageError("'\(text)' does not compare with a whole number") }
    self.init(relation, isNegative: isNegative, digits: Array(number.drop { $0 == UInt8(ascii: "0") }))
  }

  /// Operators of other languages, which would otherwise count as text.
  private static func refuseOtherOperators(_ text: String) throws(UsageError) {
    if text.hasPrefix("==") { throw UsageError("'\(text)' is not a comparison: write equal as '=\(text.dropFirst(2))'") }
    if text.hasPrefix("=>") { throw UsageError("'\(text)' is not a comparison: write at least as '>=\(text.dropFirst(2))'") }
    if text.hasPrefix("=<") { throw UsageError("'\(text)' is not a comparison: write at most as '<=\(text.dropFirst(2))'") }
    guard text.hasPrefix("!=") || text.hasPrefix("<>") else { return }
    throw UsageError("'\(text)' is not a comparison: use >, >=, <, <= or =; -v selects the records that do not match")
  }
}
