import Bytes
import StellarJSON
import StellarXDR

/// XDR in a line of an RPC server: base64 (`xdrFormat` "base64", the default), or SEP-51 JSON ("json").
package enum RPCValue {
  case base64(JSONCursor.StringToken)
  case json(Range<Int>)

  /// Reads the value of a member, which must be next. Nil for `null`, and if base64 is expected and the value is not a string.
  package init?(_ cursor: inout JSONCursor, isJSON: Bool) throws(JSONError) {
    switch try cursor.peek() {
    case UInt8(ascii: "\"") where !isJSON: self = .base64(try cursor.string())
    case UInt8(ascii: "n"):
      try cursor.literal("null")
      return nil
    default:
      let start = cursor.position
      try cursor.skipValue()
      guard isJSON else { return nil }
      self = .json(start..<cursor.position)
    }
  }

  /// Appends the XDR to `out`, and returns its range. The offset of an error is in the line; `name` is for the message.
  package func decode(
    _ type: TypeID, _ name: StaticString, _ line: RawSpan, _ parser: inout Parser, into out: inout ByteBuffer
  ) throws(DataError) -> Range<Int> {
    let start = out.count
    switch self {
    case .json(let range):
      do throws(JSONError) { try parser.parse(type, line.extracting(range), into: &out) } catch {
        throw DataError(error, in: line, from: range.lowerBound)
      }
    case .base64(let token):
      if token.content.isEmpty { throw DataError("\(name) is empty") }
      let wrong: Int?
      do throws(JSONError) { wrong = try out.append(decodingBase64: token, of: line) } catch { throw DataError(error) }
      if let wrong { throw DataError(JSONError(.notBase64, at: token.content.lowerBound + wrong)) }
    }
    return start..<out.count
  }
}
