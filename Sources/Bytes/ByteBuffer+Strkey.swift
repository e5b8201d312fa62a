// SEP-23: keys and ids as text. `version | payload | CRC-16`, in base32 without padding.

extension ByteBuffer {
  /// Appends the strkey of the 32 bytes of `bytes` at `offset`. Nearly all strkeys are of this size: 56 characters.
  package mutating func append(strkey version: UInt8, _ bytes: RawSpan, at offset: Int) {
    let a = bytes.doubleWord(at: offset)
    let b = bytes.doubleWord(at: offset &+ 8)
    let c = bytes.doubleWord(at: offset &+ 16)
    let d = bytes.doubleWord(at: offset &+ 24)
    let crc = unsafe tables + Tables.crc16
    var sum = unsafe crc[Int(version)]
    sum = unsafe Tables.crc16(crc, a ^ UInt64(sum) << 48)
    sum = unsafe Tables.crc16(crc, b ^ UInt64(sum) << 48)
    sum = unsafe Tables.crc16(crc, c ^ UInt64(sum) << 48)
    sum = unsafe Tables.crc16(crc, d ^ UInt64(sum) << 48)
    reserve(56)
    // Each step encodes forty bits as eight characters.
    store(base32: UInt64(version) << 32 | a >> 32, at: count)
    store(base32: a << 8 & 0xFF_FFFF_FFFF | b >> 56, at: count &+ 8)
    store(base32: b >> 16 & 0xFF_FFFF_FFFF, at: count &+ 16)
    store(base32: b << 24 & 0xFF_FFFF_FFFF | c >> 40, at: count &+ 24)
    store(base32: c & 0xFF_FFFF_FFFF, at: count &+ 32)
    store(base32: d >> 24, at: count &+ 40)
    store(base32: d << 16 & 0xFF_FFFF_FFFF | UInt64(sum.byteSwapped), at: count &+ 48)
    advance(56)
  }

  /// Appends the strkey of `payload` followed by `tail`.
  package mutating func append(strkey version: UInt8, _ payload: RawSpan, tail: RawSpan = RawSpan()) {
    if payload.byteCount == 32, tail.isEmpty { return append(strkey: version, payload, at: 0) }
    // Version, payload and checksum are assembled after the end, then overwritten by their text.
    let start = count
    append(version)
    append(payload)
    append(tail)
    let sum = bytes(start..<count).crc16
    append(UInt8(truncatingIfNeeded: sum))
    append(UInt8(truncatingIfNeeded: sum >> 8))
    let length = count - start
    append(base32: start..<count)
    remove(start..<start + length)
  }

  /// Appends base32 without padding (RFC 4648 section 6) of bytes in this buffer.
  private mutating func append(base32 range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let characters = (range.count &* 8 &+ 4) / 5
    // Each step encodes five bytes, loaded as eight. The last step may read and write past the end, within the capacity.
    reserve(characters &+ 16)
    var offset = range.lowerBound
    var at = count
    while offset < range.upperBound {
      var group = unsafe UInt64(bigEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) >> 24
      let left = range.upperBound &- offset
      if left < 5 { group &= ~(1 << UInt64(40 &- left &* 8) &- 1) }
      store(base32: group, at: at)
      offset &+= 5
      at &+= 8
    }
    advance(characters)
  }

  /// Writes eight characters for the lower forty bits of `group`: ten bits index two characters of the table. The caller has reserved the
  /// capacity.
  @inline(__always)
  private func store(base32 group: UInt64, at offset: Int) {
    let pairs = unsafe tables + Tables.base32Pairs
    let a = unsafe UInt64(pairs[Int(truncatingIfNeeded: group >> 30)])
    let b = unsafe UInt64(pairs[Int(truncatingIfNeeded: group >> 20 & 0x3FF)])
    let c = unsafe UInt64(pairs[Int(truncatingIfNeeded: group >> 10 & 0x3FF)])
    let d = unsafe UInt64(pairs[Int(truncatingIfNeeded: group & 0x3FF)])
    assert(offset &+ 8 <= capacity)
    unsafe base.storeBytes(of: (a | b << 16 | c << 32 | d << 48).littleEndian, toByteOffset: offset, as: UInt64.self)
  }
}

extension RawSpan {
  /// CRC-16/XMODEM.
  package var crc16: UInt16 {
    let table = unsafe Tables.shared + Tables.crc16
    var sum: UInt16 = 0
    var offset = 0
    while offset &+ 8 <= byteCount {
      sum = unsafe Tables.crc16(table, doubleWord(at: offset) ^ UInt64(sum) << 48)
      offset &+= 8
    }
    while offset < byteCount {
      sum = unsafe sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 8) ^ self[offset])]
      offset &+= 1
    }
    return sum
  }
}
