extension ByteBuffer {
  /// Decodes base64 text (RFC 4648 section 4, padded, canonical) and appends the bytes.
  /// On failure it appends nothing and returns the offset of the first invalid character.
  package mutating func append(decodingBase64 text: RawSpan) -> Int? {
    let start = count
    let end = appendGroups(of: text, from: 0)
    // Every group except the last encodes exactly three bytes.
    if end == text.byteCount { return nil }
    if end == text.byteCount &- 4, let length = lastGroup(of: text, at: end) {
      append(lastGroup: text, at: end, length)
      return nil
    }
    truncate(to: start)
    return text.byteCount % 4 == 0 ? firstWrong(text, from: end) : text.byteCount
  }

  /// The same for text that ends with a quote after `start`. Returns the offset of the quote; if the text before it is not base64, appends
  /// nothing and returns nil.
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

  /// Decodes complete groups of four characters; returns the offset of the first group that is not one.
  private mutating func appendGroups(of text: RawSpan, from start: Int) -> Int {
    let length = text.byteCount &- start
    // Each store writes eight bytes; the next step overwrites the last two or more.
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

  /// The number of bytes, one or two, of a group that ends with padding; nil if it has none or is not canonical.
  private func lastGroup(of text: RawSpan, at offset: Int) -> Int? {
    let padding = UInt8(ascii: "=")
    guard text[offset &+ 3] == padding, let value = sextets(of: text, at: offset) else { return nil }
    // The unused bits must be zero.
    if text[offset &+ 2] == padding { return value & 0xF == 0 ? 1 : nil }
    guard let more = sextet(text[offset &+ 2]) else { return nil }
    return more & 0x3 == 0 ? 2 : nil
  }

  private mutating func append(lastGroup text: RawSpan, at offset: Int, _ length: Int) {
    let first = sextets(of: text, at: offset) ?? 0
    append(UInt8(truncatingIfNeeded: first >> 4))
    if length == 2 { append(UInt8(truncatingIfNeeded: first << 4 | (sextet(text[offset &+ 2]) ?? 0) >> 2)) }
  }

  /// The twelve bits of two characters.
  private func sextets(of text: RawSpan, at offset: Int) -> UInt16? {
    let value = unsafe tables[Tables.sextets &+ Int(text[offset]) &+ Int(text[offset &+ 1]) << 8]
    return UInt64(value) & Tables.notSextets == 0 ? value : nil
  }

  private func sextet(_ character: UInt8) -> UInt16? {
    let value = unsafe tables[Tables.sextets &+ Int(UInt8(ascii: "A")) &+ Int(character) << 8]
    return UInt64(value) & Tables.notSextets == 0 ? value : nil
  }

  /// The offset of the first invalid character of the group at `start`, which has one.
  private func firstWrong(_ text: RawSpan, from start: Int) -> Int {
    let padding = UInt8(ascii: "=")
    let isLast = start == text.byteCount &- 4
    let padded = !isLast || text[start &+ 3] != padding ? 0 : text[start &+ 2] != padding ? 1 : 2
    for offset in start..<start &+ 4 &- padded where sextet(text[offset]) == nil { return offset }
    // All characters are base64, so the error is in the unused bits of the last one before the padding.
    return start &+ 3 &- padded
  }
}
