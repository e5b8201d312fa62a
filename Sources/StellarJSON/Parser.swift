import Bytes
import StellarXDR

/// JSON to XDR: SEP-51 text (and the NDJSON form of our own records) read against the schema in one pass.
///
/// Members may come in any order: they are written as they come, and put in order once at the end of their structure if they came in
/// another. ScVals may also stand as `{"xdr":"<base64>"}`.
package struct Parser: ~Copyable {
  package let schema: Schema
  /// Text without its escapes, and other short-lived bytes.
  var scratch = ByteBuffer(capacity: 256)
  /// Whether a member was read that only records of the second version have.
  var sawVersioned = false

  package init(_ schema: Schema = .shared) { self.schema = schema }

  /// Appends the XDR of the one value that `text` must be. An error leaves `out` as it was.
  package mutating func parse(_ type: TypeID, _ text: RawSpan, into out: inout ByteBuffer) throws(ParseError) {
    let start = out.count
    sawVersioned = false
    do throws(ParseError) {
      var cursor = JSONCursor(text)
      var depth: Int32 = 0
      try value(type.node, &cursor, &depth, &out)
      try json { () throws(JSONError) in try cursor.expectEnd() }
      if sawVersioned {
        // A value that is no record has no mark to say so.
        let mark = out.bytes.word(at: start)
        guard mark & 0xFFFF_00FF == 0x5350_0001 else { throw ParseError(.unknownMember, at: 0, node: type.node) }
        out.replace(at: start, bigEndian: mark + 1)
      }
    } catch {
      out.truncate(to: start)
      throw error
    }
  }

  @inline(__always)
  func json<T>(_ body: () throws(JSONError) -> T) throws(ParseError) -> T {
    do throws(JSONError) { return try body() } catch { throw ParseError(error) }
  }

  mutating func value(
    _ index: Int32, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(ParseError) {
    let node = schema.node(index)
    if node.isRecursive {
      depth += 1
      if depth > Schema.maximumDepth { throw ParseError(.json(.tooDeep), at: cursor.position) }
    }
    defer { if node.isRecursive { depth -= 1 } }
    if node.form != .plain, try form(node, index, &cursor, &out) { return }
    let first = try json { () throws(JSONError) in try cursor.peek() }
    switch node.kind {
    case .structure:
      try expect(first == UInt8(ascii: "{"), index, cursor)
      try structure(node, index, &cursor, &depth, &out)
    case .union: try union(node, index, &cursor, &depth, &out)
    case .array, .fixedArray:
      try expect(first == UInt8(ascii: "["), index, cursor)
      try array(node, index, &cursor, &depth, &out)
    case .optional, .omittable, .versioned:
      if first == UInt8(ascii: "n") {
        try json { () throws(JSONError) in try cursor.literal("null") }
        out.append(bigEndian: 0 as UInt32)
      } else {
        out.append(bigEndian: 1 as UInt32)
        try value(node.element, &cursor, &depth, &out)
      }
    case .uint32: out.append(bigEndian: UInt32(try integer(0...Int64(UInt32.max), index, &cursor)))
    case .int32:
      out.append(bigEndian: UInt32(bitPattern: Int32(try integer(Int64(Int32.min)...Int64(Int32.max), index, &cursor))))
    case .uint64, .int64:
      try wideInteger(bits: 64, isSigned: node.kind == .int64, index, &cursor, &out)
    case .bool:
      let isTrue = first == UInt8(ascii: "t")
      try expect(isTrue || first == UInt8(ascii: "f"), index, cursor)
      try json { () throws(JSONError) in try cursor.literal(isTrue ? "true" : "false") }
      out.append(bigEndian: isTrue ? 1 : 0 as UInt32)
    case .enumeration:
      let start = cursor.position
      let name = try string(index, &cursor)
      guard let member = member(of: node, named: name, cursor) else { throw ParseError(.expected, at: start, node: index) }
      out.append(bigEndian: UInt32(bitPattern: schema.member(member).value))
    case .opaque, .fixedOpaque: try hex(node, index, &cursor, &out)
    case .string: try escapedText(node, index, &cursor, &out)
    case .alias: break
    }
  }

  @inline(__always)
  func expect(_ condition: Bool, _ index: Int32, _ cursor: borrowing JSONCursor) throws(ParseError) {
    if !condition { throw ParseError(.expected, at: cursor.position, node: index) }
  }

  /// A string, which must be next.
  func string(_ index: Int32, _ cursor: inout JSONCursor) throws(ParseError) -> JSONCursor.StringToken {
    let first = try json { () throws(JSONError) in try cursor.peek() }
    try expect(first == UInt8(ascii: "\""), index, cursor)
    return try json { () throws(JSONError) in try cursor.string() }
  }

  /// The member of a structure, union or enumeration with that name. `hint` is tried first.
  func member(
    of node: Node, named name: JSONCursor.StringToken, _ cursor: borrowing JSONCursor, hint: Int32 = 0
  ) -> Int32? {
    for offset in 0..<node.count {
      var position = hint &+ offset
      if position >= node.count { position &-= node.count }
      let index = node.first &+ position
      let member = schema.member(index)
      guard member.nameCount > 0 else { continue }
      let quoted = schema.quotedName(member)
      if !name.isEscaped, name.content.count != quoted.byteCount &- 2 { continue }
      if cursor.equals(name, quoted.extracting(1..<quoted.byteCount &- 1)) { return index }
    }
    return nil
  }

  // MARK: arrays

  private mutating func array(
    _ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(ParseError) {
    let start = cursor.position
    let countPosition = out.count
    if node.kind == .array { out.append(bigEndian: 0 as UInt32) }
    var count: UInt32 = 0
    try json { () throws(JSONError) in try cursor.enter() }
    if try json({ () throws(JSONError) in try cursor.beginArray() }) {
      repeat {
        try value(node.element, &cursor, &depth, &out)
        count += 1
        if count > node.size { throw ParseError(.tooLong, at: start, node: index) }
      } while try json({ () throws(JSONError) in try cursor.next(before: UInt8(ascii: "]")) })
    }
    cursor.depth -= 1
    if node.kind == .array { out.replace(at: countPosition, bigEndian: count) }
    if node.kind == .fixedArray, count != node.size { throw ParseError(.expected, at: start, node: index) }
  }
}
