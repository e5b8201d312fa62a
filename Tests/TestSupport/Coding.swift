import Bytes
import StellarJSON
import StellarXDR

/// The JSON text of a valid value.
package func rendered(_ type: TypeID, _ xdr: [UInt8], style: ValueStyle = .sep51) throws -> String {
  var out = ByteBuffer()
  try Renderer(style: style).render(type, xdr.bytes, into: &out)
  return String(decoding: out.bytes.copied, as: UTF8.self)
}

/// The same through a partial text: appended to finished text, with the parts filled later.
package func renderedInParts(_ type: TypeID, _ xdr: [UInt8], by renderer: Renderer) throws(XDRError) -> [UInt8] {
  var out = begun(renderer.partialText)
  defer { renderer.partialText.end() }
  try renderer.render(type, xdr.bytes, into: &out)
  take(renderer.partialText, from: &out)
  for part in renderer.partialText.parts {
    renderer.partialText.appendText(before: part, to: &out)
    renderer.renderPart(part.content, xdr.bytes.extracting(part.bytes), into: &out)
  }
  return out.bytes.copied
}

/// The same for the values in a line of JSON.
package func rewrittenInParts(
  _ line: [UInt8], by rewriter: inout LineRewriter, _ renderer: Renderer
) throws(JSONError) -> [UInt8] {
  var out = begun(renderer.partialText)
  defer { renderer.partialText.end() }
  try rewriter.rewrite(embedded: line.bytes, into: &out)
  take(renderer.partialText, from: &out)
  for part in renderer.partialText.parts {
    renderer.partialText.appendText(before: part, to: &out)
    rewriter.withBytes(for: part, in: line.bytes) { renderer.renderPart(part.content, $0, into: &out) }
  }
  return out.bytes.copied
}

private func begun(_ partialText: PartialText) -> ByteBuffer {
  var out = ByteBuffer(capacity: 16)
  out.append("finished ")
  partialText.begin(out)
  return out
}

/// Takes the text and leaves the buffer empty.
private func take(_ partialText: PartialText, from out: inout ByteBuffer) {
  partialText.take(from: &out)
  precondition(out.bytes.equals("finished "), "what is finished stays")
  out.truncate(to: 0)
}

/// The XDR of JSON text.
package func parsed(_ type: TypeID, _ text: String) throws(JSONError) -> [UInt8] {
  var out = ByteBuffer()
  var parser = Parser()
  try parser.parse(type, Array(text.utf8).bytes, into: &out)
  return out.bytes.copied
}

/// A type of the schema by its name.
package func type(_ name: String) -> TypeID {
  guard let id = Schema.shared.type(named: name) else { preconditionFailure("there is no type \(name)") }
  return id
}

/// The error in bytes that should be one value; nil if they are.
package func error(in bytes: [UInt8], as type: TypeID, of schema: Schema = .shared) -> XDRError? {
  do throws(XDRError) {
    try schema.validate(type, bytes.bytes)
    return nil
  } catch { return error }
}

/// The path of the error in a value, as messages name it.
package func path(toErrorIn bytes: [UInt8], as type: TypeID, of schema: Schema = .shared) -> String {
  schema.path(toErrorIn: type, bytes.bytes)
}

/// The rows of a table in a text: lines of cells separated by ` | `; blanks around them are ignored.
package func table(_ text: String) -> [[String]] {
  text.split(separator: "\n").map { line in
    line.split(separator: " | ").map { cell in
      String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
