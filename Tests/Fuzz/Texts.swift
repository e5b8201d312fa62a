// The small text readers: JSON, lines that contain values, base64, strkeys.

import Bytes
import StellarJSON
import StellarXDR
import TestSupport

private let paths = {
  guard let paths = FieldPaths(["topic[]", "value", "a.b[].c", "[]"]) else { fatalError("these are paths") }
  return paths
}()

private nonisolated(unsafe) let renderers = [ValueStyle.raw, .sep51, .native].map { Renderer(style: $0, partSize: 12) }

/// All text readers read the same text.
@Sendable func fuzzText(_ input: inout Input) {
  let place = input.word()
  let choice = input.byte()
  json(input.bytes, place: place)
  rewrite(input.bytes, choice: choice)
  base64(input.bytes)
  strkey(input.bytes, choice: choice)
}

private func json(_ text: [UInt8], place: Int) {
  var cursor = JSONCursor(text.bytes)
  var problem: JSONError?
  do throws(JSONError) {
    try cursor.skipValue()
    try cursor.expectEnd()
    require(cursor.depth == 0 && cursor.isAtEnd, "every level that is entered is left")
  } catch {
    problem = error
    require((0...text.count).contains(error.offset), "the error \(error) is inside")
    require(!error.description.isEmpty, "an error has words")
  }
  _ = jsonPath(to: place % (text.count + 1), in: text.bytes)

  var hits: [FieldPaths.Hit] = []
  do throws(JSONError) {
    try paths.find(in: text.bytes, into: &hits)
    require(problem == nil, "what is no JSON has no fields: \(String(describing: problem))")
  } catch { require(error == problem, "two ways through one text end alike: \(error), \(String(describing: problem))") }

  var string = JSONCursor(text.bytes)
  if let token = try? string.string() { unescape(token, text) }
  _ = unixSeconds(rfc3339: text.bytes)
}

/// A decoded string, written as JSON and read again, is unchanged.
private func unescape(_ token: JSONCursor.StringToken, _ text: [UInt8]) {
  var plain = ByteBuffer(capacity: 16)
  do throws(JSONError) { try plain.append(unescaped: token, of: text.bytes) } catch {
    return require(error.fact == .loneSurrogate, "only half of a surrogate pair is no text: \(error)")
  }
  require(plain.bytes.isUTF8, "a string is text")
  var quoted = ByteBuffer(capacity: 16)
  quoted.append(UInt8(ascii: "\""))
  quoted.append(jsonText: plain.bytes)
  quoted.append(UInt8(ascii: "\""))
  var again = ByteBuffer(capacity: 16)
  var cursor = JSONCursor(quoted.bytes)
  do throws(JSONError) {
    let token = try cursor.string()
    try again.append(unescaped: token, of: quoted.bytes)
  } catch { require(false, "what was escaped can be read: \(error)") }
  require(again.bytes.equals(plain.bytes), "what was escaped reads the same")
}

private func rewrite(_ line: [UInt8], choice: Int) {
  let type = choice & 64 == 0 ? Schema.shared.scval : Schema.shared.id("SCAddress")
  let renderer = unsafe renderers[choice % 3]
  var rewriter = LineRewriter(renderer: renderer, type: type)
  var out = ByteBuffer(capacity: 16)
  let parts = try? rewrittenInParts(line, by: &rewriter, renderer)
  do throws(JSONError) {
    try rewriter.rewrite(embedded: line.bytes, into: &out)
    require(parts == out.bytes.copied, "in parts it is the same")
    require(isJSON(line.bytes) == true, "only JSON is rewritten")
    require(isJSON(out.bytes) != false, "what is rewritten is JSON: \(out.bytes.text)")
    if renderer.style == .raw, type == Schema.shared.scval {
      var again = ByteBuffer(capacity: 16)
      try rewriter.rewrite(embedded: out.bytes, into: &again)
      require(again.bytes.equals(out.bytes), "raw values are rewritten to themselves")
    }
  } catch {
    require(parts == nil, "in parts it is refused, too")
    check(error, line, rewriter, type)
  }

  out.truncate(to: 0)
  do throws(JSONError) {
    try rewriter.rewrite(line.bytes, fields: paths, into: &out)
    require(isJSON(line.bytes) == true, "only JSON is rewritten")
    require(isJSON(out.bytes) != false, "what is rewritten is JSON: \(out.bytes.text)")
  } catch { check(error, line, rewriter, type) }

  out.truncate(to: 0)
  do throws(JSONError) {
    try rewriter.rewrite(base64: line.bytes, into: &out)
    require(isJSON(out.bytes) != false, "what is rewritten is JSON: \(out.bytes.text)")
  } catch { check(error, line, rewriter, type) }
}

private func check(_ problem: JSONError, _ line: [UInt8], _ rewriter: borrowing LineRewriter, _ type: TypeID) {
  require((0...line.count).contains(problem.offset), "the error \(problem) is inside")
  require(!problem.message(in: line.bytes).isEmpty, "an error has words")
  guard problem.fact == .notXDR else { return }
  let found = String(describing: rewriter.lastError)
  require(error(type, rewriter.lastValue.copied) != nil, "the value is what the error \(found) is about")
  _ = Schema.shared.path(toErrorIn: type, rewriter.lastValue)
}

private func base64(_ bytes: [UInt8]) {
  var text = ByteBuffer(capacity: 16)
  text.append(base64: bytes.bytes)
  var again = ByteBuffer(capacity: 16)
  require(again.append(decodingBase64: text.bytes) == nil && again.bytes.equals(bytes.bytes), "what is encoded can be decoded")

  again.truncate(to: 0)
  again.append(UInt8(7))
  if let wrong = again.append(decodingBase64: bytes.bytes) {
    require((0...bytes.count).contains(wrong) && again.count == 1, "an error is inside, and leaves the buffer as it was")
  } else {
    text.truncate(to: 0)
    text.append(base64: again.bytes(1..<again.count))
    require(text.bytes.equals(bytes.bytes), "only the one text that is written for some bytes is read")
  }
}

private nonisolated(unsafe) let sep51 = Renderer(style: .sep51)
private let keys = [
  "AccountID", "MuxedAccount", "SCAddress", "ContractID", "SignerKey", "PoolID", "ClaimableBalanceID", "NodeID",
]
.compactMap(Schema.shared.type(named:))

private func strkey(_ bytes: [UInt8], choice: Int) {
  var payload = ByteBuffer(capacity: 16)
  payload.append(UInt8(7))
  if let version = Strkey.decode(bytes.bytes, into: &payload) {
    var text = ByteBuffer(capacity: 16)
    text.append(strkey: version, payload.bytes(1..<payload.count))
    require(text.bytes.equals(bytes.bytes), "only the one text that is written for a key is read")
  } else {
    require(payload.count == 1, "what is no strkey leaves the buffer as it was")
  }

  // The reverse: the input as payload.
  let versions = [Strkey.account, Strkey.muxedAccount, Strkey.contract, Strkey.liquidityPool, Strkey.claimableBalance]
  let lengths = [32, 40, 32, 32, 33]
  let kind = choice % versions.count
  if bytes.count >= lengths[kind] {
    let key = Array(bytes[..<lengths[kind]])
    var text = ByteBuffer(capacity: 16)
    text.append(strkey: versions[kind], key.bytes)
    var again = ByteBuffer(capacity: 16)
    require(Strkey.decode(text.bytes, into: &again) == versions[kind] && again.bytes.equals(key.bytes), "a strkey can be read")
  }

  // And as JSON of the types that are written as strkeys.
  let type = keys[choice % keys.count]
  let text = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
  var parser = Parser()
  var xdr = ByteBuffer(capacity: 16)
  guard (try? parser.parse(type, text.bytes, into: &xdr)) != nil else { return }
  guard let rendered = unsafe json(sep51, type, xdr.bytes.copied) else { return require(false, "what is parsed can be rendered") }
  if !bytes.contains(UInt8(ascii: "\\")) {
    require(rendered == text, "only the one text of a key is read: \(rendered.bytes.text)")
  }
}
