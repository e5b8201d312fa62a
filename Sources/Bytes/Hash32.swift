/// Thirty-two bytes: a hash, an id or a key.
@frozen @usableFromInline package struct Hash32: Hashable, Sendable {
  // Big-endian words, so that comparing words compares bytes.
  @usableFromInline package let words: (UInt64, UInt64, UInt64, UInt64)

  @inlinable package init(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) { words = (a, b, c, d) }

  /// The thirty-two bytes of `bytes` at `offset`.
  @inlinable @inline(__always)
  package init(_ bytes: RawSpan, at offset: Int = 0) {
    words = (
      bytes.doubleWord(at: offset), bytes.doubleWord(at: offset &+ 8), bytes.doubleWord(at: offset &+ 16),
      bytes.doubleWord(at: offset &+ 24)
    )
  }

  @inlinable package static func == (left: Hash32, right: Hash32) -> Bool {
    left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
      && left.words.3 == right.words.3
  }

  @inlinable package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.3)
  }
}

extension ByteBuffer {
  @inlinable package mutating func append(_ hash: Hash32) {
    append(bigEndian: hash.words.0)
    append(bigEndian: hash.words.1)
    append(bigEndian: hash.words.2)
    append(bigEndian: hash.words.3)
  }
}
