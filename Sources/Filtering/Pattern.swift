import Bytes
import StellarJSON
import StellarXDR

/// What a value or a name is compared with (`PATTERN` of the specification's section 7).
package enum Pattern: Sendable {
  /// `*`
  case anything
  /// The whole text.
  case text(Literal)
  /// The whole text, with `*` and `?`.
  case glob(Glob)
  /// `/…/`, found anywhere.
  case expression(RegularExpression)
  /// `hex:…`, exactly these bytes.
  case bytes([UInt8])
  /// `>N` and the like.
  case number(Comparison)
  /// Base64 of a whole SCVal: exactly this value.
  case value(ExactValue)

  /// Whether a text matches. Numbers, bytes and exact values are no text: what is compared as those is told apart before.
  func matches(text: RawSpan) -> Bool {
    switch self {
    case .anything: true
    case .text(let wanted): wanted.text.bytes.equals(text)
    case .glob(let glob): glob.matches(text)
    case .expression(let expression): expression.matches(text)
    case .bytes, .number, .value: false
    }
  }

  /// Whether `matches(text:)` can be true at all.
  var isAboutText: Bool {
    switch self {
    case .anything, .text, .glob, .expression: true
    case .bytes, .number, .value: false
    }
  }

  /// Whether the text of a vec, a map or an instance can match: JSON, or `null` for an absent one.
  var canMatchContainer: Bool {
    switch self {
    case .anything, .expression: true
    case .text(let wanted): Self.canBegin(wanted.text)
    case .glob(let glob): Self.canBegin(glob.pattern)
    case .bytes, .number, .value: false
    }
  }

  private static func canBegin(_ text: [UInt8]) -> Bool {
    guard let first = text.first else { return false }
    return "[{n*?".utf8.contains(first)
  }
}

/// A text that has to be matched as it is, and what values have it: most can be compared without writing them as text.
package struct Literal: Sendable {
  let text: [UInt8]
  /// The `SCAddress` whose strkey it is.
  let address: [UInt8]?
  /// The number whose decimal text it is.
  let number: Comparison?

  package init(_ text: [UInt8]) {
    self.text = text
    var payload = ByteBuffer(capacity: 64)
    var form = ByteBuffer(capacity: 64)
    let version = Strkey.decode(text.bytes, into: &payload)
    address = version.flatMap { form.append(addressOf: $0, payload.bytes) ? form.bytes.copied : nil }
    number = text.bytes.isCanonicalDecimal ? Comparison(equalTo: text) : nil
  }
}

/// A text in which `*` stands for any characters and `?` for one.
package struct Glob: Sendable {
  let pattern: [UInt8]

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
