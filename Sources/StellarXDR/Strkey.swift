import Bytes

/// SEP-23: keys and ids as text. `version | payload | CRC-16`, in base32 without padding. `ByteBuffer.append(strkey:)` writes them.
@usableFromInline package enum Strkey {
  @inlinable package static var account: UInt8 { 6 << 3 }
  @inlinable package static var muxedAccount: UInt8 { 12 << 3 }
  @inlinable package static var preAuthTx: UInt8 { 19 << 3 }
  @inlinable package static var hashX: UInt8 { 23 << 3 }
  @inlinable package static var signedPayload: UInt8 { 15 << 3 }
  @inlinable package static var contract: UInt8 { 2 << 3 }
  @inlinable package static var liquidityPool: UInt8 { 11 << 3 }
  @inlinable package static var claimableBalance: UInt8 { 1 << 3 }

  /// The longest payload: a signed payload's key, length and 64 bytes.
  static let longestPayload = 100

  /// The value of a character of the alphabet; nil for other characters.
  @inline(__always)
  static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "2")...UInt8(ascii: "7"): character - UInt8(ascii: "2") + 26
    default: nil
    }
  }
}

extension Strkey {
  /// Decodes a strkey of any kind: appends its payload to `out` and returns its version byte. Returns nil and appends nothing if the length,
  /// a character, the checksum or the version is wrong, or unused bits are not zero.
  package static func decode(_ text: RawSpan, into out: inout ByteBuffer) -> UInt8? {
    let length = text.byteCount
    guard (56...165).contains(length), ![1, 3, 6].contains(length % 8) else { return nil }
    let start = out.count
    var offset = 0
    while offset + 8 <= length {
      guard let group = group(text.chunk(at: offset)) else { return reject(&out, start) }
      out.append(bigEndian: group << 24)
      out.truncate(to: out.count - 3)
      offset += 8
    }
    var bits: UInt32 = 0
    var bitCount = 0
    while offset < length {
      guard let value = value(text[offset]) else { return reject(&out, start) }
      bits = bits << 5 | UInt32(value)
      bitCount += 5
      if bitCount >= 8 {
        bitCount -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
      offset += 1
    }
    let count = out.count - start
    guard bits & (1 << UInt32(bitCount) - 1) == 0 else { return reject(&out, start) }
    let version = out.bytes[start]
    let sum = out.bytes(start..<start + count - 2).crc16
    guard out.bytes[start + count - 2] == UInt8(truncatingIfNeeded: sum), out.bytes[start + count - 1] == UInt8(sum >> 8),
      isLength(count - 3, of: version)
    else { return reject(&out, start) }
    // Move the payload over the version byte.
    out.truncate(to: start + count - 2)
    out.remove(start..<start + 1)
    return version
  }

  /// The forty bits of eight characters, the first in the lowest byte; nil if one is not in the alphabet. It compares all eight at once: adding a
  /// constant to a byte below 0x80 sets its high bit from a given character on, without a carry into the next byte.
  @inline(__always)
  private static func group(_ characters: UInt64) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs = ones << 7
    let low = characters & ~highs
    func from(_ first: UInt8) -> UInt64 { low &+ ones &* UInt64(0x80 - first) }
    let areLetters = from(UInt8(ascii: "A")) & ~from(UInt8(ascii: "Z") + 1)
    let areDigits = from(UInt8(ascii: "2")) & ~from(UInt8(ascii: "7") + 1)
    guard (areLetters | areDigits) & ~characters & highs == highs else { return nil }
    // A is 0, and 2 is 26.
    let letters = areLetters >> 7 & ones
    let values = low &- (letters &* 65 &+ (letters ^ ones) &* (50 - 26))
    // Merge adjacent groups: to ten bits, to twenty, to forty.
    let bytes = values.byteSwapped
    let tens = (bytes & 0x1F00_1F00_1F00_1F00) >> 3 | bytes & 0x001F_001F_001F_001F
    let twenties = (tens & 0x03FF_0000_03FF_0000) >> 6 | tens & 0x0000_03FF_0000_03FF
    return (twenties >> 32) << 20 | twenties & 0xF_FFFF
  }

  private static func reject(_ out: inout ByteBuffer, _ start: Int) -> UInt8? {
    out.truncate(to: start)
    return nil
  }

  private static func isLength(_ count: Int, of version: UInt8) -> Bool {
    switch version {
    case account, contract, liquidityPool, preAuthTx, hashX: count == 32
    case claimableBalance: count == 33
    case muxedAccount: count == 40
    case signedPayload: count >= 36 && count <= longestPayload && count % 4 == 0
    default: false
    }
  }
}
