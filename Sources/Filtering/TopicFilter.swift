/// A condition on the topics of an event.
package enum TopicFilter: Sendable {
  /// Segment by segment, as in an RPC server's `getEvents`. `isOpen`: further topics can follow (`**`).
  case segments([Pattern], isOpen: Bool)
  /// Only the topic at a position.
  case position(Int, Pattern)

  /// Reads a filter from the command line: `SEG/SEG/…` or `N=PATTERN`.
  package init(_ text: String) throws(UsageError) {
    if let (index, pattern) = try splitPosition(text) {
      self = .position(index, try Pattern(pattern))
      return
    }
    if text.utf8.count > 1, text.hasPrefix("/"), text.hasSuffix("/") {
      throw UsageError("'\(text)' does not name a position: write a regular expression for one topic as '0=\(text)'")
    }
    var segments = Self.segments(text)
    let isOpen = segments.last == "**"
    if isOpen { segments.removeLast() }
    guard !segments.contains("**") else {
      throw UsageError("'**' matches all topics that follow, so only the last segment can be '**': '\(text)'")
    }
    var patterns: [Pattern] = []
    for segment in segments { patterns.append(try Pattern(segment)) }
    self = .segments(patterns, isOpen: isOpen)
  }

  /// Splits at slashes, except those inside the base64 of a value.
  private static func segments(_ text: String) -> [String] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var segments: [String] = []
    var next = 0
    while next < parts.count {
      var end = next + 1
      if parts[next].hasPrefix("AAAA"), let whole = (next..<parts.count).first(where: { last in isValue(parts[next...last]) }) {
        end = whole + 1
      }
      segments.append(parts[next..<end].joined(separator: "/"))
      next = end
    }
    return segments
  }

  private static func isValue(_ parts: ArraySlice<String>) -> Bool {
    do throws(UsageError) { return try ExactValue(base64: parts.joined(separator: "/")) != nil } catch { return false }
  }
}

/// The two parts of `N=…`; nil if the text does not have this form.
func splitPosition(_ text: String) throws(UsageError) -> (Int, String)? {
  guard let sign = text.firstIndex(of: "="), sign != text.startIndex, text[..<sign].utf8.allSatisfy({ $0.isDigit }) else {
    return nil
  }
  guard let index = UInt32(text[..<sign]) else { throw UsageError("'\(text[..<sign])' is not a position, counted from 0") }
  return (Int(clamping: index), String(text[text.index(after: sign)...]))
}
