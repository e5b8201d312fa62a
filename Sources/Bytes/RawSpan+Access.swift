// Reads: one bounds check, then one unchecked load on the next line.

extension RawSpan {
  @inlinable @inline(__always)
  package subscript(offset: Int) -> UInt8 {
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: byteCount))
    return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The big-endian word at `offset`.
  @inlinable @inline(__always)
  package func word(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset &+ 4 <= byteCount)
    return unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The big-endian double word at `offset`.
  @inlinable @inline(__always)
  package func doubleWord(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset &+ 8 <= byteCount)
    return unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// Eight bytes at `offset`, the first in the lowest bits: for scanning text eight bytes at a time.
  @inlinable @inline(__always)
  package func chunk(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset &+ 8 <= byteCount)
    return unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inlinable package func equals(_ other: RawSpan) -> Bool {
    guard byteCount == other.byteCount else { return false }
    var offset = 0
    while offset &+ 8 <= byteCount {
      let one = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      let two = unsafe other.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
      if one != two { return false }
      offset &+= 8
    }
    while offset < byteCount {
      if self[offset] != other[offset] { return false }
      offset &+= 1
    }
    return true
  }

  @inlinable package func equals(_ text: StaticString) -> Bool {
    guard byteCount == text.utf8CodeUnitCount else { return false }
    for offset in 0..<byteCount where unsafe self[offset] != text.utf8Start[offset] { return false }
    return true
  }

  /// Whether these bytes come before others in byte order.
  package func precedes(_ other: RawSpan) -> Bool {
    let common = min(byteCount, other.byteCount)
    for offset in 0..<common where self[offset] != other[offset] { return self[offset] < other[offset] }
    return byteCount < other.byteCount
  }

  /// The bytes as text, for messages. Bytes that are not UTF-8 become replacement characters.
  package var text: String {
    unsafe withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// A copy, for the few places that keep bytes longer than their record.
  package var copied: [UInt8] {
    unsafe withUnsafeBytes { unsafe Array($0) }
  }
}

extension [UInt8] {
  /// The elements as borrowed bytes.
  package var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      // Every bit pattern is a valid UInt8, so reading the raw memory is safe.
      let raw = unsafe span.bytes
      return unsafe _overrideLifetime(raw, borrowing: self)
    }
  }
}

extension StringProtocol {
  /// The text with ASCII letters in lower case. Names of types and networks are ASCII, and Unicode tables would be a large part of the
  /// WebAssembly module.
  package var lowercasedASCII: String {
    let lower = utf8.map { $0.lowercasedASCII }
    return lower.bytes.text
  }
}

extension String {
  /// Whether the texts are equal except for the case of ASCII letters.
  package func equalsIgnoringCase(_ other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8) { $0.lowercasedASCII == $1.lowercasedASCII }
  }
}

extension UInt8 {
  fileprivate var lowercasedASCII: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
