import Bytes
import StellarXDR

// Types whose shape does not determine their JSON: keys and ids, wide integers, asset codes, values, times.

extension Renderer {
  /// Writes an ScVal in a style other than SEP-51.
  func value(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    if style == .native { return try native(&cursor, &out) }
    let start = cursor.position
    try schema.skip(schema.scval, &cursor)
    out.append(#"{"xdr":""#)
    out.append(base64: cursor.slice(start..<cursor.position))
    out.append(#""}"#)
  }

  /// Writes an address. Returns false, and reads nothing, for a kind that SEP-23 has no letter for yet; such an address keeps its
  /// shape.
  func address(_ cursor: inout Cursor, _ index: Int32, _ out: inout ByteBuffer) throws(XDRError) -> Bool {
    try cursor.require(4)
    let type = cursor.bytes.word(at: cursor.position)
    if type == 5 { return false }
    out.append(UInt8(ascii: "\""))
    if type == 1 {
      cursor.position &+= 4
      try strkey(Strkey.contract, &cursor, &out)
    } else {
      let arm = try schema.arm(of: schema.node(index), index, &cursor)
      try text(schema.node(arm.node), arm.node, &cursor, &out)
    }
    out.append(UInt8(ascii: "\""))
    return true
  }

  /// Writes an array of `{name: string; value: u64}` as an object: each name with its number as a decimal string.
  func metrics(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let node = schema.node(index)
    let element = schema.node(node.element)
    let name = schema.member(element.first).node
    let count = try cursor.count(minimum: Int(element.minimum), atMost: node.size, node: index)
    out.append(UInt8(ascii: "{"))
    for offset in 0..<count {
      if offset > 0 { out.append(UInt8(ascii: ",")) }
      out.append(UInt8(ascii: "\""))
      out.append(escaped: cursor.slice(try cursor.opaqueRange(atMost: schema.node(name).size, node: name)))
      out.append("\":\"")
      out.append(decimal: try cursor.uint64())
      out.append(UInt8(ascii: "\""))
    }
    out.append(UInt8(ascii: "}"))
  }

  /// Writes the text between the quotes or brackets.
  func text(_ node: Node, _ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    switch node.form {
    case .account: try key(index, Strkey.account, &cursor, &out)
    case .contract: out.append(strkey: Strkey.contract, try cursor.take(32))
    case .liquidityPool: out.append(strkey: Strkey.liquidityPool, try cursor.take(32))
    case .claimableBalance: try claimableBalance(index, &cursor, &out)
    case .muxedAccount:
      if try checkedArm(index, &cursor) == 0 {
        try strkey(Strkey.account, &cursor, &out)
      } else {
        try muxedAccount(&cursor, &out)
      }
    case .muxedAccountParts: try muxedAccount(&cursor, &out)
    case .signerKey: try signerKey(index, &cursor, &out)
    case .signedPayload: try signedPayload(&cursor, &out)
    case .assetCode4: assetCode(try cursor.take(4), atLeast: 0, &out)
    case .assetCode12: assetCode(try cursor.take(12), atLeast: 5, &out)
    case .assetCode:
      let isShort = try checkedArm(index, &cursor) == 1
      assetCode(try cursor.take(isShort ? 4 : 12), atLeast: isShort ? 0 : 5, &out)
    case .u128: out.append(decimal: UInt128(high: try cursor.uint64(), low: try cursor.uint64()))
    case .i128: out.append(decimal: Int128(bitPattern: UInt128(high: try cursor.uint64(), low: try cursor.uint64())))
    case .u256, .i256:
      let number = UInt256(
        high: UInt128(high: try cursor.uint64(), low: try cursor.uint64()),
        low: UInt128(high: try cursor.uint64(), low: try cursor.uint64()))
      out.append(decimal: number, isSigned: node.form == .i256)
    case .time: out.append(time: try cursor.uint64())
    case .base64:
      let range = try cursor.opaqueRange(atMost: node.size, node: index)
      if partialText.isOpen, partialText.add(opaque: range, .base64, out) { break }
      out.append(base64: cursor.slice(range))
    case .assetName: try assetName(index, &cursor, &out)
    case .byteArray: try byteArray(node, index, &cursor, &out)
    case .plain, .scval, .address, .metrics: break
    }
  }

  /// Reads the discriminant of a union and checks that it has an arm.
  private func checkedArm(_ index: Int32, _ cursor: inout Cursor) throws(XDRError) -> UInt32 {
    _ = try schema.arm(of: schema.node(index), index, &cursor)
    return cursor.bytes.word(at: cursor.position &- 4)
  }

  private func key(_ index: Int32, _ version: UInt8, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    _ = try checkedArm(index, &cursor)
    out.append(strkey: version, try cursor.take(32))
  }

  /// The id comes first in XDR and last in the strkey.
  private func muxedAccount(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let parts = try cursor.take(40)
    out.append(strkey: Strkey.muxedAccount, parts.extracting(8..<40), tail: parts.extracting(0..<8))
  }

  private func claimableBalance(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    _ = try checkedArm(index, &cursor)
    // The last byte of the discriminant, which is 0 for the only version, and the hash.
    let start = cursor.position &- 1
    try cursor.skip(32)
    out.append(strkey: Strkey.claimableBalance, cursor.slice(start..<cursor.position))
  }

  private func signerKey(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    switch try checkedArm(index, &cursor) {
    case 0: out.append(strkey: Strkey.account, try cursor.take(32))
    case 1: out.append(strkey: Strkey.preAuthTx, try cursor.take(32))
    case 2: out.append(strkey: Strkey.hashX, try cursor.take(32))
    default: try signedPayload(&cursor, &out)
    }
  }

  /// Key, length and padded payload are the same in the strkey and in XDR.
  private func signedPayload(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let start = cursor.position
    try cursor.skip(32)
    _ = try cursor.opaqueRange(atMost: 64)
    out.append(strkey: Strkey.signedPayload, cursor.slice(start..<cursor.position))
  }

  /// Zeros at the end do not belong to a code. A twelve-byte code keeps at least five bytes, so that it is not read as a short
  /// one.
  func assetCode(_ code: RawSpan, atLeast: Int, _ out: inout ByteBuffer) {
    var length = code.byteCount
    while length > atLeast, code[length &- 1] == 0 { length &-= 1 }
    out.append(escaped: code.extracting(0..<length))
  }

  /// The bytes as numbers, separated by commas.
  private func byteArray(_ node: Node, _ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let start = cursor.position
    try schema.skip(index, &cursor)
    for offset in start..<start &+ Int(node.size) {
      if offset > start { out.append(UInt8(ascii: ",")) }
      out.append(decimal: UInt64(cursor.bytes[offset]))
    }
  }

  private func assetName(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    switch try checkedArm(index, &cursor) {
    case 0: return out.append("native")
    case 1: assetCode(try cursor.take(4), atLeast: 0, &out)
    default: assetCode(try cursor.take(12), atLeast: 5, &out)
    }
    out.append(UInt8(ascii: ":"))
    try key(schema.accountID.node, Strkey.account, &cursor, &out)
  }
}
