import Bytes
import StellarJSON
import StellarXDR

/// A place in an object of a line that is walked.
struct ObjectScan {
  /// Behind the bracket or the last value; after `next` at the value of the member.
  var position: Int
  /// The member, by its place in the shape; -1 for one that the shape does not have.
  private(set) var found = -1
  /// The member that comes next if they come in order.
  private var expected = 0
  private var isFirst = true

  /// `start`: where the object stands.
  init(_ line: RawSpan, _ start: Int) throws(RecordError) { position = try line.expect(UInt8(ascii: "{"), at: start) }

  /// Moves on to the next member; false behind the end of the object.
  mutating func next<Role>(_ line: RawSpan, _ schema: Schema, _ shape: Shape<Role>) throws(RecordError) -> Bool {
    guard let start = try separate(line) else { return false }
    // The order in which our tools write them: then the name need not be read, only compared.
    if expected < shape.entries.count, case let key = schema.key(shape.entries[expected].member), line.holds(key, at: start) {
      found = expected
      expected &+= 1
      position = try line.visible(from: start &+ key.byteCount)
      return true
    }
    let name = try self.name(line, start)
    found = shape.entries.firstIndex { line.says($0.member, name, schema) } ?? -1
    if found >= 0 { expected = found + 1 }
    return true
  }

  /// Moves on to the next member, of an object of no shape, and reads its name; nil behind the end of the object.
  mutating func nextName(_ line: RawSpan) throws(RecordError) -> JSONCursor.StringToken? {
    guard let start = try separate(line) else { return nil }
    return try name(line, start)
  }

  /// Where the next name begins.
  private mutating func separate(_ line: RawSpan) throws(RecordError) -> Int? {
    var offset = try line.visible(from: position)
    if line[offset] == UInt8(ascii: "}") {
      position = offset &+ 1
      return nil
    }
    if !isFirst { offset = try line.visible(from: try line.expect(UInt8(ascii: ","), at: offset)) }
    isFirst = false
    return offset
  }

  private mutating func name(_ line: RawSpan, _ start: Int) throws(RecordError) -> JSONCursor.StringToken {
    var offset = start
    let name = try line.string(at: &offset)
    position = try line.visible(from: try line.expect(UInt8(ascii: ":"), at: offset))
    return name
  }
}

/// A place in an array of a line that is walked.
struct ListScan {
  /// Behind the bracket or the last element; after `next` at the element.
  var position: Int
  private var isFirst = true

  /// Nil for a list that is null: `position` then moves behind it.
  init?(_ line: RawSpan, _ position: inout Int) throws(RecordError) {
    let start = position
    guard try line.byte(at: start) != UInt8(ascii: "[") else {
      self.position = start &+ 1
      return
    }
    position = try line.endOfValue(at: start)
    guard line.extracting(start..<position).equals("null") else { throw .member("not an array", offset: start) }
    return nil
  }

  /// Moves on to the next element; false behind the end of the array.
  mutating func next(_ line: RawSpan) throws(RecordError) -> Bool {
    position = try line.visible(from: position)
    if line[position] == UInt8(ascii: "]") {
      position &+= 1
      return false
    }
    if !isFirst { position = try line.visible(from: try line.expect(UInt8(ascii: ","), at: position)) }
    isFirst = false
    return true
  }
}
