import Bytes
import StellarXDR

/// JSON to XDR: reads SEP-51 text, and the NDJSON form of our own records, against the schema in one pass.
///
/// Members can come in any order. They are written in the order of the text, and sorted at the end of their structure if
/// necessary. ScVals can also be `{"xdr":"<base64>"}`.
///
/// Open containers are in `frames`, not on the call stack, because text can be nested 2,048 levels deep.
package struct Parser: ~Copyable {
  package let schema: Schema
  /// Unescaped text and other short-lived bytes.
  var scratch = ByteBuffer(capacity: 256)
  /// Whether the parser read a member that only records of the second version have.
  var sawVersioned = false
  var frames: [Frame] = []
  /// The members read so far of each open structure whose members are not in the schema's order.
  var reordered: [ReorderedMembers] = []

  /// An open container.
  struct Frame {
    enum Kind { case array, structure, union }

    var kind: Kind
    var node: Int32
    /// Its start in the text, and the start of its content in the output.
    var start: Int
    var body: Int
    /// The levels of recursive types that end with it.
    var levels: Int32
    /// The number of elements, members in order, or arms read so far.
    var count: UInt32 = 0
    /// Whether the members of a structure are in another order than the schema's.
    var isReordered = false
  }

  package init(_ schema: Schema = .shared) { self.schema = schema }

  /// Appends the XDR of one value, which `text` must be. After an error `out` is unchanged.
  package mutating func parse(_ type: TypeID, _ text: RawSpan, into out: inout ByteBuffer) throws(JSONError) {
    let start = out.count
    do throws(JSONError) {
      var cursor = JSONCursor(text)
      try parseNext(type, &cursor, into: &out)
      try cursor.expectEnd()
    } catch {
      out.truncate(to: start)
      throw error
    }
  }

  /// Appends the XDR of the next value; the cursor is then after it. After an error neither may be used.
  package mutating func parseNext(
    _ type: TypeID, _ cursor: inout JSONCursor, into out: inout ByteBuffer
  ) throws(JSONError) {
    let (start, offset) = (out.count, cursor.position)
    sawVersioned = false
    frames.removeAll(keepingCapacity: true)
    reordered.removeAll(keepingCapacity: true)
    var depth: Int32 = 0
    // The type of the next value; nil after a value has ended.
    var next: Int32? = type.node
    while true {
      if let index = next {
        next = try begin(index, &cursor, &depth, &out)
      } else if let last = frames.indices.last {
        switch frames[last].kind {
        case .array: next = try continueValue(array: last, &cursor, &depth, &out)
        case .structure: next = try continueValue(structure: last, &cursor, &depth, &out)
        case .union: next = try continueValue(union: last, &cursor, &depth, &out)
        }
      } else {
        break
      }
    }
    guard sawVersioned else { return }
    // A value that is not a record has no mark for its version.
    let mark = out.bytes.word(at: start)
    guard mark & 0xFFFF_00FF == 0x5350_0001 else { throw JSONError(.unknownMember, at: offset, node: type.node) }
    out.replace(at: start, bigEndian: mark + 1)
  }

  /// Begins a value: reads it completely and returns nil, or opens it and returns the type of the first value inside.
  private mutating func begin(
    _ index: Int32, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    var index = index
    var levels: Int32 = 0
    while true {
      let node = schema.node(index)
      if node.isRecursive {
        levels += 1
        if depth + levels > Schema.maximumDepth { throw JSONError(.tooManyLevels, at: cursor.position) }
      }
      // With `!=`, the names of the forms would be compared.
      let isPlain = node.form == .plain
      if !isPlain, try form(node, index, &cursor, &out) { return nil }
      let first = try cursor.peek()
      switch node.kind {
      case .optional, .omittable, .versioned:
        if first == UInt8(ascii: "n") {
          try cursor.literal("null")
          out.append(bigEndian: 0 as UInt32)
          return nil
        }
        out.append(bigEndian: 1 as UInt32)
        index = node.element
      case .union where first == UInt8(ascii: "\""):
        try voidArm(node, index, &cursor, &out)
        return nil
      case .structure, .union, .array, .fixedArray:
        depth += levels
        return try open(node, index, first, levels, &cursor, &depth, &out)
      default:
        try scalar(node, index, first, &cursor, &out)
        return nil
      }
    }
  }

  private mutating func open(
    _ node: Node, _ index: Int32, _ first: UInt8, _ levels: Int32, _ cursor: inout JSONCursor, _ depth: inout Int32,
    _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    let isArray = node.kind == .array || node.kind == .fixedArray
    try expect(first == UInt8(ascii: isArray ? "[" : "{"), index, cursor)
    let kind: Frame.Kind = isArray ? .array : node.kind == .union ? .union : .structure
    let frame = Frame(kind: kind, node: index, start: cursor.position, body: out.count, levels: levels)
    frames.append(frame)
    switch kind {
    case .array:
      if node.kind == .array { out.append(bigEndian: 0 as UInt32) }
      if try cursor.beginArray() { return node.element }
      return try close(array: frames.count - 1, &depth, &out)
    case .structure:
      let isOpen = try cursor.beginObject()
      return try member(ofStructure: frames.count - 1, isOpen: isOpen, &cursor, &depth, &out)
    case .union:
      guard try cursor.beginObject() else {
        throw JSONError(.expected, at: frame.start, node: index)
      }
      return try arm(ofUnion: frames.count - 1, &cursor, &depth, &out)
    }
  }

  /// Closes the innermost container.
  mutating func close(_ depth: inout Int32) { depth -= frames.removeLast().levels }

  private mutating func scalar(
    _ node: Node, _ index: Int32, _ first: UInt8, _ cursor: inout JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    switch node.kind {
    case .uint32: out.append(bigEndian: UInt32(try integer(0...Int64(UInt32.max), index, &cursor)))
    case .int32:
      out.append(bigEndian: UInt32(bitPattern: Int32(try integer(Int64(Int32.min)...Int64(Int32.max), index, &cursor))))
    case .uint64, .int64:
      try wideInteger(bits: 64, isSigned: node.kind == .int64, index, &cursor, &out)
    case .bool:
      let isTrue = first == UInt8(ascii: "t")
      try expect(isTrue || first == UInt8(ascii: "f"), index, cursor)
      try cursor.literal(isTrue ? "true" : "false")
      out.append(bigEndian: isTrue ? 1 : 0 as UInt32)
    case .enumeration:
      let start = cursor.position
      let name = try string(index, &cursor)
      guard let member = member(of: node, named: name, cursor) else { throw JSONError(.expected, at: start, node: index) }
      out.append(bigEndian: UInt32(bitPattern: schema.member(member).value))
    case .opaque, .fixedOpaque: try hex(node, index, &cursor, &out)
    case .string: try escapedText(node, index, try string(index, &cursor), cursor, &out)
    case .optional, .omittable, .versioned, .structure, .union, .array, .fixedArray, .alias: break
    }
  }

  @inline(__always)
  func expect(_ condition: Bool, _ index: Int32, _ cursor: borrowing JSONCursor) throws(JSONError) {
    if !condition { throw JSONError(.expected, at: cursor.position, node: index) }
  }

  /// Reads a string, which must be next.
  func string(_ index: Int32, _ cursor: inout JSONCursor) throws(JSONError) -> JSONCursor.StringToken {
    let first = try cursor.peek()
    try expect(first == UInt8(ascii: "\""), index, cursor)
    return try cursor.string()
  }

  /// The member of a structure, union or enumeration with that name. The search starts at `hint`.
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

  /// Continues after an element.
  private mutating func continueValue(
    array last: Int, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    let frame = frames[last]
    let node = schema.node(frame.node)
    if frame.count >= node.size { throw JSONError(.tooLong, at: frame.start, node: frame.node) }
    frames[last].count += 1
    if try cursor.next(before: UInt8(ascii: "]")) { return node.element }
    return try close(array: last, &depth, &out)
  }

  private mutating func close(array last: Int, _ depth: inout Int32, _ out: inout ByteBuffer) throws(JSONError) -> Int32? {
    let frame = frames[last]
    let node = schema.node(frame.node)
    if node.kind == .array { out.replace(at: frame.body, bigEndian: frame.count) }
    if node.kind == .fixedArray, frame.count != node.size {
      throw JSONError(.expected, at: frame.start, node: frame.node)
    }
    close(&depth)
    return nil
  }
}
