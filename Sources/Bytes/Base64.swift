extension ByteBuffer {
  /// Appends the bytes that base64 text stands for (RFC 4648 section 4, padded, canonical).
  /// On failure nothing is appended and the offset of the first wrong character is returned.
  package mutating func append(decodingBase64 text: RawSpan) -> Int? {
    let length = text.byteCount
    if length == 0 { return nil }
    if length % 4 != 0 { return length }
    reserve(length / 4 &* 3)
    let start = count
    var at = count
    // Every group but the last holds three whole bytes.
    let last = length &- 4
    var offset = 0
    while offset < last {
      let group = unsafe UInt32(littleEndian: text.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
      let value =
        unsafe Tables.sextets[Int(group & 0xFF)] << 18 | Tables.sextets[Int(group >> 8 & 0xFF)] << 12
        | Tables.sextets[Int(group >> 16 & 0xFF)] << 6 | Tables.sextets[Int(group >> 24)]
      if value & 0xFF00_0000 != 0 { return firstWrong(text, from: offset) }
      // Four bytes are stored, of which the last is overwritten by the next group: the room reaches one further.
      unsafe base.storeBytes(of: (value << 8).bigEndian, toByteOffset: at, as: UInt32.self)
      offset &+= 4
      at &+= 3
    }
    advance(at &- start)
    if let wrong = appendLastGroup(text, last) {
      truncate(to: start)
      return wrong
    }
    return nil
  }

  private mutating func appendLastGroup(_ text: RawSpan, _ offset: Int) -> Int? {
    let padding = text[offset &+ 3] != UInt8(ascii: "=") ? 0 : text[offset &+ 2] != UInt8(ascii: "=") ? 1 : 2
    var value: UInt32 = 0
    for index in 0..<4 &- padding {
      let sextet = unsafe Tables.sextets[Int(text[offset &+ index])]
      if sextet > 63 { return offset &+ index }
      value |= sextet << UInt32(18 &- 6 &* index)
    }
    // Bits that are no part of a byte must be zero.
    if padding == 1, value & 0xFF != 0 { return offset &+ 2 }
    if padding == 2, value & 0xFFFF != 0 { return offset &+ 1 }
    append(UInt8(truncatingIfNeeded: value >> 16))
    if padding < 2 { append(UInt8(truncatingIfNeeded: value >> 8)) }
    if padding < 1 { append(UInt8(truncatingIfNeeded: value)) }
    return nil
  }

  private func firstWrong(_ text: RawSpan, from start: Int) -> Int {
    for offset in start..<start + 4 where unsafe Tables.sextets[Int(text[offset])] > 63 { return offset }
    return start
  }
}

extension Tables {
  /// What a character of base64 stands for; all bits for any other.
  nonisolated(unsafe) static let sextets: UnsafePointer<UInt32> = {
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: 256)
    unsafe table.initialize(repeating: .max, count: 256)
    for (value, character) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
      unsafe table[Int(character)] = UInt32(value)
    }
    return unsafe UnsafePointer(table)
  }()
}
