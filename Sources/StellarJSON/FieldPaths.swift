import Bytes

/// Paths to places in JSON objects: `topic[]`, `result.events[].value`, `metadataXdr`.
package struct FieldPaths: Sendable {
  enum PathComponent: Sendable, Equatable {
    case member([UInt8])
    case element
  }

  /// A string at one of the places.
  package struct Hit {
    /// The index of the path.
    package var path: Int
    package var token: JSONCursor.StringToken
  }

  private(set) var paths: [[PathComponent]] = []

  /// Each path is one bit of a word.
  package static let maximumCount = 64

  /// Nil if one of the texts is not a path: names separated by dots, each optionally followed by `[]`.
  package init?(_ texts: [String]) {
    guard texts.count <= Self.maximumCount else { return nil }
    for text in texts {
      var steps: [PathComponent] = []
      for part in text.split(separator: ".", omittingEmptySubsequences: false) {
        var name = part
        var elements = 0
        while name.hasSuffix("[]") {
          name = name.dropLast(2)
          elements += 1
        }
        // Only the first part can have no name: the line itself is then an array.
        guard !name.isEmpty || steps.isEmpty && elements > 0 else { return nil }
        // Syntax of other path languages: `topic[0]`, `$.topic`.
        if name == "$" || name.contains("[") || name.contains("]") { return nil }
        if !name.isEmpty { steps.append(.member(Array(name.utf8))) }
        steps += Array(repeating: .element, count: elements)
      }
      paths.append(steps)
    }
  }

  /// All paths, as bits.
  var all: UInt64 { paths.count == 64 ? .max : 1 << UInt64(paths.count) - 1 }

  /// Reads a line, which must be one JSON value, and appends the strings at the places to `hits`, in the order of the line. Sets
  /// in `seen` the bits of the paths that lead to a string, to null or to an empty array.
  package func find(in line: RawSpan, into hits: inout [Hit], seen: inout UInt64) throws(JSONError) {
    var cursor = JSONCursor(line)
    try walk(&cursor, active: all, depth: 0, &hits, &seen)
    try cursor.expectEnd()
  }

  package func find(in line: RawSpan, into hits: inout [Hit]) throws(JSONError) {
    var seen = UInt64.max
    try find(in: line, into: &hits, seen: &seen)
  }

  /// `active`: the paths whose first `depth` steps lead to this value.
  private func walk(
    _ cursor: inout JSONCursor, active: UInt64, depth: Int, _ hits: inout [Hit], _ seen: inout UInt64
  ) throws(JSONError) {
    guard active != 0 else { return try cursor.skipValue() }
    switch try cursor.peek() {
    case UInt8(ascii: "{"):
      if try cursor.beginObject() {
        repeat {
          let name = try cursor.memberName()
          var inside: UInt64 = 0
          for path in paths.indices where active >> UInt64(path) & 1 == 1 && paths[path].count > depth {
            if case .member(let wanted) = paths[path][depth], cursor.equals(name, wanted.bytes) { inside |= 1 << UInt64(path) }
          }
          try walk(&cursor, active: inside, depth: depth + 1, &hits, &seen)
        } while try cursor.next(before: UInt8(ascii: "}"))
      }
    case UInt8(ascii: "["):
      var inside: UInt64 = 0
      for path in paths.indices where active >> UInt64(path) & 1 == 1 && paths[path].count > depth {
        if paths[path][depth] == .element { inside |= 1 << UInt64(path) }
      }
      if try cursor.beginArray() {
        repeat {
          try walk(&cursor, active: inside, depth: depth + 1, &hits, &seen)
        } while try cursor.next(before: UInt8(ascii: "]"))
      } else {
        seen |= inside
      }
    case UInt8(ascii: "\""):
      let token = try cursor.string()
      if let path = paths.indices.first(where: { active >> UInt64($0) & 1 == 1 && paths[$0].count == depth }) {
        hits.append(Hit(path: path, token: token))
        seen |= 1 << UInt64(path)
      }
    case UInt8(ascii: "n"):
      seen |= active
      try cursor.skipValue()
    default: try cursor.skipValue()
    }
  }
}
