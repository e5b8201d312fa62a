import Bytes

extension Schema {
  /// Passes over one value and checks it: discriminants, booleans, enumerations, padding, bounds, depth.
  /// On an error the cursor stands somewhere inside the value.
  @inline(__always)
  package func skip(_ type: TypeID, _ cursor: inout Cursor) throws(XDRError) {
    try skip(type.node, &cursor)
  }

  /// Passes over one value, and says where it stands.
  package func range(of type: TypeID, _ cursor: inout Cursor) throws(XDRError) -> Range<Int> {
    let start = cursor.position
    try skip(type.node, &cursor)
    return start..<cursor.position
  }

  /// Checks that the bytes are exactly one value.
  package func validate(_ type: TypeID, _ bytes: RawSpan) throws(XDRError) {
    var cursor = Cursor(bytes)
    try skip(type.node, &cursor)
    try expectEnd(type, cursor)
  }

  package func expectEnd(_ type: TypeID, _ cursor: borrowing Cursor) throws(XDRError) {
    if !cursor.isAtEnd { throw XDRError(.leftOver, at: cursor.position, node: type.node, value: Int64(cursor.remaining)) }
  }

  package func skip(_ index: Int32, _ cursor: inout Cursor) throws(XDRError) {
    let node = node(index)
    if node.isPlain { return try cursor.skip(Int(node.minimum)) }
    switch node.kind {
    case .structure:
      if node.isRecursive { try enter(&cursor) }
      for member in node.first..<node.first &+ node.count { try skip(self.member(member).node, &cursor) }
      if node.isRecursive { cursor.depth &-= 1 }
    case .union:
      if node.isRecursive { try enter(&cursor) }
      let inside = try arm(of: node, index, &cursor).node
      if inside >= 0 { try skip(inside, &cursor) }
      if node.isRecursive { cursor.depth &-= 1 }
    case .array:
      let element = self.node(node.element)
      let count = try cursor.count(minimum: Int(element.minimum), atMost: node.size, node: index)
      if element.isPlain {
        cursor.position &+= count &* Int(element.minimum)
      } else {
        for _ in 0..<count { try skip(node.element, &cursor) }
      }
    case .opaque, .string:
      _ = try cursor.opaqueRange(atMost: Int(node.size), node: index)
    case .optional, .omittable:
      if try cursor.flag() { try skip(node.element, &cursor) }
    case .enumeration:
      _ = try enumerationMember(of: node, index, &cursor)
    case .bool:
      _ = try cursor.flag()
    case .fixedArray:
      for _ in 0..<node.size { try skip(node.element, &cursor) }
    case .fixedOpaque:
      try skipFixedOpaque(node, &cursor)
    case .uint32, .int32, .uint64, .int64, .alias:
      try cursor.skip(Int(node.minimum))
    }
  }

  /// Reads a union's discriminant and finds its arm.
  @inline(__always)
  package func arm(of node: Node, _ index: Int32, _ cursor: inout Cursor) throws(XDRError) -> Member {
    let value = try cursor.int32()
    guard let member = member(of: node, value: value) else {
      throw XDRError(.unknownDiscriminant, at: cursor.position &- 4, node: index, value: Int64(value))
    }
    return self.member(member)
  }

  @inline(__always)
  package func enumerationMember(of node: Node, _ index: Int32, _ cursor: inout Cursor) throws(XDRError) -> Member {
    let value = try cursor.int32()
    guard let member = member(of: node, value: value) else {
      throw XDRError(.unknownValue, at: cursor.position &- 4, node: index, value: Int64(value))
    }
    return self.member(member)
  }

  /// One level deeper in recursive types.
  @inline(__always)
  package func enter(_ cursor: inout Cursor) throws(XDRError) {
    cursor.depth &+= 1
    if cursor.depth > Self.maximumDepth { throw XDRError(.tooDeep, at: cursor.position) }
  }

  private func skipFixedOpaque(_ node: Node, _ cursor: inout Cursor) throws(XDRError) {
    let padding = try cursor.take(Int(node.minimum)).extracting(last: Int(node.minimum - node.size))
    for offset in 0..<padding.byteCount where padding[offset] != 0 {
      throw XDRError(.nonZeroPadding, at: cursor.position - padding.byteCount + offset)
    }
  }
}
