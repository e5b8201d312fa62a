extension ByteBuffer {
  /// Appends the bytes that base64 text stands for (RFC 4648 section 4, padded, canonical).
  /// On failure nothing is appended and the offset of the first wrong character is returned.
  package mutating func append(decodingBase64 text: RawSpan) -> Int? {
    let start = count
    let end = appendGroups(of: text, from: 0)
    // Every group but the last holds three whole bytes.
    if end == text.byteCount { return nil }
    if end == text.byteCount &- 4, let length = lastGroup(of: text, at: end) {
      append(lastGroup: text, at: end, length)
      return nil
    }
    truncate(to: start)
    return text.byteCount % 4 == 0 ? firstWrong(text, from: end) : text.byteCount
  }

  /// The same for text that ends with a quote somewhere behind `start`: returns the quote's offset, or nil (and nothing is appended) where it
  /// is not base64 up to there.
  package mutating func append(decodingBase64 text: RawSpan, from start: Int) -> Int? {
    let before = count
    var end = appendGroups(of: text, from: start)
    if end &+ 4 < text.byteCount, text[end] != UInt8(ascii: "\""), let length = lastGroup(of: text, at: end) {
      append(lastGroup: text, at: end, length)
      end &+= 4
    }
    if end < text.byteCount, text[end] == UInt8(ascii: "\"") { return end }
    truncate(to: before)
    return nil
  }

  /// Appends whole groups of four characters until one is not; returns where that begins.
  private mutating func appendGroups(of text: RawSpan, from start: Int) -> Int {
    let length = text.byteCount &- start
    // Eight bytes are stored at once, of which the next step writes over the last two or more.
    reserve(length / 4 &* 3 &+ 8)
    let sextets = unsafe tables + Tables.sextets
    var at = count
    var offset = start
    while offset &+ 8 <= text.byteCount {
      let chunk = text.chunk(at: offset)
      let a = unsafe UInt64(sextets[Int(truncatingIfNeeded: chunk & 0xFFFF)])
      let b = unsafe UInt64(sextets[Int(truncatingIfNeeded: chunk >> 16 & 0xFFFF)])
      let c = unsafe UInt64(sextets[Int(truncatingIfNeeded: chunk >> 32 & 0xFFFF)])
      let d = unsafe UInt64(sextets[Int(truncatingIfNeeded: chunk >> 48)])
      if (a | b | c | d) & Tables.notSextets != 0 { break }
      unsafe base.storeBytes(of: (a << 52 | b << 40 | c << 28 | d << 16).bigEndian, toByteOffset: at, as: UInt64.self)
      offset &+= 8
      at &+= 6
    }
    while offset &+ 4 <= text.byteCount {
      let word = text.word(at: offset).byteSwapped
      let a = unsafe UInt32(sextets[Int(word & 0xFFFF)])
      let b = unsafe UInt32(sextets[Int(word >> 16)])
      if UInt64(a | b) & Tables.notSextets != 0 { break }
      unsafe base.storeBytes(of: (a << 20 | b << 8).bigEndian, toByteOffset: at, as: UInt32.self)
      offset &+= 4
      at &+= 3
    }
    advance(at &- count)
    return offset
  }

  /// The number of bytes, one or two, of a group that ends with padding; nil where it is none, or not canonical.
  private func lastGroup(of text: RawSpan, at offset: Int) -> Int? {
    let padding = UInt8(ascii: "=")
    guard text[offset &+ 3] == padding, let value = sextets(of: text, at: offset) else { return nil }
    // Bits that are no part of a byte must be zero.
    if text[offset &+ 2] == padding { return value & 0xF == 0 ? 1 : nil }
    guard let more = sextet(text[offset &+ 2]) else { return nil }
    return more & 0x3 == 0 ? 2 : nil
  }

  private mutating func append(lastGroup text: RawSpan, at offset: Int, _ length: Int) {
    let first = sextets(of: text, at: offset) ?? 0
    append(UInt8(truncatingIfNeeded: first >> 4))
    if length == 2 { append(UInt8(truncatingIfNeeded: first << 4 | (sextet(text[offset &+ 2]) ?? 0) >> 2)) }
  }

  /// Twelve bits of two characters.
  private func sextets(of text: RawSpan, at offset: Int) -> UInt16? {
    let value = unsafe tables[Tables.sextets &+ Int(text[offset]) &+ Int(text[offset &+ 1]) << 8]
    return UInt64(value) & Tables.notSextets == 0 ? value : nil
  }

  private func sextet(_ character: UInt8) -> UInt16? {
    let value = unsafe tables[Tables.sextets &+ Int(UInt8(ascii: "A")) &+ Int(character) << 8]
    return UInt64(value) & Tables.notSextets == 0 ? value : nil
  }

  /// The first wrong character of the group at `start`, for which there is one.
  private func firstWrong(_ text: RawSpan, from start: Int) -> Int {
    let padding = UInt8(ascii: "=")
    let isLast = start == text.byteCount &- 4
    let padded = !isLast || text[start &+ 3] != padding ? 0 : text[start &+ 2] != padding ? 1 : 2
    for offset in start..<start &+ 4 &- padded where sextet(text[offset]) == nil { return offset }
    // All are characters of base64: so it is the last one before the padding, whose lowest bits are no part of a byte.
    return start &+ 3 &- padded
  }
}
