import Bytes

/// How an input is separated into records.
package enum InputFormat: String, CaseIterable, Sendable {
  /// Detected from the first bytes of each FILE.
  case automatic = "auto"
  /// XDR, record-marked or bare.
  case xdr
  /// One JSON value or base64 string per line.
  case ndjson
}

/// The container of a FILE.
package enum Framing: Equatable, Sendable {
  /// RFC 5531 record marking.
  case marked
  /// One record per line.
  case lines
  /// XDR values without framing: only a reader that knows the type can find where a record ends.
  case bare
}

/// The compression of a FILE.
enum Compression: Equatable {
  case none, zstd, gzip

  /// From the first bytes of a FILE; nil if more bytes are needed.
  ///
  /// Uses at most four bytes. More bytes never change a decision, so the result does not depend on the sizes of the reads.
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

/// A format that the tools do not read, with the way to convert it where there is one.
package enum ForeignFormat: String, Sendable {
  case markedText = "UTF-8 text that begins with a byte order mark; pipe it through tail -c +4"
  case utf16 = "UTF-16 text; pipe it through iconv -f UTF-16 -t UTF-8"
  case xz = "xz data; pipe it through xzcat"
  case bzip2 = "bzip2 data; pipe it through bzcat"
  case lzma = "lzma data; pipe it through lzcat"
  case lz4 = "lz4 data; pipe it through lz4cat"
  case compress = "compress data; pipe it through zcat"
  case zip = "a zip archive; pipe in what unzip -p prints"
  case sevenZip = "a 7z archive; pipe in what 7z x -so prints"
  case html = "HTML or XML text, such as a server's error page"
  case hex = "hex digits; pipe them through xxd -r -p"
  case hexDump = "a hex dump; pipe it through xxd -r"
  case encodedFile = "base64 of a whole file; pipe it through base64 -d"
  case otherDump = "bytes dumped as text; pipe in the bytes themselves"
  case table = "text in columns; extract the values, one per line"
  case plainText = "plain text, neither JSON nor base64"

  /// Whether only this line is wrong, so that the next one may be a record.
  var isLine: Bool {
    switch self {
    case .hex, .hexDump, .encodedFile, .otherDump, .table, .plainText: true
    default: false
    }
  }
}

extension ForeignFormat {
  /// From the first bytes of a FILE that is not read as lines. XDR can begin with some of these bytes too, so call this only
  /// after reading has failed.
  init?(_ bytes: RawSpan) {
    guard bytes.byteCount >= 4 else { return nil }
    switch bytes.word(at: 0) {
    case 0xEFBB_BF00...0xEFBB_BFFF: self = .markedText
    case 0xFFFE_0000...0xFFFE_FFFF, 0xFEFF_0000...0xFEFF_FFFF: self = .utf16
    case 0xFD37_7A58: self = .xz
    case 0x504B_0304, 0x504B_0506: self = .zip
    case 0x377A_BCAF: self = .sevenZip
    case 0x0422_4D18, 0x0221_4C18: self = .lz4
    case 0x5D00_0000...0x5D00_FFFF: self = .lzma
    case 0x1F9D_0000...0x1F9D_FFFF: self = .compress
    case _ where Self.isText(bytes): self.init(text: bytes)
    default: return nil
    }
  }

  /// From the first line of a FILE that is read as lines. Nil for anything that could be JSON or base64, intact or damaged.
  init?(line bytes: RawSpan, alsoText: Bool) {
    if bytes.byteCount >= 10, bytes.extracting(0..<3).equals("BZh"), bytes.extracting(4..<10).equals("1AY&SY") {
      self = .bzip2
      return
    }
    if bytes.byteCount >= 4 {
      switch bytes.word(at: 0) {
      case 0xEFBB_BF00...0xEFBB_BFFF, 0xFFFE_0000...0xFFFE_FFFF, 0xFEFF_0000...0xFEFF_FFFF, 0xFD37_7A58:
        self.init(bytes)
        return
      default: break
      }
    }
    let line = alsoText ? Self.firstLine(bytes) : []
    guard let first = line.first, Framing.isBase64(first) else { return nil }
    if let kind = Self.columns(line) { self = kind } else { return nil }
  }

  /// From text that is not read as lines.
  private init(text bytes: RawSpan) {
    let line = Self.firstLine(bytes)
    self = line.first == UInt8(ascii: "<") ? .html : Self.columns(line) ?? .plainText
  }

  /// How many bytes are examined to recognize text.
  static let sampleSize = 64

  /// Whether the first `sampleSize` bytes are printable text.
  static func isText(_ bytes: RawSpan) -> Bool {
    var offset = 0
    while offset < min(bytes.byteCount, sampleSize) {
      switch bytes[offset] {
      case 0x20..<0x7F, 0x09, 0x0A, 0x0D: offset += 1
      case 0x80...:
        // The last character may be cut off.
        guard let length = bytes.utf8Length(at: offset) else { return offset >= sampleSize - 4 }
        offset += length
      default: return false
      }
    }
    return offset > 3
  }

  /// The first line that is not blank, at most 4096 bytes.
  private static func firstLine(_ bytes: RawSpan) -> [UInt8] {
    let text = bytes.extracting(first: 4096).copied.drop { $0 <= 0x20 }
    return Array(text.prefix { $0 != 0x0A && $0 != 0x0D })
  }

  /// The kind of a line whose words are neither JSON nor base64; nil if they could be.
  private static func columns(_ line: [UInt8]) -> ForeignFormat? {
    let words = line.split { $0 == 0x20 || $0 == 0x09 }
    guard let first = words.first else { return nil }
    // An offset and groups of digits, as xxd, hexdump and od print them.
    let offset = first.last == UInt8(ascii: ":") ? first.dropLast() : first
    if (6...16).contains(offset.count), offset.allSatisfy(isHex), words.count > 2,
      words[1...2].allSatisfy({ $0.allSatisfy(isHex) })
    {
      return offset.count < first.count ? .hexDump : .otherDump
    }
    let groups = line.split { $0 == 0x20 || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ",") }
    if groups.count > 3, groups.allSatisfy({ isHexGroup($0) }) { return .hex }
    if line.starts(with: Array("0x".utf8)), line.dropFirst(2).allSatisfy(isHex) { return .hex }
    // In a sentence a space follows a comma.
    let isSentence = Swift.zip(line, line.dropFirst()).contains { isSeparator($0.0) && $0.1 == 0x20 }
    if line.contains(0x09) || !isSentence && line.contains(where: isSeparator) { return .table }
    return words.count > 1 && !words.allSatisfy({ $0.count % 4 == 0 && $0.allSatisfy(isBase64) }) ? .plainText : nil
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") }

  private static func isBase64(_ byte: UInt8) -> Bool { Framing.isBase64(byte) || byte == UInt8(ascii: "=") }

  private static func isHex(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
  }

  /// Two, four or eight hex digits, as `80`, `0x80` or `8000`.
  private static func isHexGroup(_ group: ArraySlice<UInt8>) -> Bool {
    let digits = group.starts(with: Array("0x".utf8)) ? group.dropFirst(2) : group
    return digits.count <= 8 && digits.count % 2 == 0 && !digits.isEmpty && digits.allSatisfy(isHex)
  }

  /// The kind of a line of base64 letters that is not a value in base64. A value can look the same, so call this only after
  /// decoding has failed.
  package init?(insteadOfValue line: RawSpan) {
    if Self.isHex(line) {
      self = .hex
    } else if Self.fileBeginnings.contains(where: { line.extracting(first: $0.utf8CodeUnitCount).equals($0) }) {
      self = .encodedFile
    } else {
      return nil
    }
  }

  /// The first characters of base64 of whole files: of a record mark, zstd data and gzip data.
  private static let fileBeginnings: [StaticString] = ["gA", "KLUv/", "H4sI"]

  /// Whether a line consists of hex digits. Base64 of XDR contains more of the letter A than of numerals.
  private static func isHex(_ line: RawSpan) -> Bool {
    var (digits, numerals) = (0, 0)
    for offset in 0..<line.byteCount {
      let byte = line[offset]
      if isHex(byte) { digits += 1 } else if byte > 0x20 { return false }
      if byte &- 48 < 10 { numerals += 1 }
    }
    return digits >= 8 && digits % 2 == 0 && numerals >= digits / 4
  }
}

extension Framing {
  /// From the first decompressed bytes of a FILE; nil if more bytes are needed. Like `Compression.sniff`, it never changes a
  /// decision.
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

  static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
