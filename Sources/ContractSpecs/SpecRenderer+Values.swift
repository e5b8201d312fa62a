import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

// Values of declared types.

extension SpecRenderer {
  /// Writes a value of a declared type. A value that does not fit is counted, and written as without a specification.
  mutating func declared(_ type: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let start = cursor
    let length = out.count
    if try fits(type, &cursor, &out) { return }
    omissions.count += 1
    cursor = start
    out.truncate(to: length)
    try plain(&cursor, &out)
  }

  /// Writes a value as without a specification.
  func plain(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    // The record's depth was checked before. `fits` counts levels of types, which can be more.
    let depth = cursor.depth
    cursor.depth = 0
    defer { cursor.depth = depth }
    try renderer.value(schema.scval.node, &cursor, &out)
  }

  /// Writes a value as its type requires. Returns false if the value does not fit; the cursor is then inside it.
  func fits(_ type: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    // Nested options, for example, are deeper than the value.
    cursor.depth += 1
    defer { cursor.depth -= 1 }
    if cursor.depth > Schema.maximumDepth { return false }
    let node = specs.nodes[Int(type)]
    let tag = cursor.bytes.word(at: cursor.position)
    switch node.kind {
    case .any: try plain(&cursor, &out)
    case .leaf:
      guard tag == node.size else { return false }
      try plain(&cursor, &out)
    case .bytesN:
      guard tag == Tag.bytes, cursor.bytes.word(at: cursor.position + 4) == node.size else { return false }
      try plain(&cursor, &out)
    case .option:
      guard tag == Tag.void else { return try fits(specs.parts[Int(node.first)], &cursor, &out) }
      try cursor.skip(4)
      out.append("null")
    case .result:
      guard tag == Tag.error else { return try fits(specs.parts[Int(node.first)], &cursor, &out) }
      return try failure(specs.parts[Int(node.first) + 1], &cursor, &out)
    case .vec:
      guard let count = try vec(&cursor) else { return false }
      return try elements(count, &cursor, &out) { _ in node.first }
    case .tuple where node.count == 0 && tag == Tag.void: try plain(&cursor, &out)
    case .tuple, .tupleStructure:
      guard let count = try vec(&cursor), count == node.count else { return false }
      return try elements(count, &cursor, &out) { node.first + Int32($0) }
    case .map: return try map(node, &cursor, &out)
    case .structure: return try structure(node, &cursor, &out)
    case .union: return try union(node, &cursor, &out)
    case .enumeration:
      guard tag == Tag.u32 else { return false }
      try cursor.skip(4)
      return try name(of: try cursor.uint32(), in: node, &out)
    case .errorEnumeration:
      guard tag == Tag.error, cursor.bytes.word(at: cursor.position + 4) == 0 else { return false }
      try cursor.skip(8)
      return try name(of: try cursor.uint32(), in: node, &out)
    }
    return true
  }

  /// Values of SCValType.
  enum Tag {
    static let void: UInt32 = 1
    static let error: UInt32 = 2
    static let u32: UInt32 = 3
    static let bytes: UInt32 = 13
    static let string: UInt32 = 14
    static let symbol: UInt32 = 15
    static let vec: UInt32 = 16
    static let map: UInt32 = 17
    static let instance: UInt32 = 19
  }

  // MARK: declared shapes

  /// Writes the name of an enumeration's value. Returns false if it has none.
  private func name(of value: UInt32, in node: ContractSpecs.Node, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    for index in Int(node.first)..<Int(node.first + node.count) where specs.members[index].value == value {
      out.append(specs.text(specs.members[index].quoted))
      return true
    }
    return false
  }

  /// The error of a result, in an object that distinguishes it from a value.
  private func failure(_ type: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    // An undeclared error type is written in the plain form of an error, which shows that it is one.
    guard specs.nodes[Int(type)].kind == .errorEnumeration else { return try fits(type, &cursor, &out) }
    out.append(#"{"error":"#)
    guard try fits(type, &cursor, &out) else { return false }
    out.append("}")
    return true
  }

  private func structure(
    _ node: ContractSpecs.Node, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    guard let count = try map(&cursor), count == node.count else { return false }
    out.append("{")
    for offset in 0..<count {
      let member = specs.members[Int(node.first) + offset]
      guard let name = try symbol(&cursor), cursor.slice(name).equals(specs.text(member.name)) else { return false }
      if offset > 0 { out.append(",") }
      out.append(specs.text(member.quoted))
      out.append(":")
      guard try fits(specs.parts[Int(member.first)], &cursor, &out) else { return false }
    }
    out.append("}")
    return true
  }

  private func union(_ node: ContractSpecs.Node, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    guard let count = try vec(&cursor), count > 0, let name = try symbol(&cursor) else { return false }
    for index in Int(node.first)..<Int(node.first + node.count) {
      let member = specs.members[index]
      guard specs.text(member.name).equals(cursor.slice(name)) else { continue }
      guard member.count == count - 1 else { return false }
      let hasValues = member.value == 1
      if hasValues { out.append("{") }
      out.append(specs.text(member.quoted))
      guard hasValues else { return true }
      out.append(":")
      guard try elements(count - 1, &cursor, &out, { member.first + Int32($0) }) else { return false }
      out.append("}")
      return true
    }
    return false
  }

  // MARK: containers

  /// A map as without a specification, except for its keys and values: an object or pairs; in SEP-51 an array of entries under
  /// `map`.
  private func map(_ node: ContractSpecs.Node, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    guard let count = try map(&cursor) else { return false }
    let isSEP51 = renderer.style == .sep51
    if isSEP51 { out.append(#"{"map":"#) }
    let fit = try entries(count, &cursor, &out) { (isKey, cursor, out) throws(XDRError) in
      try self.fits(self.specs.parts[Int(node.first) + (isKey ? 0 : 1)], &cursor, &out)
    }
    if isSEP51 { out.append("}") }
    return fit
  }

  /// Writes the entries of a map; `entry` writes a key or a value.
  func entries(
    _ count: Int, _ cursor: inout Cursor, _ out: inout ByteBuffer,
    _ entry: (_ isKey: Bool, inout Cursor, inout ByteBuffer) throws(XDRError) -> Bool
  ) throws(XDRError) -> Bool {
    let isNative = renderer.style == .native
    var ahead = cursor
    ahead.depth = 0
    let isObject = isNative ? try renderer.hasDistinctTextKeys(ahead, count) : false
    out.append(isObject ? "{" : "[")
    for offset in 0..<count {
      if offset > 0 { out.append(",") }
      if !isObject { out.append(isNative ? "[" : #"{"key":"#) }
      guard try entry(true, &cursor, &out) else { return false }
      out.append(isObject ? ":" : isNative ? "," : #","val":"#)
      guard try entry(false, &cursor, &out) else { return false }
      if !isObject { out.append(isNative ? "]" : "}") }
    }
    out.append(isObject ? "}" : "]")
    return true
  }

  /// Writes an array; `part` is the index in `parts` of an element's type.
  private func elements(
    _ count: Int, _ cursor: inout Cursor, _ out: inout ByteBuffer, _ part: (Int) -> Int32
  ) throws(XDRError) -> Bool {
    out.append("[")
    for offset in 0..<count {
      if offset > 0 { out.append(",") }
      guard try fits(specs.parts[Int(part(offset))], &cursor, &out) else { return false }
    }
    out.append("]")
    return true
  }

  /// Begins a vec and returns its count; nil for other values and an absent vec.
  func vec(_ cursor: inout Cursor) throws(XDRError) -> Int? {
    guard try cursor.uint32() == Tag.vec, try cursor.flag() else { return nil }
    return try cursor.count(minimum: 4)
  }

  /// Begins a map and returns its count; nil for other values and an absent map.
  func map(_ cursor: inout Cursor) throws(XDRError) -> Int? {
    guard try cursor.uint32() == Tag.map, try cursor.flag() else { return nil }
    return try cursor.count(minimum: 8)
  }

  /// Reads a symbol and returns the range of its text; nil for other values.
  func symbol(_ cursor: inout Cursor) throws(XDRError) -> Range<Int>? {
    guard try cursor.uint32() == Tag.symbol else { return nil }
    return try cursor.opaqueRange()
  }
}
