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

  /// Why a value cannot be decoded; offsets are in the line.
  package enum Problem: Error {
    case empty
    case notBase64(offset: Int)
    case json(JSONError)
    case sep51(ParseError)
  }

  /// Appends the XDR to `out`, and returns its range.
  package func decode(
    _ type: TypeID, _ line: RawSpan, _ parser: inout Parser, into out: inout ByteBuffer
  ) throws(Problem) -> Range<Int> {
    let start = out.count
    switch self {
    case .json(let range):
      do throws(ParseError) { try parser.parse(type, line.extracting(range), into: &out) } catch {
        var error = error
        error.offset += range.lowerBound
        throw .sep51(error)
      }
    case .base64(let token) where token.content.isEmpty: throw .empty
    case .base64(let token) where token.isEscaped:
      var plain = ByteBuffer(capacity: token.content.count)
      do throws(JSONError) { try plain.append(unescaped: token, of: line) } catch { throw .json(error) }
      if let wrong = out.append(decodingBase64: plain.bytes) { throw .notBase64(offset: token.content.lowerBound + wrong) }
    case .base64(let token):
      if let wrong = out.append(decodingBase64: line.extracting(token.content)) {
        throw .notBase64(offset: token.content.lowerBound + wrong)
      }
    }
    return start..<out.count
  }
}
