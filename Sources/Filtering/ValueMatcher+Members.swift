import Bytes
import StellarJSON
import StellarXDR

// The members of XDR values, by their names and indices in native style.

extension ValueMatcher {
  /// Whether one of the values at a path matches. `start`: the number of segments that were already followed.
  mutating func matches(
    _ value: RawSpan, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative
  ) throws(XDRError) -> Bool {
    guard start < path.segments.count else {
      isMemberFound = true
      if let classes = wanted.classes, classes.isDisjoint(with: Self.classes(of: value)) { return false }
      guard let pattern = wanted.pattern else { return true }
      return try matches(whole: value, pattern)
    }
    switch value.word(at: 0) {
    case Tag.vec: return try matches(vec: value, at: path, from: start, wanted)
    case Tag.map: return try matches(map: value, at: path, from: start, wanted)
    case Tag.instance: return try matches(instance: value, at: path, from: start, wanted)
    default: return false
    }
  }

  private mutating func matches(
    vec value: RawSpan, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative
  ) throws(XDRError) -> Bool {
    var cursor = Cursor(value, at: 4)
    guard try cursor.flag() else { return false }
    let count = try cursor.count(minimum: 4)
    for place in 0..<count {
      let isOne = path.segments[start].isPlace(place)
      if !isOne, path.segments[start].isBehind(place) { return false }
      let member = try next(&cursor)
      if isOne, try matches(cursor.slice(member), at: path, from: start + 1, wanted) { return true }
    }
    return false
  }

  /// A map is an object if its keys are distinct texts; otherwise a list of pairs.
  private mutating func matches(
    map value: RawSpan, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative
  ) throws(XDRError) -> Bool {
    var cursor = Cursor(value, at: 4)
    guard try cursor.flag() else { return false }
    let count = try cursor.count(minimum: 8)
    let isObject = try native.hasDistinctTextKeys(cursor, count)
    for place in 0..<count {
      let key = try next(&cursor)
      let member = try next(&cursor)
      if isObject {
        if try isName(path.segments[start], cursor.slice(key)),
          try matches(cursor.slice(member), at: path, from: start + 1, wanted)
        {
          return true
        }
      } else if path.segments[start].isPlace(place) {
        let pair = key.lowerBound..<member.upperBound
        if try matches(pair: cursor.slice(pair), at: path, from: start + 1, wanted) { return true }
      }
    }
    return false
  }

  /// A pair is matched as a vec, which it is in native style.
  private mutating func matches(
    pair: RawSpan, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative
  ) throws(XDRError) -> Bool {
    var vec = ByteBuffer(capacity: pair.byteCount + 12)
    vec.append(bigEndian: Tag.vec)
    vec.append(bigEndian: 1 as UInt32)
    vec.append(bigEndian: 2 as UInt32)
    vec.append(pair)
    return try matches(vec.bytes, at: path, from: start, wanted)
  }

  /// In an instance, only the storage contains values: `storage.…`.
  private mutating func matches(
    instance value: RawSpan, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative
  ) throws(XDRError) -> Bool {
    guard path.segments[start].isStorage else { return false }
    var cursor = Cursor(value, at: 4)
    try schema.skip(schema.contractExecutable, &cursor)
    var map = ByteBuffer(capacity: value.byteCount)
    map.append(bigEndian: Tag.map)
    map.append(cursor.slice(cursor.position..<value.byteCount))
    return try matches(map.bytes, at: path, from: start + 1, wanted)
  }

  private func next(_ cursor: inout Cursor) throws(XDRError) -> Range<Int> {
    let start = cursor.position
    try schema.skip(schema.scval, &cursor)
    return start..<cursor.position
  }

  /// Whether a key, which is a symbol or string, equals the text of a segment.
  private func isName(_ segment: MemberPath.Segment, _ key: RawSpan) throws(XDRError) -> Bool {
    guard case .name(let name, _) = segment else { return true }
    var cursor = Cursor(key, at: 4)
    let text = try cursor.opaque()
    if text.equals(name.bytes) { return text.isUTF8 }
    if text.plainPrefix(from: 0) == text.byteCount || text.isUTF8 { return false }
    // Bytes that are not text are escaped completely.
    var quoted = ByteBuffer(capacity: 2 * text.byteCount + 2)
    quoted.append(quotedText: text)
    var json = JSONCursor(quoted.bytes)
    guard let token = try? json.string() else { return false }
    return json.equals(token, name.bytes)
  }
}

extension MemberPath.Segment {
  /// Whether the segment is this index of a vec.
  func isPlace(_ place: Int) -> Bool {
    switch self {
    case .name(_, let index): index == place
    case .any: true
    }
  }

  /// Whether the segment matches no element from this index on.
  func isBehind(_ place: Int) -> Bool {
    guard case .name(_, let index) = self else { return false }
    return index.map { place > $0 } ?? true
  }

  /// Whether the segment is the only member of an instance that contains values.
  var isStorage: Bool {
    switch self {
    case .name(let name, _): name.elementsEqual("storage".utf8)
    case .any: true
    }
  }
}
