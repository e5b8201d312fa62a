// Patterns that regcomp(3) accepts, but that could make regexec(3) run without end.

extension RegularExpression {
  /// Rejects escapes that are not POSIX. In other languages `\d` is a class; here it would be a letter, and match something
  /// unintended. In some texts glibc would need hours to match a back-reference.
  static func refuseEscapes(_ pattern: String) throws(UsageError) {
    var isEscaped = false
    for character in pattern.utf8 {
      if isEscaped {
        switch character {
        case UInt8(ascii: "d"), UInt8(ascii: "D"):
          throw UsageError(
            "'/\(pattern)/': POSIX extended regular expressions have no '\\d'; a digit is [0-9], anything else [^0-9]")
        case UInt8(ascii: "1")...UInt8(ascii: "9"):
          let name = Character(Unicode.Scalar(character))
          throw UsageError("'/\(pattern)/': POSIX extended regular expressions have no back-references such as '\\\(name)'")
        default: break
        }
      }
      isEscaped = !isEscaped && character == UInt8(ascii: "\\")
    }
  }

  /// The maximum length of a pattern after its counted repetitions are expanded, as regcomp(3) does. Longer patterns take
  /// seconds, and a few nested repetitions take all memory.
  private static let mostCharacters = 10_000

  static func refuseRepetitions(_ pattern: String) throws(UsageError) {
    var rest = Substring(pattern).utf8
    // The sizes of the open groups, the outermost first; and the size of the last item, which a repetition would repeat.
    var groups = [0]
    var last = 0
    func add(_ size: Int) {
      last = size
      groups[groups.count - 1] = min(groups[groups.count - 1] + size, .max / 2)
    }
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "("): groups.append(0)
      case UInt8(ascii: ")") where groups.count > 1: add(groups.removeLast())
      case UInt8(ascii: "["):
        skipBracket(&rest)
        add(1)
      case UInt8(ascii: "\\"):
        _ = rest.popFirst()
        add(1)
      case UInt8(ascii: "{"):
        let counts = rest.prefix { $0 != UInt8(ascii: "}") }
        rest.removeFirst(min(counts.count + 1, rest.count))
        // Only digits. A number that does not fit into an Int is too large, too.
        let numbers = counts.split(separator: UInt8(ascii: ",")).filter { $0.allSatisfy { $0.isDigit } }
        let count = numbers.map { Int(Substring($0)) ?? .max }.max() ?? 1
        guard count > 1 else { continue }
        let (size, overflow) = last.multipliedReportingOverflow(by: count)
        groups[groups.count - 1] -= last
        add(overflow ? .max / 4 : size)
      case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "|"), UInt8(ascii: "^"), UInt8(ascii: "$"): break
      default: add(1)
      }
    }
    let size = groups.reduce(0) { min($0 + $1, .max / 2) }
    guard size <= mostCharacters else {
      throw UsageError("'/\(pattern)/' has more than \(mostCharacters) characters when its repetitions are expanded")
    }
  }

  /// Moves after a bracket expression. A `]` in first place, or in `[:alpha:]`, does not end it.
  private static func skipBracket(_ rest: inout Substring.UTF8View) {
    if rest.first == UInt8(ascii: "^") { rest.removeFirst() }
    if rest.first == UInt8(ascii: "]") { rest.removeFirst() }
    while let byte = rest.popFirst(), byte != UInt8(ascii: "]") {
      guard byte == UInt8(ascii: "["), let kind = rest.first, [UInt8](":.=".utf8).contains(kind) else { continue }
      rest.removeFirst()
      while let inside = rest.popFirst(), !(inside == kind && rest.first == UInt8(ascii: "]")) {}
      _ = rest.popFirst()
    }
  }
}
