import Bytes
import StellarXDR

// Numbers and text.

extension Parser {
  /// A JSON number without fraction or exponent.
  func integer(_ range: ClosedRange<Int64>, _ index: Int32, _ cursor: inout JSONCursor) throws(JSONError) -> Int64 {
    let first = try cursor.peek()
    try expect(first == UInt8(ascii: "-") || first &- 48 < 10, index, cursor)
    let digits = try cursor.number()
    var value: Int64 = 0
    let isNegative = first == UInt8(ascii: "-")
    for offset in (isNegative ? digits.lowerBound + 1 : digits.lowerBound)..<digits.upperBound {
      let digit = cursor.text[offset] &- 48
      guard digit < 10 else { throw JSONError(.expected, at: digits.lowerBound, node: index) }
      value = value * 10 + Int64(digit)
      if value > 1 << 33 { throw JSONError(.outOfRange, at: digits.lowerBound, node: index) }
    }
    if isNegative { value = -value }
    guard range.contains(value) else { throw JSONError(.outOfRange, at: digits.lowerBound, node: index) }
    return value
  }

  /// A decimal string, as big-endian two's complement of `bits` bits. 64 bits can also be a JSON number, which SEP-51 readers
  /// should accept.
  func wideInteger(
    bits: Int, isSigned: Bool, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    let first = try cursor.peek()
    let start = cursor.position
    let digits: Range<Int>
    if first == UInt8(ascii: "\"") {
      digits = try cursor.string().content
    } else {
      try expect(bits == 64 && (first == UInt8(ascii: "-") || first &- 48 < 10), index, cursor)
      digits = try cursor.number()
    }
    switch UInt256.parse(cursor.text.extracting(digits), bits: bits, isSigned: isSigned) {
    case .number(let number):
      if bits > 128 {
        out.append(bigEndian: number.high.highWord)
        out.append(bigEndian: number.high.lowWord)
      }
      if bits > 64 { out.append(bigEndian: number.low.highWord) }
      out.append(bigEndian: number.low.lowWord)
    case .notDecimal: throw JSONError(.expected, at: start, node: index)
    case .outOfRange: throw JSONError(.outOfRange, at: start, node: index)
    }
  }

  /// Hex digits in either case.
  mutating func hex(_ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer) throws(JSONError) {
    let token = try string(index, &cursor)
    let digits = token.content
    let count = digits.count / 2
    guard digits.count % 2 == 0, node.kind == .opaque || count == node.size else {
      throw JSONError(.expected, at: digits.lowerBound, node: index)
    }
    if node.kind == .opaque {
      if count > node.size { throw JSONError(.tooLong, at: digits.lowerBound, node: index) }
      out.append(bigEndian: UInt32(count))
    }
    if let wrong = out.append(decodingHex: cursor.text.extracting(digits)) {
      throw JSONError(.expected, at: digits.lowerBound + wrong, node: index)
    }
    for _ in 0..<(-count & 3) { out.append(0) }
  }

  /// SEP-51's escaped text, as a counted string.
  mutating func escapedText(
    _ node: Node, _ index: Int32, _ token: JSONCursor.StringToken, _ cursor: borrowing JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    let lengthPosition = out.count
    out.append(bigEndian: 0 as UInt32)
    try append(escaped: token, index, cursor, &out)
    let count = out.count - lengthPosition - 4
    if count > node.size { throw JSONError(.tooLong, at: token.content.lowerBound, node: index) }
    out.replace(at: lengthPosition, bigEndian: UInt32(count))
    for _ in 0..<(-count & 3) { out.append(0) }
  }

  /// The bytes of SEP-51's escaped text.
  mutating func append(
    escaped token: JSONCursor.StringToken, _ index: Int32, _ cursor: borrowing JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    guard token.isEscaped else {
      // Text without escapes is the bytes themselves. Bytes other than printable ASCII must be escaped.
      let text = cursor.text.extracting(token.content)
      let plain = text.plainPrefix(from: 0)
      if plain != text.byteCount { throw JSONError(.expected, at: token.content.lowerBound + plain, node: index) }
      return out.append(text)
    }
    scratch.truncate(to: 0)
    try scratch.append(unescaped: token, of: cursor.text)
    var offset = 0
    while offset < scratch.count {
      let byte = scratch.bytes[offset]
      guard byte == UInt8(ascii: "\\") else {
        guard (0x20...0x7E).contains(byte) else { throw JSONError(.expected, at: token.content.lowerBound, node: index) }
        out.append(byte)
        offset += 1
        continue
      }
      guard let (value, length) = escape(scratch.bytes, offset + 1) else {
        throw JSONError(.expected, at: token.content.lowerBound, node: index)
      }
      out.append(value)
      offset += 1 + length
    }
  }

  /// The byte of an escape, and the number of characters after its backslash.
  private func escape(_ bytes: RawSpan, _ offset: Int) -> (UInt8, Int)? {
    guard offset < bytes.byteCount else { return nil }
    switch bytes[offset] {
    case UInt8(ascii: "0"): return (0, 1)
    case UInt8(ascii: "t"): return (9, 1)
    case UInt8(ascii: "n"): return (10, 1)
    case UInt8(ascii: "r"): return (13, 1)
    case UInt8(ascii: "\\"): return (UInt8(ascii: "\\"), 1)
    case UInt8(ascii: "x"):
      guard offset + 2 < bytes.byteCount, let high = hexValue(bytes[offset + 1]), let low = hexValue(bytes[offset + 2]) else {
        return nil
      }
      return (high << 4 | low, 3)
    default: return nil
    }
  }
}

extension ByteBuffer {
  /// Appends the bytes of hex digits. Returns the offset of the first invalid digit, and stops there.
  package mutating func append(decodingHex text: RawSpan) -> Int? {
    var offset = 0
    while offset + 1 < text.byteCount {
      guard let high = hexValue(text[offset]) else { return offset }
      guard let low = hexValue(text[offset + 1]) else { return offset + 1 }
      append(high << 4 | low)
      offset += 2
    }
    return nil
  }
}

extension Hash32 {
  /// Reads 64 hex digits.
  package init?(hex text: RawSpan) {
    guard text.byteCount == 64 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for offset in 0..<64 {
      guard let digit = hexValue(text[offset]) else { return nil }
      // Shifts all earlier digits by one.
      words.0 = words.0 << 4 | words.1 >> 60
      words.1 = words.1 << 4 | words.2 >> 60
      words.2 = words.2 << 4 | words.3 >> 60
      words.3 = words.3 << 4 | UInt64(digit)
    }
    self.init(words.0, words.1, words.2, words.3)
  }
}

extension UInt256 {
  enum Parsed {
    case number(UInt256)
    case notDecimal
    case outOfRange
  }

  /// An unsigned number from decimal text; nil if the text is not one, or the number has more than 256 bits.
  package init?(decimal text: RawSpan) {
    guard case .number(let number) = Self.parse(text, bits: 256, isSigned: false) else { return nil }
    self = number
  }

  /// Decimal text, with or without leading zeros, as two's complement of `bits` bits.
  static func parse(_ text: RawSpan, bits: Int, isSigned: Bool) -> Parsed {
    let isNegative = text.byteCount > 0 && text[0] == UInt8(ascii: "-")
    let first = isNegative ? 1 : 0
    guard text.byteCount > first else { return .notDecimal }
    for offset in first..<text.byteCount where text[offset] &- 48 >= 10 { return .notDecimal }
    // Eighteen digits fit into a word, and most numbers have no more.
    let word = first..<min(text.byteCount, first + 18)
    var head: UInt64 = 0
    for offset in word { head = head &* 10 &+ UInt64(text[offset] &- 48) }
    var value = UInt256(high: 0, low: UInt128(head))
    for offset in word.upperBound..<text.byteCount {
      if !value.multiplyByTenAndAdd(UInt128(text[offset] &- 48)) { return .outOfRange }
    }
    // The largest magnitude is 2^bits - 1 for unsigned, 2^(bits-1) - 1 for positive and 2^(bits-1) for negative numbers.
    let isZero = value.high == 0 && value.low == 0
    if isNegative, !isSigned, !isZero { return .outOfRange }
    let magnitudeBits = isSigned ? bits - 1 : bits
    let isMinimum = isSigned && isNegative && value.bitCount == bits && value.trailingZeroBitCount == magnitudeBits
    guard isMinimum || value.bitCount <= magnitudeBits else { return .outOfRange }
    return .number(isNegative ? value.negated : value)
  }

  private mutating func multiplyByTenAndAdd(_ digit: UInt128) -> Bool {
    let lowProduct = low.multipliedFullWidth(by: 10)
    let highProduct = high.multipliedReportingOverflow(by: 10)
    let (newLow, carry) = lowProduct.low.addingReportingOverflow(digit)
    let (sum, overflow) = highProduct.partialValue.addingReportingOverflow(lowProduct.high + (carry ? 1 : 0))
    low = newLow
    high = sum
    return !highProduct.overflow && !overflow
  }

  /// The number of bits up to the highest one.
  private var bitCount: Int { high == 0 ? 128 - low.leadingZeroBitCount : 256 - high.leadingZeroBitCount }

  private var trailingZeroBitCount: Int { low == 0 ? 128 + high.trailingZeroBitCount : low.trailingZeroBitCount }
}
