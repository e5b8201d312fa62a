import Bytes

// Suggestions for paths that matched no string.

extension FieldPaths {
  /// Bounds on the members to visit and the bytes of a path, because a hint should not cost much time.
  private static let mostPlaces = 2000
  private static let longestPath = 120

  /// For each path that is not in `seen`, the most similar path in the line; nil if none is similar.
  func suggestions(in line: RawSpan, seen: UInt64) -> [String?] {
    var places: [String] = []
    var cursor = JSONCursor(line)
    try? collect(&cursor, "", &places)
    return paths.indices.map { path in
      seen >> UInt64(path) & 1 == 1 ? nil : Self.closest(to: text(of: path), among: places)
    }
  }

  /// A path as the user writes it.
  func text(of path: Int) -> String {
    var text = ""
    for step in paths[path] {
      switch step {
      case .member(let name): text += (text.isEmpty ? "" : ".") + String(decoding: name, as: UTF8.self)
      case .element: text += "[]"
      }
    }
    return text
  }

  /// The paths of all strings.
  private func collect(_ cursor: inout JSONCursor, _ path: String, _ places: inout [String]) throws(JSONError) {
    guard places.count < Self.mostPlaces, path.utf8.count < Self.longestPath else { return try cursor.skipValue() }
    switch try cursor.peek() {
    case UInt8(ascii: "{"):
      if try cursor.beginObject() {
        repeat {
          let name = cursor.slice(try cursor.memberName().content).text
          try collect(&cursor, path.isEmpty ? name : "\(path).\(name)", &places)
        } while try cursor.next(before: UInt8(ascii: "}"))
      }
    case UInt8(ascii: "["):
      if try cursor.beginArray() {
        repeat { try collect(&cursor, path + "[]", &places) } while try cursor.next(before: UInt8(ascii: "]"))
      }
    case UInt8(ascii: "\""):
      _ = try cursor.string()
      if !places.contains(path) { places.append(path) }
    default: try cursor.skipValue()
    }
  }

  /// The candidate that ends with the path, or continues it with array elements, or is within a small edit distance.
  private static func closest(to path: String, among places: [String]) -> String? {
    if let longer = places.first(where: { $0.hasSuffix(".\(path)") || $0 == "\(path)[]" || $0.hasSuffix(".\(path)[]") }) {
      return longer
    }
    let near = places.map { (place: $0, distance: distance(path.lowercased(), $0.lowercased())) }
    guard let best = near.min(by: { $0.distance < $1.distance }), best.distance <= max(2, path.utf8.count / 4) else { return nil }
    return best.place
  }

  /// The Levenshtein distance of two texts, in bytes.
  private static func distance(_ from: String, _ to: String) -> Int {
    let (from, to) = (Array(from.utf8.prefix(longestPath)), Array(to.utf8.prefix(longestPath)))
    var row = Array(0...to.count)
    for (index, letter) in from.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in to.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[to.count]
  }
}
