import Bytes
import StellarXDR

/// How an ScVal is written; everything else is always SEP-51.
package enum ValueStyle: Sendable {
  /// `{"xdr":"<base64>"}`: not decoded.
  case raw
  /// `{"u32":1}`, exactly as SEP-51 has it.
  case sep51
  /// Plain JSON for people and SQL (specification, section 6).
  case native
}

/// XDR to JSON: one walk over (schema, cursor) that writes as it reads and checks as *skip* does.
///
/// ```
///   00 00 00 0f 00 00 00 04 73 77 61 70     SCVal      {"symbol":"swap"}    raw: {"xdr":"AAAADwAAAARzd2Fw"}    native: "swap"
/// ```
/// On an error what was written so far stays in the buffer; whoever asked takes it back.
package struct Renderer {
  package let schema: Schema
  package let style: ValueStyle

  package init(_ schema: Schema = .shared, style: ValueStyle) {
    self.schema = schema
    self.style = style
  }

  /// Writes exactly one value of `type`, which must be all of `bytes`.
  package func render(_ type: TypeID, _ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError) {
    var cursor = Cursor(bytes)
    try value(type.node, &cursor, &out)
    try schema.expectEnd(type, cursor)
  }

  package func value(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let node = schema.node(index)
    if node.form != .plain, try form(node, index, &cursor, &out) { return }
    switch node.kind {
    case .structure:
      if node.isRecursive { try schema.enter(&cursor) }
      out.append(UInt8(ascii: "{"))
      var isFirst = true
      try members(of: node, isFirst: &isFirst, &cursor, &out)
      out.append(UInt8(ascii: "}"))
      if node.isRecursive { cursor.depth &-= 1 }
    case .union:
      if node.isRecursive { try schema.enter(&cursor) }
      let arm = try schema.arm(of: node, index, &cursor)
      if arm.node < 0 {
        schema.append(nameOf: arm, to: &out)
      } else {
        out.append(UInt8(ascii: "{"))
        schema.append(keyOf: arm, to: &out)
        try value(arm.node, &cursor, &out)
        out.append(UInt8(ascii: "}"))
      }
      if node.isRecursive { cursor.depth &-= 1 }
    case .array:
      let minimum = Int(schema.node(node.element).minimum)
      let count = try cursor.count(minimum: minimum, atMost: node.size, node: index)
      try elements(count, of: node.element, &cursor, &out)
    case .fixedArray:
      try elements(Int(node.size), of: node.element, &cursor, &out)
    case .optional, .omittable:
      if try cursor.flag() { try value(node.element, &cursor, &out) } else { out.append("null") }
    case .uint32: out.append(decimal: UInt64(try cursor.uint32()))
    case .int32: out.append(decimal: Int64(try cursor.int32()))
    case .uint64: quoted(decimal: try cursor.uint64(), &out)
    case .int64: quoted(decimal: try cursor.int64(), &out)
    case .bool: if try cursor.flag() { out.append("true") } else { out.append("false") }
    case .enumeration: schema.append(nameOf: try schema.enumerationMember(of: node, index, &cursor), to: &out)
    case .opaque:
      let range = try cursor.opaqueRange(atMost: Int(node.size), node: index)
      quoted(hex: cursor.slice(range), &out)
    case .fixedOpaque:
      let start = cursor.position
      try schema.skip(index, &cursor)
      quoted(hex: cursor.slice(start..<start &+ Int(node.size)), &out)
    case .string:
      let range = try cursor.opaqueRange(atMost: Int(node.size), node: index)
      out.append(UInt8(ascii: "\""))
      out.append(escaped: cursor.slice(range))
      out.append(UInt8(ascii: "\""))
    case .alias: break
    }
  }

  // MARK: parts

  /// The members of a structure, without braces.
  private func members(
    of node: Node, isFirst: inout Bool, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    for index in node.first..<node.first &+ node.count {
      let member = schema.member(index)
      let inside = schema.node(member.node)
      if member.isSpread {
        try spread(inside, member.node, isFirst: &isFirst, &cursor, &out)
        continue
      }
      if inside.kind == .omittable, try !cursor.flag() { continue }
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
      schema.append(keyOf: member, to: &out)
      try value(inside.kind == .omittable ? inside.element : member.node, &cursor, &out)
    }
  }

  /// A value whose members, or whose arm, stand in the object around it.
  private func spread(
    _ node: Node, _ index: Int32, isFirst: inout Bool, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    guard node.kind == .union else { return try members(of: node, isFirst: &isFirst, &cursor, &out) }
    let arm = try schema.arm(of: node, index, &cursor)
    if arm.isSpread { return try spread(schema.node(arm.node), arm.node, isFirst: &isFirst, &cursor, &out) }
    if !isFirst { out.append(UInt8(ascii: ",")) }
    isFirst = false
    schema.append(keyOf: arm, to: &out)
    try value(arm.node, &cursor, &out)
  }

  private func elements(
    _ count: Int, of element: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    out.append(UInt8(ascii: "["))
    for offset in 0..<count {
      if offset > 0 { out.append(UInt8(ascii: ",")) }
      try value(element, &cursor, &out)
    }
    out.append(UInt8(ascii: "]"))
  }

  func quoted(decimal value: UInt64, _ out: inout ByteBuffer) {
    out.append(UInt8(ascii: "\""))
    out.append(decimal: value)
    out.append(UInt8(ascii: "\""))
  }

  func quoted(decimal value: Int64, _ out: inout ByteBuffer) {
    out.append(UInt8(ascii: "\""))
    out.append(decimal: value)
    out.append(UInt8(ascii: "\""))
  }

  func quoted(hex bytes: RawSpan, _ out: inout ByteBuffer) {
    out.append(UInt8(ascii: "\""))
    out.append(hex: bytes)
    out.append(UInt8(ascii: "\""))
  }
}
