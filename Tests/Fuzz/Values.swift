// StellarXDR and StellarJSON: all interpreters of the schema agree on whether a value is valid.

import Bytes
import StellarJSON
import StellarXDR
import TestSupport

private let schema = Schema.shared
private nonisolated(unsafe) let raw = Renderer(style: .raw)
private nonisolated(unsafe) let sep51 = Renderer(style: .sep51)
private nonisolated(unsafe) let native = Renderer(style: .native)
private nonisolated(unsafe) let divided = Renderer(style: .sep51, partSize: 12)

/// Two bytes of the input choose a type of the schema.
func type(_ input: inout Input) -> TypeID { schema.types[input.word() % schema.types.count].id }

func error(_ type: TypeID, _ bytes: [UInt8]) -> XDRError? {
  do throws(XDRError) { try schema.validate(type, bytes.bytes) } catch { return error }
  return nil
}

@Sendable func fuzzXDR(_ input: inout Input) {
  let type = type(&input)
  let cut = input.word()
  skip(type, input.bytes, cut: cut)
  render(type, input.bytes)
}

private func skip(_ type: TypeID, _ bytes: [UInt8], cut: Int) {
  var cursor = Cursor(bytes.bytes)
  do throws(XDRError) { try schema.skip(type, &cursor) } catch {
    require((0...bytes.count).contains(error.offset), "the error \(error) is inside")
    require(!error.description.isEmpty, "an error has words")
    _ = schema.path(toErrorIn: type, bytes.bytes)
    if error.isTruncation { require(error.value > Int64(bytes.count), "more than there is is wanted: \(error)") }
    return
  }
  require(cursor.depth == 0, "every level that is entered is left")
  let length = cursor.position
  let value = Array(bytes[..<length])
  require(error(type, value) == nil, "a value is one by itself")
  require(schema.path(toErrorIn: type, value.bytes).isEmpty, "a good value has no path to an error")
  guard length > 0 else { return }
  // Of a value cut at any offset, the error asks for no more bytes than needed.
  let part = Array(value[..<(cut % length)])
  let cutOff = error(type, part)
  require(cutOff?.isTruncation == true, "a part of \(part.count) of \(length) bytes is cut off: \(String(describing: cutOff))")
  require(cutOff.map { $0.value <= Int64(length) } == true, "what is wanted is there: \(String(describing: cutOff)) of \(length)")
}

/// Whether text is one JSON value; nil if it is nested too deeply to decide.
func isJSON(_ text: RawSpan) -> Bool? {
  var cursor = JSONCursor(text)
  do throws(JSONError) {
    try cursor.skipValue()
    try cursor.expectEnd()
  } catch { return error.fact == .tooDeep ? nil : false }
  return true
}

/// The JSON of a value; nil if the value is invalid.
func json(_ renderer: Renderer, _ type: TypeID, _ bytes: [UInt8]) -> [UInt8]? {
  var out = ByteBuffer(capacity: 16)
  do throws(XDRError) { try renderer.render(type, bytes.bytes, into: &out) } catch {
    require((0...bytes.count).contains(error.offset), "the error \(error) is inside")
    return nil
  }
  require(isJSON(out.bytes) != false, "what is rendered is JSON: \(out.bytes.text)")
  return out.bytes.copied
}

/// The XDR of JSON text; nil if it is nested too deeply.
private func parsed(_ type: TypeID, _ text: [UInt8]) -> [UInt8]? {
  var parser = Parser()
  var out = ByteBuffer(capacity: 16)
  do throws(JSONError) { try parser.parse(type, text.bytes, into: &out) } catch {
    require(false, "what was rendered can be parsed: \(error.description) at \(error.offset) of \(text.bytes.text)")
  }
  return out.bytes.copied
}

private let marks = Set(schema.types.filter { $0.name.hasSuffix("Mark") }.map(\.id.node))

private func render(_ type: TypeID, _ bytes: [UInt8]) {
  let isGood = error(type, bytes) == nil
  let texts = unsafe [json(raw, type, bytes), json(sep51, type, bytes), json(native, type, bytes)]
  for text in texts { require((text != nil) == isGood, "rendering and skipping agree on what is good (\(isGood))") }
  let parts = unsafe try? renderedInParts(type, bytes, by: divided)
  require(parts == texts[1], "in parts it is the same")
  // The mark of a record's second version has the same name as the first; only the members of a record distinguish the two.
  let isLaterMark = marks.contains(type.node) && bytes.last != 1
  guard isGood, !isLaterMark else { return }
  for text in texts[..<2] {
    guard let text, let again = parsed(type, text) else { continue }
    require(again == bytes, "decode | encode gives back the bytes; by way of \(text.bytes.text)")
  }
}

@Sendable func fuzzParse(_ input: inout Input) {
  let type = type(&input)
  let text = input.bytes
  var parser = Parser()
  var out = ByteBuffer(capacity: 16)
  out.append(UInt8(7))
  do throws(JSONError) { try parser.parse(type, text.bytes, into: &out) } catch {
    require(out.count == 1, "an error leaves the buffer as it was")
    require((0...text.count).contains(error.offset), "the error \(error) is inside")
    require(!error.description.isEmpty, "an error has words")
    _ = jsonPath(to: error.offset, in: text.bytes)
    return
  }
  require(isJSON(text.bytes) != false, "only JSON is read")
  let bytes = Array(out.bytes.copied[1...])
  require(error(type, bytes) == nil, "what is parsed is a value: \(String(describing: error(type, bytes)))")
  guard let rendered = unsafe json(sep51, type, bytes) else { return require(false, "what is parsed can be rendered") }
  if let again = parsed(type, rendered) { require(again == bytes, "by way of \(rendered.bytes.text)") }
}
