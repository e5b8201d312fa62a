import Bytes

/// How the records of an input are told apart.
package enum InputFormat: String, CaseIterable, Sendable {
  /// By the first bytes of each FILE.
  case automatic = "auto"
  /// XDR, record-marked or bare.
  case xdr
  /// One JSON value or base64 string a line.
  case ndjson
}

/// The container of a FILE.
package enum Framing: Equatable, Sendable {
  /// RFC 5531 record marking.
  case marked
  /// A record a line.
  case lines
  /// XDR back to back: only who knows the type can tell where a record ends.
  case bare
}

/// Whether a FILE is compressed.
enum Compression: Equatable {
  case none, zstd, gzip

  /// From the first bytes of a FILE; nil as long as more of them are needed.
  ///
  /// Looks at four bytes at most, and each further byte can only decide, never change its mind,
  /// so the answer is the same for any way the bytes arrive.
  static func sniff(_ bytes: RawSpan, atEnd: Bool) -> Compression? {
    let undecided: Compression? = atEnd ? Compression.none : nil
    guard bytes.byteCount > 0 else { return undecided }
    switch bytes[0] {
    case 0x1F:
      guard bytes.byteCount > 1 else { return undecided }
      return bytes[1] == 0x8B ? .gzip : Compression.none
    case 0x28:  // a frame: 28 B5 2F FD. Its first bytes alone are a frame cut off; nothing else begins with them.
      return sniff(bytes, magic: 0x28B5_2FFD, cutOff: atEnd ? .zstd : nil)
    case 0x50...0x5F:  // a skippable frame: 5? 2A 4D 18
      return sniff(bytes, magic: UInt32(bytes[0]) << 24 | 0x2A_4D18, cutOff: undecided)
    default: return Compression.none
    }
  }

  private static func sniff(_ bytes: RawSpan, magic: UInt32, cutOff: Compression?) -> Compression? {
    for index in 0..<min(4, bytes.byteCount) where bytes[index] != UInt8(truncatingIfNeeded: magic >> (24 - 8 * index)) {
      return Compression.none
    }
    return bytes.byteCount < 4 ? cutOff : .zstd
  }
}

/// What a FILE is that is no input, though by its first byte it could be record-marked XDR (all of these would be records of more than a
/// gigabyte), and where to turn it into one.
package enum Foreign: String, Sendable {
  case markedText = "UTF-8 text that begins with a byte order mark; pipe it through tail -c +4"
  case utf16 = "UTF-16 text; pipe it through iconv -f UTF-16 -t UTF-8"
  case xz = "xz data; pipe it through xzcat"

  init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 4 else { return nil }
    switch bytes.word(at: 0) {
    case 0xEFBB_BF00...0xEFBB_BFFF: self = .markedText
    case 0xFFFE_0000...0xFFFE_FFFF, 0xFEFF_0000...0xFEFF_FFFF: self = .utf16
    case 0xFD37_7A58: self = .xz
    default: return nil
    }
  }
}

extension Framing {
  /// From the first bytes of a FILE, decompressed; nil as long as more of them are needed. As stable as `Compression.sniff`.
  static func sniff(_ bytes: RawSpan, _ format: InputFormat, atEnd: Bool) -> Framing? {
    if format == .ndjson { return .lines }
    guard bytes.byteCount > 0 else { return atEnd ? .bare : nil }
    if bytes[0] & 0x80 != 0 { return .marked }
    if format == .xdr { return .bare }
    switch bytes[0] {
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: " "), 0x09, 0x0A, 0x0D: return .lines
    case let first where isBase64(first): break
    default: return .bare
    }
    for index in 1..<4 {
      guard index < bytes.byteCount else { return atEnd ? .lines : nil }
      switch bytes[index] {
      case 0x0A, 0x0D: return .lines
      case let next where isBase64(next) || next == UInt8(ascii: "="): continue
      default: return .bare
      }
    }
    return .lines
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
