import Bytes

/// Expands ranges of characters in the brackets of regular expressions.
///
/// In the locale C.UTF-8, glibc's regcomp(3) rejects ranges beyond ASCII, although it accepts the single characters. So the
/// ranges are expanded.
enum CharacterRanges {
  /// The maximum number of characters from all ranges of one expression, which is the size of a Unicode plane.
  private static let most = 1 << 16

  /// The pattern with ranges beyond ASCII expanded.
  static func writtenOut(_ pattern: String) throws(UsageError) -> String {
    var result = String.UnicodeScalarView()
    var rest = pattern.unicodeScalars[...]
    var written = 0
    while let character = rest.popFirst() {
      result.append(character)
      if character == "\\", let escaped = rest.popFirst() { result.append(escaped) }
      if character == "[" { try bracket(&rest, &result, &written, of: pattern) }
    }
    return String(result)
  }

  /// Copies a bracket expression up to its closing bracket.
  private static func bracket(
    _ rest: inout Substring.UnicodeScalarView, _ result: inout String.UnicodeScalarView, _ written: inout Int, of pattern: String
  ) throws(UsageError) {
    if rest.first == "^" { result.append(rest.removeFirst()) }
    var isFirst = true
    while let character = rest.popFirst() {
      result.append(character)
      if character == "]", !isFirst { return }
      isFirst = false
      if character == "[", let kind = rest.first, ":.=".unicodeScalars.contains(kind) {
        copyClass(kind, &rest, &result)
        continue
      }
      // A `-` in last place does not make a range.
      guard rest.first == "-", let last = rest.dropFirst().first, last != "]", last.value >= 0x80, character <= last else {
        continue
      }
      rest.removeFirst(2)
      if character.value < 0x7F { result.append(contentsOf: "-\u{7F}".unicodeScalars) }
      written += Int(last.value - character.value)
      guard written <= most else {
        throw UsageError("'/\(pattern)/' has ranges of more than \(most) characters")
      }
      for value in max(character.value, 0x80)...last.value {
        if let scalar = Unicode.Scalar(value) { result.append(scalar) }
      }
    }
  }

  /// Copies `[:alpha:]`, `[.x.]` and `[=x=]`.
  private static func copyClass(
    _ kind: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView, _ result: inout String.UnicodeScalarView
  ) {
    result.append(rest.removeFirst())
    while let character = rest.popFirst() {
      result.append(character)
      if character == kind, rest.first == "]" {
        result.append(rest.removeFirst())
        return
      }
    }
  }
}
