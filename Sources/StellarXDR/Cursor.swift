import Bytes

/// A position in borrowed XDR bytes. It never copies, never allocates, and never reads out of bounds.
///
/// ```
///   00 00 00 0f | 00 00 00 04 | 73 77 61 70      SCVal: discriminant 15 (symbol), length 4, "swap"
///   ^ position                              ^ end
/// ```
/// Every primitive does one bounds check and one load. They are `@inlinable` because a cursor that is not inlined across modules is more than
/// nine times slower.
@frozen @usableFromInline package struct Cursor: ~Escapable {
  @usableFromInline package let bytes: RawSpan
  /// Offset of the next byte.
  @usableFromInline package var position: Int
  /// The current depth of recursive types.
  @usableFromInline package var depth: Int32

  @inlinable @_lifetime(copy bytes)
  package init(_ bytes: RawSpan, at position: Int = 0) {
    precondition(position >= 0 && position <= bytes.byteCount)
    self.bytes = bytes
    self.position = position
    depth = 0
  }

  @inlinable package var end: Int { @inline(__always) get { bytes.byteCount } }
  @inlinable package var remaining: Int { @inline(__always) get { bytes.byteCount &- position } }
  @inlinable package var isAtEnd: Bool { @inline(__always) get { position == bytes.byteCount } }

  @inlinable @inline(__always)
  package func require(_ count: Int) throws(XDRError) {
    if _slowPath(remaining < count) { throw XDRError(.truncated, at: position, value: Int64(position &+ count)) }
  }

  @inlinable @inline(__always)
  package mutating func uint32() throws(XDRError) -> UInt32 {
    try require(4)
    let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self)
    position &+= 4
    return UInt32(bigEndian: value)
  }

  @inlinable @inline(__always)
  package mutating func int32() throws(XDRError) -> Int32 { Int32(bitPattern: try uint32()) }

  @inlinable @inline(__always)
  package mutating func uint64() throws(XDRError) -> UInt64 {
    try require(8)
    let value = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
    position &+= 8
    return UInt64(bigEndian: value)
  }

  @inlinable @inline(__always)
  package mutating func int64() throws(XDRError) -> Int64 { Int64(bitPattern: try uint64()) }

  /// Reads a boolean or the flag of an optional, which must be 0 or 1.
  @inlinable @inline(__always)
  package mutating func flag() throws(XDRError) -> Bool {
    let value = try uint32()
    if _slowPath(value > 1) { throw XDRError(.notBoolean, at: position &- 4, value: Int64(value)) }
    return value == 1
  }

  @inlinable @inline(__always)
  package mutating func skip(_ count: Int) throws(XDRError) {
    try require(count)
    position &+= count
  }

  /// The next `count` bytes.
  @inlinable @_lifetime(copy self)
  package mutating func take(_ count: Int) throws(XDRError) -> RawSpan {
    try require(count)
    let span = slice(position..<position &+ count)
    position &+= count
    return span
  }

  @inlinable package mutating func hash() throws(XDRError) -> Hash32 {
    try require(32)
    let value = Hash32(bytes, at: position)
    position &+= 32
    return value
  }

  /// Reads a counted opaque or string; returns its bytes without length and padding.
  @inlinable @_lifetime(copy self)
  package mutating func opaque() throws(XDRError) -> RawSpan {
    let range = try opaqueRange()
    return slice(range)
  }

  /// The range of the content of a counted opaque or string.
  @inlinable package mutating func opaqueRange(atMost limit: UInt32 = .max) throws(XDRError) -> Range<Int> {
    try opaqueRange(atMost: limit, node: -1)
  }

  /// The same with a bound; `node` is the type for the error.
  @inlinable @inline(__always)
  package mutating func opaqueRange(atMost limit: UInt32, node: Int32) throws(XDRError) -> Range<Int> {
    let declared = try uint32()
    let start = position
    if _slowPath(declared > limit) { throw XDRError(.tooLong, at: start &- 4, node: node, value: Int64(declared)) }
    // The declared length may not fit into a 32-bit Int; a length within the bytes does.
    let padded = (Int64(declared) &+ 3) & ~3
    if _slowPath(Int64(remaining) < padded) {
      throw XDRError(.countBeyondEnd, at: start &- 4, node: node, value: Int64(start) &+ padded)
    }
    let count = Int(truncatingIfNeeded: declared)
    position &+= Int(truncatingIfNeeded: padded)
    // The last word holds the padding, which must be zero.
    if padded != Int64(declared) {
      let last = unsafe UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position &- 4, as: UInt32.self))
      if _slowPath(last & (UInt32.max >> UInt32((count & 3) &* 8)) != 0) {
        throw XDRError(.nonZeroPadding, at: start &+ count)
      }
    }
    return start..<start &+ count
  }

  /// The number of elements of a counted array whose elements take at least `minimum` bytes each.
  @inlinable @inline(__always)
  package mutating func count(minimum: Int, atMost limit: UInt32 = .max, node: Int32 = -1) throws(XDRError) -> Int {
    let count = try uint32()
    if _slowPath(count > limit) { throw XDRError(.tooLong, at: position &- 4, node: node, value: Int64(count)) }
    let least = Int64(count) &* Int64(minimum)
    if _slowPath(least > Int64(remaining)) {
      throw XDRError(.countBeyondEnd, at: position &- 4, node: node, value: Int64(position) &+ least)
    }
    return Int(truncatingIfNeeded: count)
  }

  /// Whether the bytes are one of our records in the second version of its XDR form: its first word is a mark that ends in 2. Only such a
  /// record has the members of kind `versioned`.
  @inlinable package var isSecondVersion: Bool {
    bytes.byteCount >= 4 && bytes.word(at: 0) & 0xFFFF_00FF == 0x5350_0002
  }

  /// A range of bytes that were read already.
  @inlinable @_lifetime(copy self)
  package func slice(_ range: Range<Int>) -> RawSpan {
    let part = bytes.extracting(range)
    return unsafe _overrideLifetime(part, copying: self)
  }
}
