import Bytes
import StellarXDR

// Structures and unions: members in any order, spread members, arms.

extension Parser {
  mutating func structure(
    _ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(ParseError) {
    try json { () throws(JSONError) in try cursor.enter() }
    defer { cursor.depth -= 1 }
    let start = cursor.position
    let body = out.count
    var isOpen = try json { () throws(JSONError) in try cursor.beginObject() }
    // As long as the members come in the order of the schema, which they nearly always do, nothing has to be remembered.
    var inOrder: Int32 = 0
    while isOpen, inOrder < node.count, !hasSpread(node) {
      let before = cursor.position
      let name = try json { () throws(JSONError) in try cursor.memberName() }
      guard let found = member(of: node, named: name, cursor, hint: inOrder), found == node.first + inOrder,
        !isLeftOut(schema.member(found))
      else {
        cursor.position = before
        break
      }
      try value(schema.member(found).node, &cursor, &depth, &out)
      inOrder += 1
      isOpen = try json { () throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) }
    }
    if !isOpen, inOrder == node.count { return }
    var members = Members(start: start, body: body, inOrder: inOrder, inOrderEnd: out.count)
    if isOpen { try others(node, index, &members, &cursor, &depth, &out) }
    try arrange(node, index, members, &out)
  }

  /// What was read of an object: its first members in the schema's order, and where the others stand in the output.
  private struct Members {
    /// Where the object stands in the text, and where its members begin in the output.
    let start: Int
    let body: Int
    /// So many members came in order; they end at `inOrderEnd`.
    let inOrder: Int32
    let inOrderEnd: Int
    var places: [Int32: Range<Int>] = [:]
    var used = 0
  }

  /// Whether an object need not have the member.
  private func isLeftOut(_ member: Member) -> Bool {
    let kind = schema.node(member.node).kind
    return kind == .omittable || kind == .versioned
  }

  private func hasSpread(_ node: Node) -> Bool {
    for position in node.first..<node.first + node.count where schema.member(position).isSpread { return true }
    return false
  }

  /// The rest of an object's members in any order, each written behind what is there.
  private mutating func others(
    _ node: Node, _ index: Int32, _ members: inout Members, _ cursor: inout JSONCursor, _ depth: inout Int32,
    _ out: inout ByteBuffer
  ) throws(ParseError) {
    repeat {
      let at = cursor.position
      let name = try json { () throws(JSONError) in try cursor.memberName() }
      if cursor.equals(name, "$schema") {
        try json { () throws(JSONError) in try cursor.skipValue() }
        continue
      }
      guard let found = find(name, in: node, cursor) else { throw ParseError(.unknownMember, at: at, node: index) }
      let isKnown = found >= node.first && found < node.first + members.inOrder
      if isKnown || members.places[found] != nil { throw ParseError(.duplicateMember, at: at, node: index) }
      let from = out.count
      let inside = schema.node(schema.member(found).node)
      if inside.kind == .versioned {
        sawVersioned = true
        try value(inside.element, &cursor, &depth, &out)
      } else if inside.kind == .omittable {
        out.append(bigEndian: 1 as UInt32)
        try value(inside.element, &cursor, &depth, &out)
      } else {
        try value(schema.member(found).node, &cursor, &depth, &out)
      }
      members.places[found] = from..<out.count
    } while try json({ () throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) })
  }

  /// Puts the members that were written as they came in the schema's order.
  private func arrange(_ node: Node, _ index: Int32, _ members: Members, _ out: inout ByteBuffer) throws(ParseError) {
    var members = members
    var ordered = ByteBuffer(capacity: out.count - members.body)
    ordered.append(out.bytes(members.body..<members.inOrderEnd))
    try assemble(node, index, skipping: members.inOrder, &members, from: out, into: &ordered)
    if members.used != members.places.count { throw ParseError(.unknownMember, at: members.start, node: index) }
    out.truncate(to: members.body)
    out.append(ordered.bytes)
  }

  /// A member of that name in a structure or in what is spread in it.
  private func find(_ name: JSONCursor.StringToken, in node: Node, _ cursor: borrowing JSONCursor) -> Int32? {
    for position in node.first..<node.first + node.count {
      let member = schema.member(position)
      if member.isSpread {
        if let found = find(name, in: schema.node(member.node), cursor) { return found }
      } else if cursor.equals(name, schema.quotedName(member).extracting(1..<Int(member.nameCount) - 1)) {
        return position
      }
    }
    // SEP-51 writers of some years wrote a member called "type" with an underscore behind.
    if cursor.equals(name, "type_") {
      return (node.first..<node.first + node.count).first { schema.quotedName(schema.member($0)).equals("\"type\"") }
    }
    return nil
  }

  /// Writes the members of a structure from the `first`-th on, or the one arm of a union, from where they were written as they came.
  private func assemble(
    _ node: Node, _ index: Int32, skipping first: Int32 = 0, _ members: inout Members, from source: borrowing ByteBuffer,
    into out: inout ByteBuffer
  ) throws(ParseError) {
    if node.kind == .union { return try assembleArm(node, index, &members, from: source, into: &out) }
    for position in node.first + first..<node.first + node.count {
      let member = schema.member(position)
      if member.isSpread {
        try assemble(schema.node(member.node), member.node, &members, from: source, into: &out)
      } else if let place = members.places[position] {
        members.used += 1
        out.append(source.bytes(place))
      } else if isLeftOut(member) {
        if schema.node(member.node).kind == .omittable { out.append(bigEndian: 0 as UInt32) }
      } else {
        throw ParseError(.missingMember, at: members.start, node: index, member: position)
      }
    }
  }

  private func assembleArm(
    _ node: Node, _ index: Int32, _ members: inout Members, from source: borrowing ByteBuffer, into out: inout ByteBuffer
  ) throws(ParseError) {
    for slot in 0..<node.slots {
      guard let position = schema.member(of: node, value: node.low + slot) else { continue }
      let arm = schema.member(position)
      if arm.isSpread {
        let inside = schema.node(arm.node)
        guard (inside.first..<inside.first + inside.count).contains(where: { members.places[$0] != nil }) else { continue }
        out.append(bigEndian: UInt32(bitPattern: node.low + slot))
        return try assemble(inside, arm.node, &members, from: source, into: &out)
      }
      if let place = members.places[position] {
        members.used += 1
        out.append(bigEndian: UInt32(bitPattern: node.low + slot))
        return out.append(source.bytes(place))
      }
    }
    throw ParseError(.missingMember, at: members.start, node: index, member: node.first)
  }

  // MARK: unions

  /// A void arm is its name; any other an object with that one member.
  mutating func union(
    _ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(ParseError) {
    let start = cursor.position
    let first = try json { () throws(JSONError) in try cursor.peek() }
    if first == UInt8(ascii: "\"") {
      let name = try json { () throws(JSONError) in try cursor.string() }
      guard let found = member(of: node, named: name, cursor) else { throw ParseError(.expected, at: start, node: index) }
      guard schema.member(found).node < 0 else { throw ParseError(.armNeedsValue, at: start, node: index, member: found) }
      return out.append(bigEndian: discriminant(of: found, in: node))
    }
    try expect(first == UInt8(ascii: "{"), index, cursor)
    try json { () throws(JSONError) in try cursor.enter() }
    defer { cursor.depth -= 1 }
    guard try json({ () throws(JSONError) in try cursor.beginObject() }) else {
      throw ParseError(.expected, at: start, node: index)
    }
    var isFound = false
    repeat {
      let at = cursor.position
      let name = try json { () throws(JSONError) in try cursor.memberName() }
      if cursor.equals(name, "$schema") {
        try json { () throws(JSONError) in try cursor.skipValue() }
        continue
      }
      if isFound { throw ParseError(.secondArm, at: at, node: index) }
      guard let found = member(of: node, named: name, cursor) else { throw ParseError(.expected, at: at, node: index) }
      guard schema.member(found).node >= 0 else { throw ParseError(.armWithoutValue, at: at, node: index, member: found) }
      isFound = true
      out.append(bigEndian: discriminant(of: found, in: node))
      try value(schema.member(found).node, &cursor, &depth, &out)
    } while try json({ () throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) })
    if !isFound { throw ParseError(.expected, at: start, node: index) }
  }

  /// The number on the wire of an arm.
  private func discriminant(of arm: Int32, in node: Node) -> UInt32 {
    for slot in 0..<node.slots where schema.member(of: node, value: node.low + slot) == arm {
      return UInt32(bitPattern: node.low + slot)
    }
    return 0
  }
}
