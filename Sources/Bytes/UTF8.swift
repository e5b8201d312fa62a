extension RawSpan {
  /// Whether the bytes are well-formed UTF-8, without overlong forms, surrogates and code points above U+10FFFF.
  package var isUTF8: Bool {
    var offset = 0
    while offset < byteCount {
      guard let length = utf8Length(at: offset) else { return false }
      offset &+= length
    }
    return true
  }

  /// The length of the UTF-8 sequence at `offset`; nil if it is malformed.
  @inlinable package func utf8Length(at offset: Int) -> Int? {
    let first = self[offset]
    if first < 0x80 { return 1 }
    let second = offset &+ 1 < byteCount ? self[offset &+ 1] : 0
    switch first {
    case 0xC2...0xDF: return isContinuation(second) ? 2 : nil
    case 0xE0...0xEF:
      guard isContinuation(second), offset &+ 2 < byteCount, isContinuation(self[offset &+ 2]) else { return nil }
      if first == 0xE0, second < 0xA0 { return nil }
      if first == 0xED, second > 0x9F { return nil }
      return 3
    case 0xF0...0xF4:
      guard isContinuation(second), offset &+ 3 < byteCount, isContinuation(self[offset &+ 2]), isContinuation(self[offset &+ 3])
      else { return nil }
      if first == 0xF0, second < 0x90 { return nil }
      if first == 0xF4, second > 0x8F { return nil }
      return 4
    default: return nil
    }
  }

  @usableFromInline @inline(__always)
  func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
