import Bytes
import StellarJSON
import StellarXDR

// ScVals as the message `ScValue`.

extension ProtoRenderer {
  /// Writes one value. Kinds that the message has no tag for become STRING, with their text in decimal or compact SEP-51.
  mutating func value(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let start = cursor.position
    let arm = try schema.arm(of: schema.node(schema.scval.node), schema.scval.node, &cursor)
    switch cursor.bytes.word(at: start) {
    case 0: try plain(#"{"type":"SC_VALUE_TYPE_BOOL","boolValue":"#, arm, &cursor, &out)
    case 1: out.append(#"{"type":"SC_VALUE_TYPE_VOID""#)
    case 3: try plain(#"{"type":"SC_VALUE_TYPE_U32","u32Value":"#, arm, &cursor, &out)
    case 4: try plain(#"{"type":"SC_VALUE_TYPE_I32","i32Value":"#, arm, &cursor, &out)
    case 5: try plain(#"{"type":"SC_VALUE_TYPE_U64","u64Value":"#, arm, &cursor, &out)
    case 6: try plain(#"{"type":"SC_VALUE_TYPE_I64","i64Value":"#, arm, &cursor, &out)
    case 7...12: try plain(#"{"type":"SC_VALUE_TYPE_STRING","stringValue":"#, arm, &cursor, &out)
    case 13:
      out.append(#"{"type":"SC_VALUE_TYPE_BYTES","bytesValue":"#)
      base64(try cursor.opaque(), &out)
    case 14:
      out.append(#"{"type":"SC_VALUE_TYPE_STRING","stringValue":"#)
      out.append(quotedText: try cursor.opaque())
    case 15:
      out.append(#"{"type":"SC_VALUE_TYPE_SYMBOL","symbolValue":"#)
      out.append(quotedText: try cursor.opaque())
    case 16: try vec(&cursor, &out)
    case 17: try map(&cursor, &out)
    case 18 where cursor.bytes.word(at: cursor.position) != Self.muxedContract:
      try plain(#"{"type":"SC_VALUE_TYPE_ADDRESS","addressValue":"#, arm, &cursor, &out)
    case 19: try instance(&cursor, &out)
    case 20:
      out.append(#"{"type":"SC_VALUE_TYPE_STRING","stringValue":"#)
      out.append(schema.quotedName(arm))
    default:
      cursor.position = start
      out.append(#"{"type":"SC_VALUE_TYPE_STRING","stringValue":"#)
      try sep51Text(schema.scval.node, &cursor, &out)
    }
    out.append("}")
  }

  /// An address without a strkey (CAP-84), which is an object in SEP-51.
  private static let muxedContract: UInt32 = 5

  /// A value whose member is written as in SEP-51.
  private func plain(
    _ opening: StaticString, _ arm: Member, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    out.append(opening)
    try renderer.value(arm.node, &cursor, &out)
  }

  /// The compact SEP-51 text of a value, as a string.
  private mutating func sep51Text(_ type: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    scratch.truncate(to: 0)
    try renderer.value(type, &cursor, &scratch)
    out.append("\"")
    out.append(jsonText: scratch.bytes)
    out.append("\"")
  }

  /// An absent vec is written as an empty one, because the message does not distinguish them.
  private mutating func vec(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append(#"{"type":"SC_VALUE_TYPE_VEC","vecValue":{"values":"#)
    if try cursor.flag() { try values(&cursor, &out) } else { out.append("[]") }
    out.append("}")
  }

  /// A map without its closing brace. An absent map is written as an empty one.
  private mutating func map(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append(#"{"type":"SC_VALUE_TYPE_MAP","mapValue":{"entries":["#)
    for offset in 0..<(try cursor.flag() ? try cursor.count(minimum: 8) : 0) {
      out.append(offset > 0 ? #",{"key":"# : #"{"key":"#)
      try value(&cursor, &out)
      out.append(#","value":"#)
      try value(&cursor, &out)
      out.append("}")
    }
    out.append("]}")
  }

  private mutating func instance(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append(#"{"type":"SC_VALUE_TYPE_INSTANCE","instanceValue":{"instanceType":"#)
    switch try cursor.uint32() {
    case 0:
      out.append(#""wasm:"#)
      out.append(hex: try cursor.take(32))
      out.append("\"")
    case 1: out.append(#""stellar_asset""#)
    default:
      out.append(#""external_ref""#)
      cursor.position &-= 4
      try schema.skip(schema.contractExecutable, &cursor)
    }
    out.append(#","fields":["#)
    // The flag of the storage is also the flag of the map in it.
    if cursor.bytes.word(at: cursor.position) == 1 {
      try map(&cursor, &out)
      out.append("}")
    } else {
      _ = try cursor.flag()
    }
    out.append("]}")
  }

  /// A list of values.
  mutating func values(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append("[")
    for offset in 0..<(try cursor.count(minimum: 4)) {
      if offset > 0 { out.append(",") }
      try value(&cursor, &out)
    }
    out.append("]")
  }

  /// An SCAddress outside a value.
  mutating func address(_ type: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    if cursor.bytes.word(at: cursor.position) == Self.muxedContract { return try sep51Text(type, &cursor, &out) }
    try renderer.value(type, &cursor, &out)
  }

  func base64(_ bytes: RawSpan, _ out: inout ByteBuffer) {
    out.append("\"")
    out.append(base64: bytes)
    out.append("\"")
  }
}
