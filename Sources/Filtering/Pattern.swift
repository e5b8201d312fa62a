import Bytes
import StellarJSON
import StellarXDR

/// What to compare a value or a name with (`PATTERN` in the specification's section 7).
package enum Pattern: Sendable {
  /// `*`
  case anything
  /// The complete text.
  case text(Literal)
  /// The complete text, with `*` and `?`.
  case glob(Glob)
  /// `/…/`, which can match anywhere in the text.
  case expression(RegularExpression)
  /// `hex:…`, exactly these bytes.
  case bytes([UInt8])
  /// `>N` and other comparisons.
  case number(Comparison)
  /// Base64 of a complete SCVal: exactly this value.
  case value(ExactValue)

  /// Whether a text matches. Numbers, bytes and exact values are not text; the caller compares them separately.
  func matches(text: RawSpan) -> Bool {
    switch self {
    case .anything: true
    case .text(let wanted): wanted.text.bytes.equals(text)
    case .glob(let glob): glob.matches(text)
    case .expression(let expression): expression.matches(text)
    case .bytes, .number, .value: false
    }
  }

  /// Whether `matches(text:)` can be true.
  var isAboutText: Bool {
    switch self {
    case .anything, .text, .glob, .expression: true
    case .bytes, .number, .value: false
    }
  }

  /// Whether the pattern can match the text of a vec, a map or an instance: JSON, or `null` for an absent one.
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

/// An exact text, and the values with this text. Most of them can be compared without being written as text.
package struct Literal: Sendable {
  let text: [UInt8]
  /// The `SCAddress`, if the text is a strkey.
  let address: [UInt8]?
  /// The number, if the text is one in decimal.
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

/// A text in which `*` matches any characters and `?` matches one.
package struct Glob: Sendable {
  let pattern: [UInt8]

  init(_ pattern: [UInt8]) { self.pattern = pattern }

  func matches(_ text: RawSpan) -> Bool {
    let pattern = pattern.bytes
    var wanted = 0
    var offset = 0
    // Where to continue after a mismatch: after the last star, one character further in the text.
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

/// What is wrong with the user's input, in one sentence.
package struct UsageError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
