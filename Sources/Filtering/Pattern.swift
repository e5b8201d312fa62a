import Bytes
import StellarJSON

/// What a value or a name is compared with (`PATTERN` of the specification's section 7).
package enum Pattern: Sendable {
  /// `*`
  case anything
  /// The whole text.
  case text([UInt8])
  /// The whole text, with `*` and `?`.
  case glob(Glob)
  /// `/…/`, found anywhere.
  case expression(RegularExpression)
  /// `hex:…`, exactly these bytes.
  case bytes([UInt8])
  /// `>N` and the like.
  case number(Comparison)

  /// Reads a pattern as it is given on the command line.
  package init(_ text: String) throws(UsageError) {
    let bytes = Array(text.utf8)
    if bytes.count > 1, bytes.first == UInt8(ascii: "/"), bytes.last == UInt8(ascii: "/") {
      self = .expression(try RegularExpression(String(text.dropFirst().dropLast())))
    } else if text.hasPrefix("hex:") {
      self = .bytes(try Self.decode(hex: text))
    } else if let comparison = try Comparison(text) {
      self = .number(comparison)
    } else if !bytes.isEmpty, bytes.allSatisfy({ $0 == UInt8(ascii: "*") }) {
      self = .anything
    } else if bytes.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
      self = .glob(Glob(bytes))
    } else {
      self = .text(bytes)
    }
  }

  private static func decode(hex text: String) throws(UsageError) -> [UInt8] {
    let digits = Array(text.utf8.dropFirst(4))
    var bytes = ByteBuffer(capacity: digits.count)
    guard digits.count % 2 == 0, bytes.append(decodingHex: digits.bytes) == nil else {
      throw UsageError("'\(text)' is no hex: two digits make a byte, after 'hex:'")
    }
    return bytes.bytes.copied
  }

  /// Whether a text matches. Numbers and bytes are no text: what is compared as those is told apart before.
  func matches(text: RawSpan) -> Bool {
    switch self {
    case .anything: true
    case .text(let wanted): wanted.bytes.equals(text)
    case .glob(let glob): glob.matches(text)
    case .expression(let expression): expression.matches(text)
    case .bytes, .number: false
    }
  }

  /// Whether `matches(text:)` can be true at all.
  var isAboutText: Bool {
    switch self {
    case .anything, .text, .glob, .expression: true
    case .bytes, .number: false
    }
  }
}

/// A text in which `*` stands for any characters and `?` for one.
package struct Glob: Sendable {
  private let pattern: [UInt8]

  init(_ pattern: [UInt8]) { self.pattern = pattern }

  func matches(_ text: RawSpan) -> Bool {
    let pattern = pattern.bytes
    var wanted = 0
    var offset = 0
    // Where to go on when what follows the last star does not fit: behind the star, one character further.
    var retry: (wanted: Int, offset: Int)?
    while offset < text.byteCount {
      if wanted < pattern.byteCount {
        let character = pattern[wanted]
        if character == UInt8(ascii: "*") {
          wanted &+= 1
          retry = (wanted, offset)
          continue
        }
        if character == UInt8(ascii: "?") {
          wanted &+= 1
          offset &+= text.utf8Length(at: offset) ?? 1
          continue
        }
        if character == text[offset] {
          wanted &+= 1
          offset &+= 1
          continue
        }
      }
      guard let last = retry else { return false }
      retry = (last.wanted, last.offset &+ (text.utf8Length(at: last.offset) ?? 1))
      (wanted, offset) = (last.wanted, last.offset &+ (text.utf8Length(at: last.offset) ?? 1))
    }
    while wanted < pattern.byteCount, pattern[wanted] == UInt8(ascii: "*") { wanted &+= 1 }
    return wanted == pattern.byteCount
  }
}

/// What is wrong with what the user asked for, in one sentence.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
