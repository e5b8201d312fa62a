import Bytes
import StellarJSON
import StellarXDR

// Patterns from the command line. Text that almost certainly means something else is rejected, with the correct notation.

extension Pattern {
  /// Reads a pattern for values.
  package init(_ text: String) throws(UsageError) {
    if let expression = try Self.expression(text) {
      self = .expression(expression)
    } else if text.hasPrefix("hex:") {
      self = .bytes(try Self.decode(hex: text))
    } else if let comparison = try Comparison(text) {
      self = .number(comparison)
    } else if let value = try ExactValue(base64: text) {
      self = .value(value)
    } else {
      self.init(glob: Array(text.utf8))
    }
  }

  /// Reads a pattern for function names: text, with or without wildcards, or a regular expression.
  package init(name text: String) throws(UsageError) {
    if let expression = try Self.expression(text) {
      self = .expression(expression)
      return
    }
    if text.hasPrefix("hex:") || ["<", "=", ">", "!="].contains(where: text.hasPrefix) {
      throw UsageError("'\(text)' is not a name: numbers and bytes are compared with values, not with function names")
    }
    if text.isEmpty { throw UsageError("no function has an empty name") }
    // Function names have no commas, except in failed calls.
    if text.contains(",") {
      throw UsageError(
        "'\(text)' is one name with a comma: repeat the option for each name, or use a regular expression, /^(a|b)$/")
    }
    // Characters other than plain text are escaped in the record.
    if text.utf8.count > Self.longestName, !text.contains(where: { "*?\\".contains($0) }) {
      throw UsageError("'\(text)' is longer than \(Self.longestName) characters, the most that a function name can have")
    }
    self.init(glob: Array(text.utf8))
  }

  /// The maximum length of a symbol.
  private static let longestName = 32

  private init(glob bytes: [UInt8]) {
    if !bytes.isEmpty, bytes.allSatisfy({ $0 == UInt8(ascii: "*") }) {
      self = .anything
    } else if bytes.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) {
      self = .glob(Glob(bytes))
    } else {
      self = .text(Literal(bytes))
    }
  }

  private static func expression(_ text: String) throws(UsageError) -> RegularExpression? {
    guard text.utf8.count > 1, text.utf8.first == UInt8(ascii: "/") else { return nil }
    if text.utf8.last == UInt8(ascii: "/") { return try RegularExpression(String(text.dropFirst().dropLast())) }
    let flags = text.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }
    if flags.count <= 2, flags.count + 2 < text.utf8.count, flags.allSatisfy({ "gimsux".utf8.contains($0) }) {
      throw UsageError("'\(text)': a regular expression ends with '/' and takes no flags; for both cases write [aA]")
    }
    return nil
  }

  private static func decode(hex text: String) throws(UsageError) -> [UInt8] {
    let digits = Array(text.utf8.dropFirst(4))
    var bytes = ByteBuffer(capacity: digits.count)
    guard digits.count % 2 == 0, bytes.append(decodingHex: digits.bytes) == nil else {
      throw UsageError("'\(text)' is not hex: after 'hex:', two digits make a byte")
    }
    return bytes.bytes.copied
  }
}
