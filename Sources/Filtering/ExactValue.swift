import Bytes
import StellarJSON
import StellarXDR

/// A value given as the base64 of its XDR, as in the filters of RPC servers.
package struct ExactValue: Sendable {
  /// Every SCVal starts with three zero bytes, because its type is a small number.
  private static let start = "AAAA"

  let xdr: [UInt8]
  /// The value in compact native JSON, for records in that style.
  let native: [UInt8]

  init(xdr: [UInt8]) throws(XDRError) {
    self.xdr = xdr
    let schema = Schema.shared
    try schema.validate(schema.scval, xdr.bytes)
    var cursor = Cursor(xdr.bytes)
    var out = ByteBuffer(capacity: 256)
    try Renderer(style: .native, of: schema.scval).value(schema.scval.node, &cursor, &out)
    native = out.bytes.copied
  }

  /// Nil for other text; an error for an incomplete value. The padding is optional.
  init?(base64 text: String) throws(UsageError) {
    guard Self.looksLikeOne(text) else { return nil }
    var characters = Array(text.utf8)
    while characters.count % 4 != 0 { characters.append(UInt8(ascii: "=")) }
    var bytes = ByteBuffer(capacity: characters.count)
    if bytes.append(decodingBase64: characters.bytes) == nil {
      do throws(XDRError) {
        try self.init(xdr: bytes.bytes.copied)
        return
      } catch {}
    }
    throw UsageError(
      "'\(text)' looks like base64 of an SCVal, but is not a complete one; to find text that begins like this, use '/^\(Self.start)/'"
    )
  }

  /// Whether a text is base64 that starts with a valid type of SCVal.
  static func looksLikeOne(_ text: String) -> Bool {
    let characters = Array(text.utf8)
    var first = ByteBuffer(capacity: 8)
    guard characters.count >= 8, text.hasPrefix(start), first.append(decodingBase64: Array(characters[..<8]).bytes) == nil,
      first.bytes.word(at: 0) < types
    else { return false }
    return characters.reversed().drop { $0 == UInt8(ascii: "=") }.allSatisfy { character in
      character.isDigit || (0x61...0x7A).contains(character | 0x20) || character == UInt8(ascii: "+")
        || character == UInt8(ascii: "/")
    }
  }

  private static var types: UInt32 { UInt32(Schema.shared.node(Schema.shared.scval.node).count) }
}
