import Bytes
import StellarJSON
import StellarXDR

/// The position in a record in JSON. Members can come in any order, and skipped values are not checked.
struct LineSource: RecordSource, ~Escapable {
  let record: RawSpan
  private(set) var position: Int
  private let schema = Schema.shared

  @_lifetime(copy record)
  init(_ record: RawSpan, at position: Int) {
    self.record = record
    self.position = position
  }

  // MARK: structures

  mutating func members() throws(RecordError) -> Progress {
    position = try record.expect(UInt8(ascii: "{"), at: position)
    return Progress(next: 0)
  }

  mutating func next<Role>(_ members: inout Progress, of shape: Shape<Role>) throws(RecordError) -> Int? {
    while try separate(&members, before: UInt8(ascii: "}")) {
      let expected = members.next
      // Our tools write members in this order, so the name only needs to be compared.
      if expected < shape.entries.count, case let key = schema.key(shape.entries[expected].member),
        record.contains(key, at: position)
      {
        members.next &+= 1
        position = try record.firstNonBlank(from: position &+ key.byteCount)
        return expected
      }
      let name = try name()
      if let found = shape.entries.firstIndex(where: { record.equals($0.member, name, schema) }) {
        members.next = found + 1
        return found
      }
      try skip()
    }
    return nil
  }

  /// Moves to the value of the next member of an object without a shape, and returns its name; nil at the end of the object.
  mutating func nextName(_ members: inout Progress) throws(RecordError) -> JSONCursor.StringToken? {
    try separate(&members, before: UInt8(ascii: "}")) ? try name() : nil
  }

  mutating func finish<Role>(_ members: inout Progress, of shape: Shape<Role>) throws(RecordError) {
    position = try record.endOfNesting(from: position)
  }

  /// Moves to the next member or element; false after the closing bracket.
  @inline(__always)
  private mutating func separate(_ progress: inout Progress, before end: UInt8) throws(RecordError) -> Bool {
    position = try record.firstNonBlank(from: position)
    if record[position] == end {
      position &+= 1
      return false
    }
    if !progress.isFirst { position = try record.firstNonBlank(from: try record.expect(UInt8(ascii: ","), at: position)) }
    progress.isFirst = false
    return true
  }

  private mutating func name() throws(RecordError) -> JSONCursor.StringToken {
    let name = try record.string(at: &position)
    position = try record.firstNonBlank(from: try record.expect(UInt8(ascii: ":"), at: position))
    return name
  }

  // MARK: lists

  mutating func list(_ node: Int32 = -1) throws(RecordError) -> Progress? {
    let start = position
    guard try record.byte(at: start) != UInt8(ascii: "[") else {
      position = start &+ 1
      return Progress(next: 0)
    }
    try skip()
    guard record.extracting(start..<position).equals("null") else { throw .member("not an array", offset: start) }
    return nil
  }

  @inline(__always)
  mutating func next(_ list: inout Progress) throws(RecordError) -> Bool { try separate(&list, before: UInt8(ascii: "]")) }

  // MARK: values

  // Inlining would make the module larger without a benefit.
  #if !hasFeature(Embedded)
    @inline(__always)
  #endif
  mutating func isNull<Role>(_ entry: Shape<Role>.Entry) throws(RecordError) -> Bool {
    guard entry.isNullable, try record.byte(at: position) == UInt8(ascii: "n") else { return false }
    let end = try record.endOfValue(at: position)
    guard record.extracting(position..<end).equals("null") else { return false }
    position = end
    return true
  }

  @inline(__always)
  mutating func skip(_ node: Int32 = -1) throws(RecordError) { position = try record.endOfValue(at: position) }

  @inline(__always)
  mutating func value(_ node: Int32 = -1) throws(RecordError) -> Range<Int> {
    let start = position
    try skip()
    return start..<position
  }

  /// A string; nil for null.
  #if !hasFeature(Embedded)
    @inline(__always)
  #endif
  mutating func string() throws(RecordError) -> JSONCursor.StringToken? {
    let start = position
    if try record.byte(at: start) == UInt8(ascii: "\"") { return try record.string(at: &position) }
    try skip()
    guard record.extracting(start..<position).equals("null") else { throw .member("neither a string nor null", offset: start) }
    return nil
  }

  mutating func identifier(_ node: Int32, _ unescaped: inout ByteBuffer) throws(RecordError) -> Text? { try name(&unescaped) }

  mutating func name(_ unescaped: inout ByteBuffer) throws(RecordError) -> Text? {
    guard let token = try string() else { return nil }
    guard token.isEscaped else { return Text(range: token.content) }
    let start = unescaped.count
    do throws(JSONError) { try unescaped.append(unescaped: token, of: record) } catch {
      throw .member("not a string", offset: token.content.lowerBound)
    }
    return Text(range: start..<unescaped.count, isUnescaped: true)
  }

  mutating func number(_ node: Int32) throws(RecordError) -> Int32? {
    let start = position
    guard let name = try string() else { return nil }
    guard let number = schema.number(of: name, record, in: node) else {
      throw .member("not a valid \(schema.describe(node: node))", offset: start)
    }
    return number
  }

  mutating func knownNumber(_ node: Int32) throws(RecordError) -> Int32? {
    guard let name = try string() else { return nil }
    return schema.number(of: name, record, in: node)
  }

  mutating func ledger() throws(RecordError) -> UInt32 {
    let start = position
    guard let sequence = record.natural(at: &position), let sequence = UInt32(exactly: sequence) else {
      throw .member("not a ledger sequence", offset: start)
    }
    // A number at the end of the line was truncated.
    if position == record.byteCount { throw .malformed }
    return sequence
  }

  mutating func time() throws(RecordError) -> UInt64 {
    let start = position
    guard let text = try string(), let time = unixSeconds(rfc3339: record.extracting(text.content)) else {
      throw .member("not an RFC 3339 time", offset: start)
    }
    return time
  }

  mutating func flag() throws(RecordError) -> Bool {
    let range = try value()
    let word = record.extracting(range)
    let isTrue = word.equals("true")
    guard isTrue || word.equals("false") else { throw .member("neither true nor false", offset: range.lowerBound) }
    return isTrue
  }

  mutating func hash() throws(RecordError) -> Hash32? {
    let start = position
    guard let token = try string() else { return nil }
    guard let hash = Hash32(hex: record.extracting(token.content)) else { throw .member("not a hash", offset: start) }
    return hash
  }
}
