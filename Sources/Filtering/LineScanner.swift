import Bytes
import StellarJSON

// Skips JSON without checking it. To reject a record, only the members before the decisive one are read, and skipped values need
// no check. Records that are written are checked (see `RecordFilter+Validation`). On valid JSON the results equal those of
// `JSONCursor`.
extension RawSpan {
  /// The byte at `offset`, which may be after the end.
  @inline(__always)
  func byte(at offset: Int) throws(RecordError) -> UInt8 {
    guard offset < byteCount else { throw .malformed }
    return self[offset]
  }

  /// The offset of the first byte at or after `start` that is not white space.
  @inline(__always)
  func firstNonBlank(from start: Int) throws(RecordError) -> Int {
    var offset = start
    while try byte(at: offset) <= 0x20 { offset &+= 1 }
    return offset
  }

  @inline(__always)
  func expect(_ wanted: UInt8, at start: Int) throws(RecordError) -> Int {
    let offset = try firstNonBlank(from: start)
    guard self[offset] == wanted else { throw .malformed }
    return offset &+ 1
  }

  /// Whether these bytes are at `offset`.
  @inline(__always)
  func contains(_ wanted: RawSpan, at offset: Int) -> Bool {
    let count = wanted.byteCount
    guard byteCount &- offset >= count else { return false }
    if count < 8 {
      for index in 0..<count where self[offset &+ index] != wanted[index] { return false }
      return true
    }
    // The last eight bytes may overlap those before them.
    var index = 0
    while index &+ 8 < count {
      if chunk(at: offset &+ index) != wanted.chunk(at: index) { return false }
      index &+= 8
    }
    return chunk(at: offset &+ count &- 8) == wanted.chunk(at: count &- 8)
  }

  /// The offset of the closing quote of a string whose content starts at `start`.
  @inline(__always)
  func endOfString(from start: Int) throws(RecordError) -> Int {
    var offset = start
    while true {
      offset = quoteOrBackslash(from: offset)
      if try byte(at: offset) == UInt8(ascii: "\"") { return offset }
      offset &+= 2
    }
  }

  /// Reads the string at `offset` and moves after it. A string with escapes is checked, because its escapes will be decoded.
  func string(at offset: inout Int) throws(RecordError) -> JSONCursor.StringToken {
    let start = offset
    guard try byte(at: start) == UInt8(ascii: "\"") else { throw .malformed }
    let end = quoteOrBackslash(from: start &+ 1)
    if try byte(at: end) == UInt8(ascii: "\"") {
      offset = end &+ 1
      return JSONCursor.StringToken(content: start &+ 1..<end, isEscaped: false)
    }
    var cursor = JSONCursor(self, at: start)
    do throws(JSONError) {
      let token = try cursor.string()
      offset = cursor.position
      return token
    } catch { throw .malformed }
  }

  /// Reads an unsigned integer at `offset` and moves after it; nil for other text.
  func natural(at offset: inout Int) -> UInt64? {
    let start = offset
    var number: UInt64 = 0
    while offset < byteCount, self[offset].isDigit, offset &- start < 19 {
      number = number &* 10 &+ UInt64(self[offset] &- UInt8(ascii: "0"))
      offset &+= 1
    }
    return offset > start ? number : nil
  }

  /// The end of the value at `start`.
  func endOfValue(at start: Int) throws(RecordError) -> Int {
    switch try byte(at: start) {
    case UInt8(ascii: "\""): return try endOfString(from: start &+ 1) &+ 1
    case UInt8(ascii: "{"), UInt8(ascii: "["): return try endOfNesting(from: start &+ 1)
    default:
      var offset = start
      scalar: while offset < byteCount {
        switch self[offset] {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0...0x20: break scalar
        default: offset &+= 1
        }
      }
      guard offset > start else { throw .malformed }
      return offset
    }
  }

  /// The end of the object or array that is open at `start`.
  func endOfNesting(from start: Int) throws(RecordError) -> Int {
    var offset = start
    var depth = 1
    while offset < byteCount {
      let byte = self[offset]
      offset &+= 1
      switch byte {
      case UInt8(ascii: "\""): offset = try endOfString(from: offset) &+ 1
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth &-= 1
        if depth == 0 { return offset }
      default: break
      }
    }
    throw .malformed
  }

  /// The offset of the first quote or backslash at or after `start`, or the end.
  @inline(__always)
  private func quoteOrBackslash(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = start
    while offset &+ 8 <= byteCount {
      let chunk = chunk(at: offset)
      let quotes = chunk ^ (ones &* 0x22)
      let slashes = chunk ^ (ones &* 0x5C)
      // The lowest set bit is the high bit of the first such byte.
      let found = ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & (ones &* 0x80)
      if found != 0 { return offset &+ found.trailingZeroBitCount >> 3 }
      offset &+= 8
    }
    while offset < byteCount {
      let byte = self[offset]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return offset }
      offset &+= 1
    }
    return byteCount
  }
}
