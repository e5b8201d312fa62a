import Bytes
import StellarXDR

// Structures and unions: members in any order, spread members, arms.

extension Parser {
  /// The members read so far of an object whose members are not in the schema's order, or are incomplete.
  struct ReorderedMembers {
    /// The start of the object in the text, and of its members in the output.
    let start: Int
    let body: Int
    /// The number of members that came in order; they end at `inOrderEnd`.
    let inOrder: Int32
    let inOrderEnd: Int
    /// The ranges of the other members in the output.
    var places: [Int32: Range<Int>] = [:]
    /// The member that is being read, and its start in the output.
    var member: Int32 = -1
    var from = 0
    var used = 0
  }

  /// Continues after a member.
  mutating func continueValue(
    structure last: Int, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    if frames[last].isReordered {
      let top = reordered.count - 1
      let (member, from) = (reordered[top].member, reordered[top].from)
      reordered[top].places[member] = from..<out.count
    } else {
      frames[last].count += 1
    }
    let isOpen = try cursor.next(before: UInt8(ascii: "}"))
    return try member(ofStructure: last, isOpen: isOpen, &cursor, &depth, &out)
  }

  /// The type of a structure's next member; nil at the end of the structure. While the members come in the schema's order, which
  /// is nearly always, nothing needs to be recorded.
  mutating func member(
    ofStructure last: Int, isOpen: Bool, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    let frame = frames[last]
    let node = schema.node(frame.node)
    if !frame.isReordered {
      let inOrder = Int32(bitPattern: frame.count)
      if !isOpen, inOrder == node.count {
        close(&depth)
        return nil
      }
      if isOpen, inOrder < node.count, !hasSpread(node) {
        let before = cursor.position
        let name = try cursor.memberName()
        if let found = member(of: node, named: name, cursor, hint: inOrder), found == node.first + inOrder,
          !isLeftOut(schema.member(found))
        {
          return schema.member(found).node
        }
        cursor.position = before
      }
      frames[last].isReordered = true
      reordered.append(ReorderedMembers(start: frame.start, body: frame.body, inOrder: inOrder, inOrderEnd: out.count))
    }
    if isOpen, let next = try otherMember(of: node, frame.node, &cursor, &out) { return next }
    try arrange(node, frame.node, reordered.removeLast(), &out)
    close(&depth)
    return nil
  }

  /// Whether an object may omit the member.
  private func isLeftOut(_ member: Member) -> Bool {
    let kind = schema.node(member.node).kind
    return kind == .omittable || kind == .versioned
  }

  private func hasSpread(_ node: Node) -> Bool {
    for position in node.first..<node.first + node.count where schema.member(position).isSpread { return true }
    return false
  }

  /// The type of the next member in any order; the member is written after the others. Nil at the end of the object.
  private mutating func otherMember(
    of node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    let last = reordered.count - 1
    repeat {
      let at = cursor.position
      let name = try cursor.memberName()
      if cursor.equals(name, "$schema") {
        try cursor.skipValue()
        continue
      }
      guard let found = find(name, in: node, cursor) else { throw JSONError(.unknownMember, at: at, node: index) }
      let isKnown = found >= node.first && found < node.first + reordered[last].inOrder
      if isKnown || reordered[last].places[found] != nil { throw JSONError(.duplicateMember, at: at, node: index) }
      (reordered[last].member, reordered[last].from) = (found, out.count)
      let inside = schema.node(schema.member(found).node)
      if inside.kind == .versioned {
        sawVersioned = true
        return inside.element
      }
      if inside.kind == .omittable {
        out.append(bigEndian: 1 as UInt32)
        return inside.element
      }
      return schema.member(found).node
    } while try cursor.next(before: UInt8(ascii: "}"))
    return nil
  }

  /// Reorders the members, which were written in the order of the text, into the schema's order.
  private func arrange(_ node: Node, _ index: Int32, _ members: ReorderedMembers, _ out: inout ByteBuffer) throws(JSONError) {
    var members = members
    var ordered = ByteBuffer(capacity: out.count - members.body)
    ordered.append(out.bytes(members.body..<members.inOrderEnd))
    try assemble(node, index, skipping: members.inOrder, &members, from: out, into: &ordered)
    if members.used != members.places.count { throw JSONError(.unknownMember, at: members.start, node: index) }
    out.truncate(to: members.body)
    out.append(ordered.bytes)
  }

  /// A member of that name in a structure or in the types spread in it.
  private func find(_ name: JSONCursor.StringToken, in node: Node, _ cursor: borrowing JSONCursor) -> Int32? {
    for position in node.first..<node.first + node.count {
      let member = schema.member(position)
      if member.isSpread {
        if let found = find(name, in: schema.node(member.node), cursor) { return found }
      } else if cursor.equals(name, schema.quotedName(member).extracting(1..<Int(member.nameCount) - 1)) {
        return position
      }
    }
    // Some older SEP-51 writers appended an underscore to the name "type".
    if cursor.equals(name, "type_") {
      return (node.first..<node.first + node.count).first { schema.quotedName(schema.member($0)).equals("\"type\"") }
    }
    return nil
  }

  /// Writes the members of a structure from number `first` on, or the one arm of a union, from where they were written in the
  /// order of the text.
  private func assemble(
    _ node: Node, _ index: Int32, skipping first: Int32 = 0, _ members: inout ReorderedMembers, from source: borrowing ByteBuffer,
    into out: inout ByteBuffer
  ) throws(JSONError) {
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
        throw JSONError(.missingMember, at: members.start, node: index, member: position)
      }
    }
  }

  private func assembleArm(
    _ node: Node, _ index: Int32, _ members: inout ReorderedMembers, from source: borrowing ByteBuffer, into out: inout ByteBuffer
  ) throws(JSONError) {
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
    throw JSONError(.missingMember, at: members.start, node: index, member: node.first)
  }

  // MARK: unions

  /// Reads a void arm, which is a name; any other arm is an object with one member.
  func voidArm(_ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer) throws(JSONError) {
    let start = cursor.position
    let name = try cursor.string()
    guard let found = member(of: node, named: name, cursor) else { throw JSONError(.expected, at: start, node: index) }
    guard schema.member(found).node < 0 else { throw JSONError(.armNeedsValue, at: start, node: index, member: found) }
    out.append(bigEndian: discriminant(of: found, in: node))
  }

  /// Continues after an arm.
  mutating func continueValue(
    union last: Int, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    if try cursor.next(before: UInt8(ascii: "}")) {
      return try arm(ofUnion: last, &cursor, &depth, &out)
    }
    close(&depth)
    return nil
  }

  /// The type of a union's arm; nil at the end of the object.
  mutating func arm(
    ofUnion last: Int, _ cursor: inout JSONCursor, _ depth: inout Int32, _ out: inout ByteBuffer
  ) throws(JSONError) -> Int32? {
    let frame = frames[last]
    let node = schema.node(frame.node)
    repeat {
      let at = cursor.position
      let name = try cursor.memberName()
      if cursor.equals(name, "$schema") {
        try cursor.skipValue()
        continue
      }
      if frame.count > 0 { throw JSONError(.secondArm, at: at, node: frame.node) }
      guard let found = member(of: node, named: name, cursor) else {
        throw JSONError(.expected, at: at, node: frame.node)
      }
      guard schema.member(found).node >= 0 else {
        throw JSONError(.armWithoutValue, at: at, node: frame.node, member: found)
      }
      frames[last].count = 1
      out.append(bigEndian: discriminant(of: found, in: node))
      return schema.member(found).node
    } while try cursor.next(before: UInt8(ascii: "}"))
    if frame.count == 0 { throw JSONError(.expected, at: frame.start, node: frame.node) }
    close(&depth)
    return nil
  }

  /// The discriminant of an arm.
  private func discriminant(of arm: Int32, in node: Node) -> UInt32 {
    for slot in 0..<node.slots where schema.member(of: node, value: node.low + slot) == arm {
      return UInt32(bitPattern: node.low + slot)
    }
    return 0
  }
}
