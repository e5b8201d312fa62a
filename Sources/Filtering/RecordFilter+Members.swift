import Bytes
import StellarJSON
import StellarXDR

// Members of values in a line. Raw and SEP-51 values are converted to XDR when they are reached. The JSON around them, of native
// values and of structures from a specification, is walked without conversion.

extension RecordFilter {
  /// Whether one of the values at a path matches. `start`: the number of segments that were already followed.
  mutating func matches(
    _ range: Range<Int>, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative, _ record: RawSpan,
    isKey: Bool
  ) throws(RecordError) -> Bool {
    if form == .xdr { return try Self.matches(record.extracting(range), at: path, from: start, wanted, &values) }
    if try decode(range, record) { return try Self.matches(decoded, at: path, from: start, wanted, &values) }
    let json = record.extracting(range)
    guard start < path.segments.count else {
      values.isMemberFound = true
      do throws(JSONError) { return try natives.matches(itself: json, wanted) } catch { throw .malformed }
    }
    if natives.isScalar(json, isKey: isKey) { return false }
    if json[0] == UInt8(ascii: "[") { return try matches(list: range, at: path, from: start, wanted, record) }
    let isInstance = start == 0 && natives.isInstance(json)
    var source = LineSource(record, at: range.lowerBound)
    var members = try source.members()
    while let name = try source.nextName(&members) {
      let member = try source.value()
      guard isName(path.segments[start], name, record), !isInstance || record.equals("storage", name) else { continue }
      if try matches(member, at: path, from: start + 1, wanted, record, isKey: false) { return true }
    }
    return false
  }

  private mutating func matches(
    list range: Range<Int>, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative, _ record: RawSpan
  ) throws(RecordError) -> Bool {
    var source = LineSource(record, at: range.lowerBound)
    guard var list = try source.list() else { return false }
    var place = 0
    while try source.next(&list) {
      let element = try source.value()
      if path.segments[start].isPlace(place),
        try matches(element, at: path, from: start + 1, wanted, record, isKey: false)
      {
        return true
      }
      place += 1
    }
    return false
  }

  private func isName(_ segment: MemberPath.Segment, _ name: JSONCursor.StringToken, _ record: RawSpan) -> Bool {
    guard case .name(let wanted, _) = segment else { return true }
    return JSONCursor(record).equals(name, wanted.bytes)
  }

  // Static, because it needs exclusive access to two members of the filter.

  private static func matches(
    _ decoded: borrowing ByteBuffer, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative,
    _ values: inout ValueMatcher
  ) throws(RecordError) -> Bool {
    try matches(decoded.bytes, at: path, from: start, wanted, &values)
  }

  private static func matches(
    _ value: RawSpan, at path: MemberPath, from start: Int, _ wanted: ValueCondition.Alternative, _ values: inout ValueMatcher
  ) throws(RecordError) -> Bool {
    do throws(XDRError) { return try values.matches(value, at: path, from: start, wanted) } catch { throw .xdr(error) }
  }
}
