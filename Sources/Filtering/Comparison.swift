import Bytes
import StellarJSON

/// A comparison with an integer of any length: `>N`, `>=N`, `<N`, `<=N`, `=N`.
package struct Comparison: Sendable {
  enum Relation: Sendable { case less, atMost, more, atLeast, equal }

  private let relation: Relation
  private let isNegative: Bool
  /// Without leading zeros.
  private let digits: [UInt8]
  /// Nil if the number has more than 256 bits, which no value has.
  private let magnitude: UInt256?

  /// `decimal` must be canonical.
  init(equalTo decimal: [UInt8]) {
    self.init(
      .equal, isNegative: decimal.first == UInt8(ascii: "-"),
      digits: Array(decimal.drop { !$0.isDigit || $0 == UInt8(ascii: "0") }))
  }

  /// `digits` must not have leading zeros.
  init(_ relation: Relation, isNegative: Bool, digits: [UInt8]) {
    self.relation = relation
    self.isNegative = isNegative
    self.digits = digits
    magnitude = digits.isEmpty ? UInt256(high: 0, low: 0) : UInt256(decimal: digits.bytes)
  }

  /// Whether the comparison is true for a number. `number` is in two's complement if it is signed.
  func matches(for number: UInt256, isSigned: Bool) -> Bool {
    let isBelowZero = isSigned && number.isNegative
    return matches(isBelowZero, order(isBelowZero ? number.negated : number))
  }

  /// Whether the comparison is true for a number in canonical decimal text; false for other text.
  func matches(forDecimal text: RawSpan) -> Bool {
    guard text.isCanonicalDecimal else { return false }
    let isBelowZero = text[0] == UInt8(ascii: "-")
    return matches(isBelowZero, order(text.extracting((isBelowZero ? 1 : 0)..<text.byteCount)))
  }

  /// `order`: the number's magnitude compared with the bound's, as -1, 0 or 1.
  private func matches(_ isBelowZero: Bool, _ order: Int) -> Bool {
    // Zero has no sign, even if the bound was written with one.
    let isBoundBelowZero = isNegative && !digits.isEmpty
    let order = isBelowZero != isBoundBelowZero ? (isBelowZero ? -1 : 1) : isBelowZero ? -order : order
    return switch relation {
    case .less: order < 0
    case .atMost: order <= 0
    case .more: order > 0
    case .atLeast: order >= 0
    case .equal: order == 0
    }
  }

  private func order(_ other: UInt256) -> Int {
    guard let magnitude else { return -1 }
    if other.high != magnitude.high { return other.high < magnitude.high ? -1 : 1 }
    return other.low == magnitude.low ? 0 : other.low < magnitude.low ? -1 : 1
  }

  private func order(_ other: RawSpan) -> Int {
    let isZero = other.byteCount == 1 && other[0] == UInt8(ascii: "0")
    let count = isZero ? 0 : other.byteCount
    if count != digits.count { return count < digits.count ? -1 : 1 }
    for offset in 0..<count where other[offset] != digits[offset] { return other[offset] < digits[offset] ? -1 : 1 }
    return 0
  }
}

extension RawSpan {
  /// Whether the text is an integer without leading zeros and, if it is not negative, without a sign.
  var isCanonicalDecimal: Bool {
    let first = byteCount > 0 && self[0] == UInt8(ascii: "-") ? 1 : 0
    guard byteCount > first else { return false }
    if self[first] == UInt8(ascii: "0") { return first == 0 && byteCount == 1 }
    for offset in first..<byteCount where !self[offset].isDigit { return false }
    return true
  }
}

extension UInt8 {
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
