import Bytes
import StellarXDR

// ScVals as plain JSON for people and SQL (specification, section 6).

extension Renderer {
  /// Values of SCValType.
  enum Tag {
    static let void: UInt32 = 1
    static let string: UInt32 = 14
    static let symbol: UInt32 = 15
    static let vec: UInt32 = 16
    static let map: UInt32 = 17
    static let instance: UInt32 = 19
    static let nonce: UInt32 = 21
    static let executableTag: UInt32 = 22
  }

  func native(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let index = schema.scval.node
    let node = schema.node(index)
    try schema.enter(&cursor)
    let start = cursor.position
    let arm = try schema.arm(of: node, index, &cursor)
    switch cursor.bytes.word(at: start) {
    case Tag.void: out.append("null")
    case Tag.string, Tag.symbol, Tag.executableTag:
      let inside = schema.node(arm.node)
      let range = try cursor.opaqueRange(atMost: inside.size, node: arm.node)
      out.append(quotedText: cursor.slice(range))
    case Tag.vec:
      if try cursor.flag() { try nativeVec(&cursor, &out) } else { out.append("null") }
    case Tag.map:
      if try cursor.flag() { try nativeMap(&cursor, &out) } else { out.append("null") }
    case Tag.instance:
      out.append(#"{"executable":"#)
      try value(schema.contractExecutable.node, &cursor, &out)
      out.append(#","storage":"#)
      if try cursor.flag() { try nativeMap(&cursor, &out) } else { out.append("null") }
      out.append(UInt8(ascii: "}"))
    case 2:
      // An error keeps its SEP-51 form, including the name.
      out.append(UInt8(ascii: "{"))
      schema.append(keyOf: arm, to: &out)
      try value(arm.node, &cursor, &out)
      out.append(UInt8(ascii: "}"))
    default:
      if arm.node < 0 { schema.append(nameOf: arm, to: &out) } else { try value(arm.node, &cursor, &out) }
    }
    cursor.depth &-= 1
  }

  private func nativeVec(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let count = try cursor.count(minimum: 4)
    out.append(UInt8(ascii: "["))
    for offset in 0..<count {
      if offset > 0 { out.append(UInt8(ascii: ",")) }
      try native(&cursor, &out)
    }
    out.append(UInt8(ascii: "]"))
  }

  /// Writes an object if all keys are symbols or strings with distinct texts; otherwise an array of pairs.
  private func nativeMap(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let count = try cursor.count(minimum: 8)
    let isObject = try hasDistinctTextKeys(cursor, count)
    out.append(UInt8(ascii: isObject ? "{" : "["))
    for offset in 0..<count {
      if offset > 0 { out.append(UInt8(ascii: ",")) }
      if !isObject { out.append(UInt8(ascii: "[")) }
      try native(&cursor, &out)
      out.append(UInt8(ascii: isObject ? ":" : ","))
      try native(&cursor, &out)
      if !isObject { out.append(UInt8(ascii: "]")) }
    }
    out.append(UInt8(ascii: isObject ? "}" : "]"))
  }

  /// Reads the keys ahead. The host sorts them, so plain texts in ascending order are known to differ without being stored.
  package func hasDistinctTextKeys(_ start: Cursor, _ count: Int) throws(XDRError) -> Bool {
    var cursor = start
    var previous = 0..<0
    var ascends = true
    for offset in 0..<count {
      let tag = try cursor.uint32()
      guard tag == Tag.symbol || tag == Tag.string else { return false }
      let key = try cursor.opaqueRange(atMost: tag == Tag.symbol ? 32 : .max)
      let text = cursor.slice(key)
      ascends = ascends && text.plainPrefix(from: 0) == key.count && (previous.isEmpty || cursor.slice(previous).precedes(text))
      // An empty key followed by others would look like "no key yet".
      if key.isEmpty, count > 1 { ascends = false }
      previous = key
      // Nothing after the last value needs to be read. Without this, a chain of nested maps would be walked once per level.
      if offset < count - 1 { try schema.skip(schema.scval, &cursor) }
    }
    if ascends { return true }
    return try hasDistinctTexts(start, count)
  }

  /// The same for keys in any order and with any bytes: compares the texts as they would be written.
  private func hasDistinctTexts(_ start: Cursor, _ count: Int) throws(XDRError) -> Bool {
    var cursor = start
    keyTexts.begin(count)
    defer { keyTexts.end() }
    for offset in 0..<count {
      _ = try cursor.uint32()
      keyTexts.buffer.append(quotedText: try cursor.opaque())
      if !keyTexts.insert() { return false }
      if offset < count - 1 { try schema.skip(schema.scval, &cursor) }
    }
    return true
  }
}

extension ByteBuffer {
  /// Text in quotes: unchanged if it is UTF-8, otherwise escaped completely as in SEP-51.
  package mutating func append(quotedText bytes: RawSpan) {
    append(UInt8(ascii: "\""))
    if bytes.plainPrefix(from: 0) == bytes.byteCount {
      append(bytes)
    } else if bytes.isUTF8 {
      append(jsonText: bytes)
    } else {
      append(escaped: bytes)
    }
    append(UInt8(ascii: "\""))
  }
}

/// The texts of a map's keys, to find duplicates. A few keys are compared one by one, which avoids a set of copies.
final class KeyTexts {
  private static let few = 24

  /// The next text is appended here, then inserted.
  var buffer = ByteBuffer(capacity: 256)
  private var ends: [Int] = []
  private var many: Set<[UInt8]> = []
  private var areFew = true

  func begin(_ count: Int) { areFew = count <= Self.few }

  func end() {
    buffer.truncate(to: 0)
    buffer.shrink(above: 64 << 10)
    ends.removeAll(keepingCapacity: true)
    many = []
  }

  /// Returns false if the text exists already.
  func insert() -> Bool {
    let text = (ends.last ?? 0)..<buffer.count
    if areFew {
      var start = 0
      for end in ends {
        if buffer.bytes(start..<end).equals(buffer.bytes(text)) { return false }
        start = end
      }
    } else if !many.insert(buffer.bytes(text).copied).inserted {
      return false
    }
    ends.append(buffer.count)
    return true
  }
}
