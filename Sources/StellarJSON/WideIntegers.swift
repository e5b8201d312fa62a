import Bytes

/// A 256-bit integer in two halves, with only the operations that the decimal text of `u256` and `i256` needs.
package struct UInt256: Equatable {
  package var high: UInt128
  package var low: UInt128

  package init(high: UInt128, low: UInt128) {
    self.high = high
    self.low = low
  }

  package var isNegative: Bool { high >> 127 == 1 }

  /// The negation in two's complement.
  package var negated: UInt256 {
    let low = ~low &+ 1
    return UInt256(high: ~high &+ (low == 0 ? 1 : 0), low: low)
  }

  /// Divides by 10^19, the largest power of ten that fits into 64 bits, and returns the remainder.
  mutating func divideByDecimalWord() -> UInt64 {
    var remainder: UInt64 = 0
    func step(_ word: UInt64) -> UInt64 {
      let (quotient, rest) = decimalWord.dividingFullWidth((remainder, word))
      remainder = rest
      return quotient
    }
    high = UInt128(high: step(high.highWord), low: step(high.lowWord))
    low = UInt128(high: step(low.highWord), low: step(low.lowWord))
    return remainder
  }
}

private let decimalWord: UInt64 = 10_000_000_000_000_000_000

extension UInt128 {
  @inline(__always)
  package init(high: UInt64, low: UInt64) { self = UInt128(high) << 64 | UInt128(low) }
  @inline(__always)
  package var highWord: UInt64 { UInt64(truncatingIfNeeded: self >> 64) }
  @inline(__always)
  package var lowWord: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension ByteBuffer {
  package mutating func append(decimal value: UInt128) {
    if value.highWord == 0 { return append(decimal: value.lowWord) }
    append(decimal: UInt256(high: 0, low: value), isSigned: false)
  }

  package mutating func append(decimal value: Int128) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  package mutating func append(decimal value: UInt256, isSigned: Bool) {
    var rest = value
    if isSigned, value.isNegative {
      append(UInt8(ascii: "-"))
      rest = value.negated
    }
    // Nineteen digits at a time, lowest first: five words contain the 78 digits of 2^256.
    var words: [5 of UInt64] = .init(repeating: 0)
    var count = 0
    repeat {
      words[count] = rest.divideByDecimalWord()
      count += 1
    } while rest.high != 0 || rest.low != 0
    append(decimal: words[count - 1])
    for index in stride(from: count - 2, through: 0, by: -1) { appendDigits(words[index], count: 19) }
  }
}
