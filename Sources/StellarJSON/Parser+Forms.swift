import Bytes
import StellarXDR

// Types whose shape does not determine their JSON: the inverse of Renderer+Forms.

extension Parser {
  /// Reads a value that has a form. Returns false, and reads nothing, if the value has its plain shape.
  mutating func form(
    _ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) -> Bool {
    let first = try cursor.peek()
    switch node.form {
    case .plain: return false
    case .scval: return try rawValue(index, &cursor, &out)
    case .u128, .i128, .u256, .i256:
      let isWide = node.form == .u256 || node.form == .i256
      let isSigned = node.form == .i128 || node.form == .i256
      try wideInteger(bits: isWide ? 256 : 128, isSigned: isSigned, index, &cursor, &out)
      return true
    case .address where first == UInt8(ascii: "{"): return false
    case .byteArray:
      // SEP-51 requires hex for opaque data, but other tools write some of it as an array of numbers. Both are accepted.
      guard first == UInt8(ascii: "[") else { return false }
      try byteArray(node, index, &cursor, &out)
      return true
    case .metrics:
      try expect(first == UInt8(ascii: "{"), index, cursor)
      try metrics(node, index, &cursor, &out)
      return true
    default: break
    }
    let token = try string(index, &cursor)
    switch node.form {
    case .assetCode, .assetCode4, .assetCode12: try assetCode(node, index, token, cursor, &out)
    case .time:
      guard let seconds = unixSeconds(rfc3339: cursor.slice(token.content)) else {
        throw JSONError(.expected, at: token.content.lowerBound, node: index)
      }
      out.append(bigEndian: seconds)
    case .base64: try base64(index, token, cursor, &out)
    case .assetName: try assetName(index, token, cursor, &out)
    default: try strkey(node, index, cursor.slice(token.content), at: token.content.lowerBound, &out)
    }
    return true
  }

  /// `{"xdr":"<base64>"}` instead of a value.
  private func rawValue(_ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer) throws(JSONError) -> Bool {
    let start = cursor.position
    guard cursor.text[start] == UInt8(ascii: "{") else { return false }
    cursor.position += 1
    guard try cursor.peek() == UInt8(ascii: "\""), cursor.equals(try cursor.string(), "xdr") else {
      cursor.position = start
      return false
    }
    try cursor.expect(UInt8(ascii: ":"))
    let token = try string(index, &cursor)
    let from = out.count
    try appendBase64(index, token, cursor, &out)
    do throws(XDRError) { try schema.validate(TypeID(node: index), out.bytes(from..<out.count)) } catch {
      throw JSONError(.notXDR, at: token.content.lowerBound, node: index)
    }
    try cursor.expect(UInt8(ascii: "}"))
    return true
  }

  private func appendBase64(
    _ index: Int32, _ token: JSONCursor.StringToken, _ cursor: borrowing JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    guard let wrong = try out.append(decodingBase64: token, of: cursor.text) else { return }
    throw JSONError(.notBase64, at: token.content.lowerBound + (token.isEscaped ? 0 : wrong), node: index)
  }

  private func base64(
    _ index: Int32, _ token: JSONCursor.StringToken, _ cursor: borrowing JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    let lengthPosition = out.count
    out.append(bigEndian: 0 as UInt32)
    try appendBase64(index, token, cursor, &out)
    let count = out.count - lengthPosition - 4
    out.replace(at: lengthPosition, bigEndian: UInt32(count))
    for _ in 0..<(-count & 3) { out.append(0) }
  }

  private func byteArray(
    _ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    let start = cursor.position
    var count = 0
    if try cursor.beginArray() {
      repeat {
        let byte = try integer(0...255, index, &cursor)
        count += 1
        if count > node.size { throw JSONError(.expected, at: start, node: index) }
        out.append(UInt8(byte))
      } while try cursor.next(before: UInt8(ascii: "]"))
    }
    if count != node.size { throw JSONError(.expected, at: start, node: index) }
    for _ in 0..<(-count & 3) { out.append(0) }
  }

  /// An object of decimal strings: the inverse of `Renderer.metrics`.
  private mutating func metrics(
    _ node: Node, _ index: Int32, _ cursor: inout JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    let element = schema.node(node.element)
    let (name, value) = (schema.member(element.first).node, schema.member(element.first + 1).node)
    let countPosition = out.count
    out.append(bigEndian: 0 as UInt32)
    var count: UInt32 = 0
    if try cursor.beginObject() {
      repeat {
        let token = try cursor.memberName()
        try escapedText(schema.node(name), name, token, cursor, &out)
        try wideInteger(bits: 64, isSigned: false, value, &cursor, &out)
        count += 1
      } while try cursor.next(before: UInt8(ascii: "}"))
    }
    out.replace(at: countPosition, bigEndian: count)
  }

  // MARK: assets

  private mutating func assetCode(
    _ node: Node, _ index: Int32, _ token: JSONCursor.StringToken, _ cursor: borrowing JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    let start = out.count
    try append(escaped: token, index, cursor, &out)
    let count = out.count - start
    let isShort = node.form == .assetCode4 || node.form == .assetCode && count <= 4
    try pad(code: start, isShort: isShort, at: token.content.lowerBound, index, &out)
    guard node.form == .assetCode else { return }
    // The union's discriminant comes before the code.
    out.append(bigEndian: isShort ? 1 : 2 as UInt32)
    out.append(again: start..<start + (isShort ? 4 : 12))
    out.remove(start..<start + (isShort ? 4 : 12))
  }

  private func pad(code start: Int, isShort: Bool, at offset: Int, _ index: Int32, _ out: inout ByteBuffer) throws(JSONError) {
    let size = isShort ? 4 : 12
    if out.count - start > size { throw JSONError(.tooLong, at: offset, node: index) }
    while out.count - start < size { out.append(0) }
  }

  /// `native` or `CODE:G…`. The code can contain any byte, so the account starts after the last colon.
  private mutating func assetName(
    _ index: Int32, _ token: JSONCursor.StringToken, _ cursor: borrowing JSONCursor, _ out: inout ByteBuffer
  ) throws(JSONError) {
    if cursor.equals(token, "native") { return out.append(bigEndian: 0 as UInt32) }
    let offset = token.content.lowerBound
    let keyStart = token.content.upperBound - 56
    guard keyStart > offset, cursor.text[keyStart - 1] == UInt8(ascii: ":") else {
      throw JSONError(.expected, at: offset, node: index)
    }
    let typePosition = out.count
    out.append(bigEndian: 0 as UInt32)
    let code = JSONCursor.StringToken(content: offset..<keyStart - 1, isEscaped: token.isEscaped)
    let start = out.count
    try append(escaped: code, index, cursor, &out)
    let isShort = out.count - start <= 4
    try pad(code: start, isShort: isShort, at: offset, index, &out)
    out.replace(at: typePosition, bigEndian: isShort ? 1 : 2)
    let key = schema.accountID
    try strkey(schema.node(key.node), key.node, cursor.slice(keyStart..<token.content.upperBound), at: keyStart, &out)
  }

  // MARK: strkeys

  private mutating func strkey(
    _ node: Node, _ index: Int32, _ text: RawSpan, at offset: Int, _ out: inout ByteBuffer
  ) throws(JSONError) {
    scratch.truncate(to: 0)
    guard let version = Strkey.decode(text, into: &scratch), append(strkey: version, as: node.form, &out) else {
      throw JSONError(.badStrkey, at: offset, node: index)
    }
  }

  /// Writes the payload in `scratch` as a value of the form. Returns false if the form does not allow strkeys of this version.
  private func append(strkey version: UInt8, as form: Form, _ out: inout ByteBuffer) -> Bool {
    let payload = scratch.bytes
    func append(_ discriminants: UInt32..., from: Int = 0) -> Bool {
      for discriminant in discriminants { out.append(bigEndian: discriminant) }
      out.append(payload.extracting(from..<payload.byteCount))
      return true
    }
    /// The id comes first in XDR.
    func appendMuxed(_ discriminants: UInt32...) -> Bool {
      for discriminant in discriminants { out.append(bigEndian: discriminant) }
      out.append(payload.extracting(32..<40))
      out.append(payload.extracting(0..<32))
      return true
    }
    switch (form, version) {
    case (.account, Strkey.account), (.muxedAccount, Strkey.account), (.signerKey, Strkey.account): return append(0)
    case (.contract, Strkey.contract), (.liquidityPool, Strkey.liquidityPool): return append()
    case (.claimableBalance, Strkey.claimableBalance): return payload[0] == 0 && append(0, from: 1)
    case (.muxedAccount, Strkey.muxedAccount): return appendMuxed(256)
    case (.muxedAccountParts, Strkey.muxedAccount): return appendMuxed()
    case (.address, Strkey.account): return append(0, 0)
    case (.address, Strkey.contract): return append(1)
    case (.address, Strkey.muxedAccount): return appendMuxed(2)
    case (.address, Strkey.claimableBalance): return payload[0] == 0 && append(3, 0, from: 1)
    case (.address, Strkey.liquidityPool): return append(4)
    case (.signerKey, Strkey.preAuthTx): return append(1)
    case (.signerKey, Strkey.hashX): return append(2)
    case (.signerKey, Strkey.signedPayload): return isSignedPayload(payload) && append(3)
    case (.signedPayload, Strkey.signedPayload): return isSignedPayload(payload) && append()
    default: return false
    }
  }

  /// Whether a payload is a key, a length, the data, and zeros up to a multiple of four.
  private func isSignedPayload(_ payload: RawSpan) -> Bool {
    var cursor = Cursor(payload, at: 32)
    guard (try? cursor.opaqueRange(atMost: 64)) != nil else { return false }
    return cursor.isAtEnd
  }
}
