// Numbers and bytes as text: decimal, hex, base64, escaped.

extension ByteBuffer {
  package mutating func append(decimal value: UInt64) {
    reserve(20)
    if value < 10 { return append(48 &+ UInt8(truncatingIfNeeded: value)) }
    var digits = 1
    var bound: UInt64 = 10
    while digits < 20, value >= bound {
      digits &+= 1
      let next = bound.multipliedReportingOverflow(by: 10)
      if next.overflow { break }
      bound = next.partialValue
    }
    appendDigits(value, count: digits)
  }

  package mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  /// Exactly `count` digits, with leading zeros. `value` must fit.
  package mutating func appendDigits(_ value: UInt64, count: Int) {
    reserve(count)
    var rest = value
    var at = self.count &+ count
    let start = self.count
    advance(count)
    while at &- start >= 2 {
      let (high, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = high
      at &-= 2
      unsafe base.storeBytes(of: Tables.decimalPairs[Int(pair)], toByteOffset: at, as: UInt16.self)
    }
    if at > start { unsafe base.storeBytes(of: 48 &+ UInt8(truncatingIfNeeded: rest % 10), toByteOffset: start, as: UInt8.self) }
  }

  /// Lower-case hex.
  package mutating func append(hex bytes: RawSpan) {
    let count = bytes.byteCount
    reserve(count &* 2)
    var at = self.count
    advance(count &* 2)
    for offset in 0..<count {
      let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: offset, as: UInt8.self)
      unsafe base.storeBytes(of: Tables.hexPairs[Int(byte)], toByteOffset: at, as: UInt16.self)
      at &+= 2
    }
  }

  package mutating func append(hex hash: Hash32) {
    for word in [hash.words.0, hash.words.1, hash.words.2, hash.words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        let byte = UInt8(truncatingIfNeeded: word >> UInt64(shift))
        append(hexDigit(byte >> 4))
        append(hexDigit(byte & 15))
      }
    }
  }

  /// Base64 with padding (RFC 4648 section 4).
  package mutating func append(base64 bytes: RawSpan) {
    let count = bytes.byteCount
    let length = (count &+ 2) / 3 &* 4
    reserve(length)
    var at = self.count
    advance(length)
    var offset = 0
    // Six bytes a step, loaded as eight: each twelve bits are two characters of the table.
    while offset &+ 8 <= count {
      let chunk = unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
      let a = unsafe UInt64(Tables.base64Pairs[Int(truncatingIfNeeded: chunk >> 52)])
      let b = unsafe UInt64(Tables.base64Pairs[Int(truncatingIfNeeded: chunk >> 40 & 0xFFF)])
      let c = unsafe UInt64(Tables.base64Pairs[Int(truncatingIfNeeded: chunk >> 28 & 0xFFF)])
      let d = unsafe UInt64(Tables.base64Pairs[Int(truncatingIfNeeded: chunk >> 16 & 0xFFF)])
      unsafe base.storeBytes(of: (a | b << 16 | c << 32 | d << 48).littleEndian, toByteOffset: at, as: UInt64.self)
      offset &+= 6
      at &+= 8
    }
    while offset < count {
      let left = min(3, count &- offset)
      var group = UInt32(bytes[offset]) << 16
      if left > 1 { group |= UInt32(bytes[offset &+ 1]) << 8 }
      if left > 2 { group |= UInt32(bytes[offset &+ 2]) }
      unsafe base.storeBytes(of: Tables.base64Pairs[Int(group >> 12)], toByteOffset: at, as: UInt16.self)
      unsafe base.storeBytes(of: Tables.base64Pairs[Int(group & 0xFFF)], toByteOffset: at &+ 2, as: UInt16.self)
      if left < 3 { unsafe base.storeBytes(of: UInt8(ascii: "="), toByteOffset: at &+ 3, as: UInt8.self) }
      if left < 2 { unsafe base.storeBytes(of: UInt8(ascii: "="), toByteOffset: at &+ 2, as: UInt8.self) }
      offset &+= 3
      at &+= 4
    }
  }

  /// Base32 without padding (RFC 4648 section 6) of bytes that this buffer holds.
  package mutating func append(base32 range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let characters = (range.count &* 8 &+ 4) / 5
    // Five bytes a step, loaded as eight: each ten bits are two characters of the table. The last step may read and write too far.
    reserve(characters &+ 16)
    var offset = range.lowerBound
    var at = count
    while offset < range.upperBound {
      var group = unsafe UInt64(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) >> 24
      let left = range.upperBound &- offset
      if left < 5 { group &= ~(1 << UInt64(40 &- left &* 8) &- 1) }
      let a = unsafe UInt64(Tables.base32Pairs[Int(truncatingIfNeeded: group >> 30)])
      let b = unsafe UInt64(Tables.base32Pairs[Int(truncatingIfNeeded: group >> 20 & 0x3FF)])
      let c = unsafe UInt64(Tables.base32Pairs[Int(truncatingIfNeeded: group >> 10 & 0x3FF)])
      let d = unsafe UInt64(Tables.base32Pairs[Int(truncatingIfNeeded: group & 0x3FF)])
      unsafe base.storeBytes(of: (a | b << 16 | c << 32 | d << 48).littleEndian, toByteOffset: at, as: UInt64.self)
      offset &+= 5
      at &+= 8
    }
    advance(characters)
  }

  /// Bytes that may be anything, as SEP-51 writes them, inside a JSON string (without its quotes).
  package mutating func append(escaped bytes: RawSpan) {
    let count = bytes.byteCount
    var offset = 0
    while offset < count {
      let plain = bytes.plainPrefix(from: offset)
      if plain > offset {
        append(bytes.extracting(offset..<plain))
        offset = plain
        if offset == count { return }
      }
      appendEscape(of: bytes[offset])
      offset &+= 1
    }
  }

  /// SEP-51's escape of one byte that is not plain text, its backslashes doubled for JSON.
  private mutating func appendEscape(of byte: UInt8) {
    switch byte {
    case 0x00: append(#"\\0"#)
    case 0x09: append(#"\\t"#)
    case 0x0A: append(#"\\n"#)
    case 0x0D: append(#"\\r"#)
    case UInt8(ascii: "\\"): append(#"\\\\"#)
    case UInt8(ascii: "\""): append(#"\""#)
    default:
      append(#"\\x"#)
      append(hexDigit(byte >> 4))
      append(hexDigit(byte & 15))
    }
  }

  /// Text that is known to be UTF-8, inside a JSON string (without its quotes): only what JSON demands is escaped.
  package mutating func append(jsonText bytes: RawSpan) {
    for offset in 0..<bytes.byteCount {
      let byte = bytes[offset]
      switch byte {
      case UInt8(ascii: "\""): append(#"\""#)
      case UInt8(ascii: "\\"): append(#"\\"#)
      case 0x08: append(#"\b"#)
      case 0x09: append(#"\t"#)
      case 0x0A: append(#"\n"#)
      case 0x0C: append(#"\f"#)
      case 0x0D: append(#"\r"#)
      case 0x00..<0x20:
        append(#"\u00"#)
        append(hexDigit(byte >> 4))
        append(hexDigit(byte & 15))
      default: append(byte)
      }
    }
  }

  private func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 &+ value : 87 &+ value }
}

extension RawSpan {
  /// The offset of the first byte, from `start` on, that is not printable ASCII, or is a quote or a backslash.
  package func plainPrefix(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var offset = start
    while offset &+ 8 <= byteCount {
      let chunk = chunk(at: offset)
      let quotes = chunk ^ (ones &* 0x22)
      let slashes = chunk ^ (ones &* 0x5C)
      let deletes = chunk ^ (ones &* 0x7F)
      // A byte's high bit is set where it is below 0x20, equals one of the three, or is not ASCII.
      let found =
        (chunk &- ones &* 0x20) & ~chunk | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
        | (deletes &- ones) & ~deletes | chunk
      if found & highs != 0 { break }
      offset &+= 8
    }
    while offset < byteCount {
      let byte = self[offset]
      if byte < 0x20 || byte > 0x7E || byte == 0x22 || byte == 0x5C { break }
      offset &+= 1
    }
    return offset
  }
}

/// Constant tables, each entry the characters in the order in which they are stored.
@usableFromInline enum Tables {
  // Immortal, written once before the first use, and indexed below their length.
  nonisolated(unsafe) static let decimalPairs: UnsafePointer<UInt16> = unsafe pairs(100) { value in
    (48 + UInt8(value / 10), 48 + UInt8(value % 10))
  }
  nonisolated(unsafe) static let hexPairs: UnsafePointer<UInt16> = unsafe pairs(256) { value in
    let digits = Array("0123456789abcdef".utf8)
    return (digits[value >> 4], digits[value & 15])
  }
  nonisolated(unsafe) static let base64Pairs: UnsafePointer<UInt16> = unsafe pairs(4096) { value in
    let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return (characters[value >> 6], characters[value & 63])
  }

  nonisolated(unsafe) static let base32Pairs: UnsafePointer<UInt16> = unsafe pairs(1024) { value in
    let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    return (characters[value >> 5], characters[value & 31])
  }

  private static func pairs(_ count: Int, _ entry: (Int) -> (UInt8, UInt8)) -> UnsafePointer<UInt16> {
    let table = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
    for value in 0..<count {
      let (first, second) = entry(value)
      unsafe (table + value).initialize(to: (UInt16(second) << 8 | UInt16(first)).littleEndian)
    }
    return unsafe UnsafePointer(table)
  }
}
