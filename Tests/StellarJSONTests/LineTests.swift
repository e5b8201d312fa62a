import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// A line as `scval-json` rewrites it.
private func rewritten(_ line: String, style: ValueStyle = .sep51, fields: [String] = []) throws(JSONError) -> String {
  var rewriter = LineRewriter(renderer: Renderer(style: style), type: Schema.shared.scval)
  var out = ByteBuffer()
  let bytes = Array(line.utf8)
  if let paths = fields.isEmpty ? nil : FieldPaths(fields) {
    try rewriter.rewrite(bytes.bytes, fields: paths, into: &out)
  } else {
    try rewriter.rewrite(embedded: bytes.bytes, into: &out)
  }
  return String(decoding: out.bytes.copied, as: UTF8.self)
}

private func refusal(_ line: String, fields: [String] = []) -> JSONError? {
  do throws(JSONError) {
    _ = try rewritten(line, fields: fields)
    return nil
  } catch { return error }
}

/// `{"xdr":"…"}` anywhere in a line.
@Suite struct EmbeddedValueTests {
  @Test(arguments: [
    (#"{"xdr":"AAAAAwAAAAc="}"#, #"{"u32":7}"#), (#"[{"xdr":"AAAAAQ=="}]"#, #"["void"]"#),
    (#"{"a":{"xdr":"AAAAAQ=="},"b":[{"c":{"xdr":"AAAAAwAAAAc="}}]}"#, #"{"a":"void","b":[{"c":{"u32":7}}]}"#),
    (#" { "a" : { "xdr" : "AAAAAQ==" } , "b" : 1.50 } "#, #" { "a" : "void" , "b" : 1.50 } "#),
    (#"{"\u0078dr":"AAAAAQ=="}"#, #""void""#), (#"{"xdr":"AAAAA\u0077AAAAc="}"#, #"{"u32":7}"#),
    (#"{"xdr":{"xdr":"AAAAAQ=="}}"#, #"{"xdr":"void"}"#),
  ]) func valuesTakeTheirPlace(line: String, expected: String) throws {
    #expect(try rewritten(line) == expected)
  }

  /// Anything else passes through unchanged, including the spelling of numbers and escapes.
  @Test(arguments: [
    #"{}"#, #"[]"#, #"{"a":1e999,"b":-0,"c":"\u00e9\/"}"#, #"{"xdr":"not base64"}"#, #"{"xdr":"AAAA!"}"#, #"{"xdr":"AAAAAQ"}"#,
    #"{"xdr":"AAAAAQ==","more":1}"#, #"{"more":1,"xdr":"AAAAAQ=="}"#, #"{"xdr":"AAAAAQ==","xdr":"AAAAAQ=="}"#, #"{"xdr":1}"#,
    #"{"xdr":null}"#, #"{"xdr":[]}"#, #"{"XDR":"AAAAAQ=="}"#, #"{"a":"AAAAAQ=="}"#, #"["AAAAAQ=="]"#, #"{"xdr":"\ud800"}"#,
  ]) func everythingElsePasses(line: String) throws {
    #expect(try rewritten(line) == line)
  }

  @Test(arguments: [#"{"xdr":"AAAA"}"#, #"{"a":[{"xdr":"AAAAFw=="}]}"#, #"{"xdr":"AAAAAQAAAAE="}"#])
  func base64ThatIsNoValueIsRefused(line: String) {
    #expect(refusal(line)?.fact == .notXDR)
  }

  @Test(arguments: ["", "{", #"{"a":1"#, #"{"xdr":"AAAAAQ=="}}"#, #"{"xdr":"AAAAAQ==""#, "[1,]", #"{"a":01}"#])
  func badJSONIsRefused(line: String) {
    let fact = refusal(line)?.fact
    #expect(fact != nil && fact != .notXDR && fact != .notBase64)
  }

  @Test(arguments: [("2,048 levels", 2048, true), ("2,049 levels", 2049, false)]) func depth(
    what: String, levels: Int, isGood: Bool
  )
    throws
  {
    // The innermost level is the object with the value.
    let line = String(repeating: "[", count: levels - 1) + #"{"xdr":"AAAAAQ=="}"# + String(repeating: "]", count: levels - 1)
    #expect((try? rewritten(line)) == (isGood ? line.replacing(#"{"xdr":"AAAAAQ=="}"#, with: #""void""#) : nil))
  }

  /// Rewriting a line twice gives the same result as rewriting it once.
  @Test func aSecondTimeDoesNothing() throws {
    for line in Repository.lines(Repository.testdata("invocations.ndjson")) {
      for style in [ValueStyle.sep51, .native] {
        let once = try rewritten(String(decoding: line, as: UTF8.self), style: style)
        #expect(!once.contains(#"{"xdr":""#))
        #expect(try rewritten(once, style: style) == once)
      }
    }
  }
}

/// A base64 line with one value or several back to back.
@Suite struct Base64LineTests {
  /// The texts of the values.
  private func values(_ bytes: [UInt8], _ name: String = "SCVal", partSize: Int? = nil) throws -> [String] {
    let renderer = partSize.map { Renderer(style: .sep51, partSize: $0) } ?? Renderer(style: .sep51)
    var rewriter = LineRewriter(renderer: renderer, type: type(name))
    let line = Array(" \(base64Text(bytes)) ".utf8)
    var out = ByteBuffer()
    // With small parts, like those for a line of many megabytes.
    if partSize != nil { renderer.partialText.begin(out) }
    try rewriter.rewrite(base64: line.bytes, into: &out)
    var texts = [String(decoding: out.bytes.copied, as: UTF8.self)]
    while rewriter.hasMore {
      out.truncate(to: 0)
      try rewriter.rewriteNext(into: &out)
      texts.append(String(decoding: out.bytes.copied, as: UTF8.self))
    }
    return texts
  }

  @Test func severalValuesAreWrittenOneByOne() throws {
    #expect(try values(Value.u32(7)) == [#"{"u32":7}"#])
    #expect(try values(Value.u32(7) + Value.void + Value.symbol("a")) == [#"{"u32":7}"#, #""void""#, #"{"symbol":"a"}"#])
    #expect(try values(word(1) + word(2) + word(3) + word(4), "Price") == [#"{"n":1,"d":2}"#, #"{"n":3,"d":4}"#])
    #expect(try values(word(1) + word(2), "uint32") == ["1", "2"])
  }

  /// Only complete values may follow a value. Otherwise all bytes after it are reported as left over.
  @Test(arguments: [word(0), word(3), Value.void + word(99), Value.void + [0, 0, 0]]) func theRestMustBeValues(rest: [UInt8]) {
    var rewriter = LineRewriter(renderer: Renderer(style: .sep51), type: type("SCVal"))
    var out = ByteBuffer()
    let line = Array(" \(base64Text(Value.u32(7) + rest)) ".utf8)
    var found: JSONError?
    do throws(JSONError) { try rewriter.rewrite(base64: line.bytes, into: &out) } catch { found = error }
    #expect(found?.fact == .notXDR && found?.offset == 1)
    let wrong = rewriter.lastError
    #expect(wrong?.fact == .leftOver && wrong?.offset == 8 && wrong?.value == Int64(rest.count))
  }

  /// A line so long that a single value would be written in parts.
  @Test func manyValuesInALongLine() throws {
    let all = (0..<2000).map { Value.vec([Value.u32(UInt32($0)), Value.bytes([UInt8](repeating: 7, count: 40))]) }
    let expected = try all.map { try rendered(Schema.shared.scval, $0) }
    #expect(try values(concatenated(all), partSize: 300) == expected)
    #expect(try values(concatenated(all)) == expected)
  }
}

/// `--field PATH`.
@Suite struct FieldPathTests {
  @Test(arguments: [
    (["a"], #"{"a":"AAAAAQ=="}"#, #"{"a":"void"}"#),
    (
      ["topic[]", "value"], #"{"topic":["AAAAAQ==","AAAAAwAAAAc="],"value":"AAAAAQ=="}"#,
      #"{"topic":["void",{"u32":7}],"value":"void"}"#
    ),
    (["a.b[].c"], #"{"a":{"b":[{"c":"AAAAAQ=="},{"d":1},{"c":null}]}}"#, #"{"a":{"b":[{"c":"void"},{"d":1},{"c":null}]}}"#),
    (["a[][]"], #"{"a":[["AAAAAQ=="],[],"AAAAAQ=="]}"#, #"{"a":[["void"],[],"AAAAAQ=="]}"#),
    (["[]"], #"["AAAAAQ==",["AAAAAQ=="]]"#, #"["void",["AAAAAQ=="]]"#), (["[].a"], #"[{"a":"AAAAAQ=="}]"#, #"[{"a":"void"}]"#),
    (["a"], #"{"b":{"a":"AAAAAQ=="}}"#, #"{"b":{"a":"AAAAAQ=="}}"#), (["a"], #"{"a":["AAAAAQ=="]}"#, #"{"a":["AAAAAQ=="]}"#),
    (["a"], #"{"a":"AAAAAQ==","a":"AAAAAQ=="}"#, #"{"a":"void","a":"void"}"#),
    (["a", "a"], #"{"a":"AAAAAQ=="}"#, #"{"a":"void"}"#),
    (["é"], #"{"\u00e9":"AAAAAQ=="}"#, #"{"\u00e9":"void"}"#),
    (["a"], #"{"a":{"xdr":"AAAAAQ=="}}"#, #"{"a":{"xdr":"AAAAAQ=="}}"#),
  ]) func valuesAtTheirPlaces(paths: [String], line: String, expected: String) throws {
    #expect(try rewritten(line, fields: paths) == expected)
  }

  @Test(arguments: ["", ".", "a.", ".a", "a..b", "a.[]", "a[].[]"]) func whatIsNoPath(path: String) {
    #expect(FieldPaths([path]) == nil)
  }

  /// The reported paths that led to no string, with the suggestions.
  private func unseen(_ paths: [String], _ lines: String...) throws -> [String] {
    let fields = try #require(FieldPaths(paths))
    var rewriter = LineRewriter(renderer: Renderer(style: .sep51), type: Schema.shared.scval)
    let other = LineRewriter(renderer: Renderer(style: .sep51), type: Schema.shared.scval)
    var out = ByteBuffer()
    for line in lines { try rewriter.rewrite(Array(line.utf8).bytes, fields: fields, into: &out) }
    rewriter.merge(other)
    return rewriter.unseen(fields).map { path, suggestion in suggestion.map { "\(path) \($0)" } ?? path }
  }

  @Test func pathsThatLeadNowhereAreKnown() throws {
    let event = #"{"topic":["AAAAAQ=="],"value":"AAAAAQ==","id":7}"#
    #expect(try unseen(["topic[]", "value"], event) == [])
    #expect(try unseen(["topics[]", "valeu"], event) == ["topics[] topic[]", "valeu value"])
    #expect(try unseen(["topic"], event) == ["topic topic[]"])
    #expect(try unseen(["value[]"], event) == ["value[] value"])
    #expect(try unseen(["id", "nothing.alike"], event) == ["id", "nothing.alike"])
    #expect(try unseen(["Value"], event) == ["Value value"])
    let response = #"{"result":{"events":[\#(event)]}}"#
    #expect(
      try unseen(["topic", "value", "topic[]"], response) == [
        "topic result.events[].topic[]", "value result.events[].value", "topic[] result.events[].topic[]",
      ])
    // A string in one line is enough. Null or an empty array where a string could be counts too.
    #expect(try unseen(["value"], #"{"a":1}"#, event, #"{"a":1}"#) == [])
    #expect(try unseen(["value", "a.b[].c"], #"{"value":null,"a":{"b":[]}}"#) == [])
    #expect(try unseen(["value", "a.b[].c"], #"{"value":{"c":null},"a":null}"#) == ["value"])
  }

  @Test func manyPaths() {
    #expect(FieldPaths((0..<64).map { "f\($0)" }) != nil)
    #expect(FieldPaths((0..<65).map { "f\($0)" }) == nil)
  }

  @Test func textThatIsNotBase64IsRefusedThere() {
    #expect(refusal(#"{"a":"AA*A"}"#, fields: ["a"]) == JSONError(.notBase64, at: 8))
  }
}
