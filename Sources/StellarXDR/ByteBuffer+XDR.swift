import Bytes

// Writing XDR.

extension ByteBuffer {
  /// A counted opaque, padded.
  @inlinable
  package mutating func append(opaque bytes: RawSpan) {
    append(bigEndian: UInt32(bytes.byteCount))
    append(bytes)
    for _ in 0..<(-bytes.byteCount & 3) { append(0) }
  }

  @inlinable
  package mutating func append(flag: Bool) { append(bigEndian: flag ? 1 : 0 as UInt32) }

  @inlinable
  package mutating func append(bigEndian value: Int64) { append(bigEndian: UInt64(bitPattern: value)) }

  /// An optional: flag, and the value where there is one.
  @inlinable
  package mutating func append(optional value: UInt32?) {
    append(flag: value != nil)
    if let value { append(bigEndian: value) }
  }

  @inlinable
  package mutating func append(optional value: Int64?) {
    append(flag: value != nil)
    if let value { append(bigEndian: value) }
  }

  @inlinable
  package mutating func append(optional hash: Hash32?) {
    append(flag: hash != nil)
    if let hash { append(hash) }
  }

  /// XDR that stands in `bytes`, as an optional.
  @inlinable
  package mutating func append(optional range: Range<Int>?, of bytes: RawSpan) {
    append(flag: range != nil)
    if let range { append(bytes.extracting(range)) }
  }
}
