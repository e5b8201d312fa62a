import Bytes
import StellarJSON

/// The part of a value that a pattern tests: `amount`, `balance.amount`, `0.1`, `"any key"`, `prices.*`, or `.` for the value
/// itself. Names are members of a map and numbers are indices of a vec, as in the native style.
package struct MemberPath: Sendable, Equatable {
  package enum Segment: Sendable, Equatable {
    /// The member of this name. `index`: the index of a vec that the name can also mean.
    case name([UInt8], index: Int?)
    /// Any member or element.
    case any
  }

  /// Empty for the value itself, without its contents.
  package var segments: [Segment]

  /// The path in `PATH=PATTERN` and the pattern after it; nil if the text does not start with a path.
  ///
  /// `place`: for lists of values, the index in the list, which comes first: `0=PATTERN`. Only in that form the path is nil,
  /// which means the value and all its contents.
  struct Split {
    var place: Int?
    var path: MemberPath?
    var pattern: String
  }

  static func split(_ text: String, places: Bool) throws(UsageError) -> Split? {
    if places, let (place, pattern) = try splitPosition(text) { return Split(place: place, path: nil, pattern: pattern) }
    var reader = Reader(Array(text.utf8))
    guard let segments = reader.path(), let end = reader.end else {
      try refuseOtherPaths(text)
      return nil
    }
    var split = Split(
      path: MemberPath(segments: segments), pattern: String(decoding: text.utf8.dropFirst(end + 1), as: UTF8.self))
    if places, !text.hasPrefix("."), case .name(_, let place?)? = segments.first {
      split.place = place
      split.path?.segments.removeFirst()
    }
    return split
  }

  /// Rejects paths in other notations, and comparisons of a member without the `=` after its path, which would otherwise count as
  /// text.
  private static func refuseOtherPaths(_ text: String) throws(UsageError) {
    let name = text.utf8.prefix { $0.isPathCharacter || "[]$\"".utf8.contains($0) }
    guard !name.isEmpty else { return }
    let written = String(decoding: name, as: UTF8.self)
    let rest = String(decoding: text.utf8.dropFirst(name.count), as: UTF8.self)
    if rest.hasPrefix("="), written.contains(where: { ".[$".contains($0) }) {
      throw UsageError(
        "'\(written)' is not a path to a member, such as amount, balance.amount, 0.amount, or . for the value itself")
    }
    guard let symbol = [">=", "<=", "!=", ">", "<"].first(where: rest.hasPrefix) else { return }
    let number = rest.dropFirst(symbol.count).drop { $0 == " " }.drop { $0 == "-" }
    guard !number.isEmpty, number.utf8.allSatisfy({ $0.isDigit }), name.allSatisfy({ $0.isPathCharacter }) else { return }
    throw UsageError("'\(text)' is not a comparison: write '=' after the path to a member, as in '\(written)=>5'")
  }
}

extension MemberPath: CustomStringConvertible {
  package var description: String {
    segments.isEmpty
      ? "."
      : segments.map { if case .name(let name, _) = $0 { String(decoding: name, as: UTF8.self) } else { "*" } }.joined(
        separator: ".")
  }
}

extension MemberPath {
  /// Reads a path up to the `=` after it.
  private struct Reader {
    private let text: [UInt8]
    private var position = 0
    /// The position of the `=`, after it was reached.
    private(set) var end: Int?

    init(_ text: [UInt8]) { self.text = text }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
      guard next == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    private mutating func acceptEnd() -> Bool {
      guard next == UInt8(ascii: "=") else { return false }
      end = position
      return true
    }

    mutating func path() -> [Segment]? {
      var segments: [Segment] = []
      let isRooted = accept(".")
      if isRooted, acceptEnd() { return [] }
      // A text that starts with a star is a glob.
      if !isRooted, next == UInt8(ascii: "*") { return nil }
      repeat {
        // `0.` is the element itself, without its contents.
        if !isRooted, segments.count == 1, case .name(_, _?)? = segments.first, acceptEnd() { return segments }
        guard let segment = segment() else { return nil }
        segments.append(segment)
        if acceptEnd() { return segments }
      } while accept(".")
      return nil
    }

    private mutating func segment() -> Segment? {
      if accept("*") { return .any }
      if next == UInt8(ascii: "\"") { return quoted().map { .name($0, index: nil) } }
      let name = Array(text[position...].prefix { $0.isNameCharacter })
      guard !name.isEmpty else { return nil }
      position += name.count
      // An index has no leading zeros.
      let isPlace = name.bytes.isCanonicalDecimal
      // Clamped because Int can have 32 bits; no vec is that long.
      return .name(name, index: isPlace ? UInt32(String(decoding: name, as: UTF8.self)).map { Int(clamping: $0) } : nil)
    }

    /// A name as a JSON string.
    private mutating func quoted() -> [UInt8]? {
      var cursor = JSONCursor(text.bytes, at: position)
      var name = ByteBuffer(capacity: 64)
      do throws(JSONError) {
        try name.append(unescaped: try cursor.string(), of: text.bytes)
        position = cursor.position
      } catch { return nil }
      return name.bytes.copied
    }
  }
}

extension UInt8 {
  /// The characters of contract symbols.
  fileprivate var isNameCharacter: Bool { isDigit || (0x61...0x7A).contains(self | 0x20) || self == UInt8(ascii: "_") }
  fileprivate var isPathCharacter: Bool { isNameCharacter || self == UInt8(ascii: ".") }
}
