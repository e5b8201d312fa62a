// Numbers and bytes as text: decimal, hex, base64, escaped.

extension ByteBuffer {
  package mutating func append(decimal value: UInt64) {
    if value < 10 { return append(48 &+ UInt8(truncatingIfNeeded: value)) }
    if value < 100_000_000 { return appendFirst(value) }
    let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
    if high < 100_000_000 {
      appendFirst(high)
    } else {
      let (highest, middle) = high.quotientAndRemainder(dividingBy: 100_000_000)
      appendFirst(highest)
      append(eightDigits(UInt32(truncatingIfNeeded: middle)), from: 0)
    }
    append(eightDigits(UInt32(truncatingIfNeeded: low)), from: 0)
  }

  /// The digits of a number from 1 to 10^8 - 1, without leading zeros.
  @inline(__always)
  private mutating func appendFirst(_ value: UInt64) {
    let digits = eightDigits(UInt32(truncatingIfNeeded: value))
    append(digits, from: digits.trailingZeroBitCount >> 3)
  }

  /// Writes eight characters after the end. The caller has reserved capacity for them.
  @inline(__always)
  private func store(_ characters: UInt64) {
    assert(count &+ 8 <= capacity)
    unsafe base.storeBytes(of: characters.littleEndian, toByteOffset: count, as: UInt64.self)
  }

  @inline(__always)
  package mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  /// Exactly `count` digits, with leading zeros. `value` must fit.
  package mutating func appendDigits(_ value: UInt64, count: Int) {
    if count <= 8 { return append(eightDigits(UInt32(truncatingIfNeeded: value)), from: 8 &- count) }
    let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
    appendDigits(high, count: count &- 8)
    append(eightDigits(UInt32(truncatingIfNeeded: low)), from: 0)
  }

  /// The eight decimal digits of a number below 10^8, the first in the lowest byte. It splits the number into halves of four, two and one
  /// digits, which it computes in parallel.
  @inline(__always)
  private func eightDigits(_ value: UInt32) -> UInt64 {
    var digits = UInt64(value / 10_000) | UInt64(value % 10_000) << 32
    let hundreds = (digits &* 10_486) >> 20 & 0x0000_007F_0000_007F
    digits = hundreds | (digits &- hundreds &* 100) << 16
    let tens = (digits &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (digits &- tens &* 10) << 8
  }

  /// The digits after the first `skipped` of eight, as characters.
  @inline(__always)
  private mutating func append(_ digits: UInt64, from skipped: Int) {
    reserve(8)
    store((digits | 0x3030_3030_3030_3030) >> UInt64(truncatingIfNeeded: skipped &* 8))
    advance(8 &- skipped)
  }

  /// Lower-case hex.
  package mutating func append(hex bytes: RawSpan) {
    let count = bytes.byteCount
    reserve(count &* 2)
    let pairs = unsafe tables + Tables.hexPairs
    var at = self.count
    advance(count &* 2)
    var offset = 0
    while offset &+ 4 <= count {
      let word = bytes.word(at: offset)
      let a = unsafe UInt64(pairs[Int(word >> 24)])
      let b = unsafe UInt64(pairs[Int(word >> 16 & 0xFF)])
      let c = unsafe UInt64(pairs[Int(word >> 8 & 0xFF)])
      let d = unsafe UInt64(pairs[Int(word & 0xFF)])
      unsafe base.storeBytes(of: (a | b << 16 | c << 32 | d << 48).littleEndian, toByteOffset: at, as: UInt64.self)
      offset &+= 4
      at &+= 8
    }
    while offset < count {
      unsafe base.storeBytes(of: pairs[Int(bytes[offset])].littleEndian, toByteOffset: at, as: UInt16.self)
      offset &+= 1
      at &+= 2
    }
  }

  /// Base64 with padding (RFC 4648 section 4).
  package mutating func append(base64 bytes: RawSpan) {
    let count = bytes.byteCount
    let length = (count &+ 2) / 3 &* 4
    reserve(length)
    let pairs = unsafe tables + Tables.base64Pairs
    var at = self.count
    advance(length)
    var offset = 0
    // Each step encodes six bytes, loaded as eight. Twelve bits index two characters of the table.
    while offset &+ 8 <= count {
      let chunk = unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
      let a = unsafe UInt64(pairs[Int(truncatingIfNeeded: chunk >> 52)])
      let b = unsafe UInt64(pairs[Int(truncatingIfNeeded: chunk >> 40 & 0xFFF)])
      let c = unsafe UInt64(pairs[Int(truncatingIfNeeded: chunk >> 28 & 0xFFF)])
      let d = unsafe UInt64(pairs[Int(truncatingIfNeeded: chunk >> 16 & 0xFFF)])
      unsafe base.storeBytes(of: (a | b << 16 | c << 32 | d << 48).littleEndian, toByteOffset: at, as: UInt64.self)
      offset &+= 6
      at &+= 8
    }
    while offset < count {
      let left = min(3, count &- offset)
      var group = UInt32(bytes[offset]) << 16
      if left > 1 { group |= UInt32(bytes[offset &+ 1]) << 8 }
      if left > 2 { group |= UInt32(bytes[offset &+ 2]) }
      unsafe base.storeBytes(of: pairs[Int(group >> 12)].littleEndian, toByteOffset: at, as: UInt16.self)
      unsafe base.storeBytes(of: pairs[Int(group & 0xFFF)].littleEndian, toByteOffset: at &+ 2, as: UInt16.self)
      if left < 3 { unsafe base.storeBytes(of: UInt8(ascii: "="), toByteOffset: at &+ 3, as: UInt8.self) }
      if left < 2 { unsafe base.storeBytes(of: UInt8(ascii: "="), toByteOffset: at &+ 2, as: UInt8.self) }
      offset &+= 3
      at &+= 4
    }
  }

  /// Arbitrary bytes, escaped as in SEP-51, for use inside a JSON string (without its quotes).
  package mutating func append(escaped bytes: RawSpan) {
    let count = bytes.byteCount
    // Most texts are short words: check and copy them as one chunk, or as two that overlap.
    if count <= 16 {
      if count >= 8 {
        let (first, last) = (bytes.chunk(at: 0), bytes.chunk(at: count &- 8))
        if first.notPlain | last.notPlain == 0 {
          reserve(16)
          store(first)
          unsafe base.storeBytes(of: last.littleEndian, toByteOffset: self.count &+ count &- 8, as: UInt64.self)
          return advance(count)
        }
      } else {
        let chunk = bytes.shortChunk
        // A space needs no escape.
        let missing: UInt64 = 0x2020_2020_2020_2020 << UInt64(truncatingIfNeeded: count &* 8)
        if (chunk | missing).notPlain == 0 {
          reserve(8)
          store(chunk)
          return advance(count)
        }
      }
    }
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

  /// SEP-51's escape of one byte that is not plain text, with backslashes doubled for JSON.
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

  /// Valid UTF-8 text for use inside a JSON string (without its quotes). It escapes only what JSON requires.
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
  /// A span of fewer than eight bytes as a word: the first byte in the lowest bits, zeros above the last one.
  @inline(__always)
  fileprivate var shortChunk: UInt64 {
    let count = byteCount
    if count >= 4 {
      let (first, last) = (UInt64(word(at: 0).byteSwapped), UInt64(word(at: count &- 4).byteSwapped))
      return first | last << UInt64(truncatingIfNeeded: (count &- 4) &* 8)
    }
    if count == 0 { return 0 }
    // One, two or three bytes: the first, the middle one and the last.
    let (middle, last) = (count >> 1, count &- 1)
    return UInt64(self[0]) | UInt64(self[middle]) << UInt64(truncatingIfNeeded: middle &* 8)
      | UInt64(self[last]) << UInt64(truncatingIfNeeded: last &* 8)
  }

  /// The offset of the first byte at or after `start` that is not printable ASCII, or is a quote or a backslash.
  package func plainPrefix(from start: Int) -> Int {
    var offset = start
    while offset &+ 8 <= byteCount {
      let found = chunk(at: offset).notPlain
      if found != 0 { return offset &+ found.trailingZeroBitCount >> 3 }
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

extension UInt64 {
  /// Marks bytes that are not printable ASCII, quotes and backslashes. The lowest set bit is the high bit of the first such byte.
  @inline(__always)
  fileprivate var notPlain: UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quotes = self ^ (ones &* 0x22)
    let slashes = self ^ (ones &* 0x5C)
    let deletes = self ^ (ones &* 0x7F)
    // Below 0x20, one of the three, or not ASCII. A borrow can set a false mark only above a correct one, so the lowest mark is correct.
    let found =
      (self &- ones &* 0x20) & ~self | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes
      | (deletes &- ones) & ~deletes | self
    return found & highs
  }
}
