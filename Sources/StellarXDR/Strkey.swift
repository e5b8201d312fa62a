import Bytes

/// SEP-23: keys and ids as text. `version | payload | CRC-16`, in base32 without padding.
package enum Strkey {
  package static let account: UInt8 = 6 << 3
  package static let muxedAccount: UInt8 = 12 << 3
  package static let preAuthTx: UInt8 = 19 << 3
  package static let hashX: UInt8 = 23 << 3
  package static let signedPayload: UInt8 = 15 << 3
  package static let contract: UInt8 = 2 << 3
  package static let liquidityPool: UInt8 = 11 << 3
  package static let claimableBalance: UInt8 = 1 << 3

  /// The longest payload: a signed payload's key, length and 64 bytes.
  static let longestPayload = 100

  /// CRC-16/XMODEM, a byte at a time.
  static let checksums: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte) << 8) { checksum, _ in checksum & 0x8000 != 0 ? checksum << 1 ^ 0x1021 : checksum << 1 }
  }

  @inline(__always)
  static func checksum(_ checksum: UInt16, _ byte: UInt8) -> UInt16 {
    checksum << 8 ^ checksums[Int(UInt8(truncatingIfNeeded: checksum >> 8) ^ byte)]
  }

  static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  /// What a character of the alphabet stands for; nil for any other.
  @inline(__always)
  static func value(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "2")...UInt8(ascii: "7"): character - UInt8(ascii: "2") + 26
    default: nil
    }
  }
}

/// Feeds bytes to a strkey that is being written.
private struct StrkeyWriter {
  var bits: UInt32 = 0
  var bitCount = 0
  var checksum: UInt16 = 0

  @inline(__always)
  mutating func put(_ byte: UInt8, _ out: inout ByteBuffer) {
    checksum = Strkey.checksum(checksum, byte)
    emit(byte, &out)
  }

  @inline(__always)
  mutating func emit(_ byte: UInt8, _ out: inout ByteBuffer) {
    bits = bits << 8 | UInt32(byte)
    bitCount += 8
    while bitCount >= 5 {
      bitCount -= 5
      out.append(Strkey.alphabet[Int(bits >> UInt32(bitCount) & 31)])
    }
  }

  mutating func finish(_ out: inout ByteBuffer) {
    let sum = checksum
    emit(UInt8(truncatingIfNeeded: sum), &out)
    emit(UInt8(truncatingIfNeeded: sum >> 8), &out)
    if bitCount > 0 { out.append(Strkey.alphabet[Int(bits << UInt32(5 - bitCount) & 31)]) }
  }
}

extension ByteBuffer {
  /// The strkey of `payload` and then `tail`.
  @inline(__always)
  package mutating func append(strkey version: UInt8, _ payload: RawSpan, tail: RawSpan = RawSpan()) {
    reserve(168)
    var writer = StrkeyWriter()
    writer.put(version, &self)
    for offset in 0..<payload.byteCount { writer.put(payload[offset], &self) }
    for offset in 0..<tail.byteCount { writer.put(tail[offset], &self) }
    writer.finish(&self)
  }
}

extension Strkey {
  /// Reads a strkey of any kind: appends its payload to `out` and returns its version byte; nil (and nothing appended) if it is not one:
  /// wrong length, character, checksum or version, or bits that are not zero at the end.
  package static func decode(_ text: RawSpan, into out: inout ByteBuffer) -> UInt8? {
    let length = text.byteCount
    guard (56...165).contains(length), ![1, 3, 6].contains(length % 8) else { return nil }
    let start = out.count
    var bits: UInt32 = 0
    var bitCount = 0
    for offset in 0..<length {
      guard let value = value(text[offset]) else { return reject(&out, start) }
      bits = bits << 5 | UInt32(value)
      bitCount += 5
      if bitCount >= 8 {
        bitCount -= 8
        out.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
      }
    }
    let count = out.count - start
    guard bits & (1 << UInt32(bitCount) - 1) == 0 else { return reject(&out, start) }
    let version = out.bytes[start]
    var sum: UInt16 = 0
    for offset in start..<start + count - 2 { sum = checksum(sum, out.bytes[offset]) }
    guard out.bytes[start + count - 2] == UInt8(truncatingIfNeeded: sum), out.bytes[start + count - 1] == UInt8(sum >> 8),
      isLength(count - 3, of: version)
    else { return reject(&out, start) }
    // The payload moves over the version byte.
    out.truncate(to: start + count - 2)
    out.remove(start..<start + 1)
    return version
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
