import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// A line as `scval-json` rewrites it.
private func rewritten(_ line: String, style: ValueStyle = .sep51, fields: [String] = []) throws(LineError) -> String {
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

private func refusal(_ line: String, fields: [String] = []) -> LineError? {
  do throws(LineError) {
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

  /// Whatever is not exactly that passes through byte for byte, numbers and escapes as they were written.
  @Test(arguments: [
    #"{}"#, #"[]"#, #"{"a":1e999,"b":-0,"c":"\u00e9\/"}"#, #"{"xdr":"not base64"}"#, #"{"xdr":"AAAA!"}"#, #"{"xdr":"AAAAAQ"}"#,
    #"{"xdr":"AAAAAQ==","more":1}"#, #"{"more":1,"xdr":"AAAAAQ=="}"#, #"{"xdr":"AAAAAQ==","xdr":"AAAAAQ=="}"#, #"{"xdr":1}"#,
    #"{"xdr":null}"#, #"{"xdr":[]}"#, #"{"XDR":"AAAAAQ=="}"#, #"{"a":"AAAAAQ=="}"#, #"["AAAAAQ=="]"#, #"{"xdr":"\ud800"}"#,
  ]) func everythingElsePasses(line: String) throws {
    #expect(try rewritten(line) == line)
  }

  @Test(arguments: [#"{"xdr":"AAAA"}"#, #"{"a":[{"xdr":"AAAAFw=="}]}"#, #"{"xdr":"AAAAAQAAAAE="}"#])
  func base64ThatIsNoValueIsRefused(line: String) {
    guard case .value? = refusal(line) else {
      _ = Issue.record("not about a value")
      return
    }
  }

  @Test(arguments: ["", "{", #"{"a":1"#, #"{"xdr":"AAAAAQ=="}}"#, #"{"xdr":"AAAAAQ==""#, "[1,]", #"{"a":01}"#])
  func badJSONIsRefused(line: String) {
    guard case .json? = refusal(line) else {
      _ = Issue.record("not about JSON")
      return
    }
  }

  @Test(arguments: [("512 levels", 512, true), ("513 levels", 513, false)]) func depth(what: String, levels: Int, isGood: Bool)
    throws
  {
    // The innermost level is the object of the value.
    let line = String(repeating: "[", count: levels - 1) + #"{"xdr":"AAAAAQ=="}"# + String(repeating: "]", count: levels - 1)
    #expect((try? rewritten(line)) == (isGood ? line.replacing(#"{"xdr":"AAAAAQ=="}"#, with: #""void""#) : nil))
  }

  /// Rewriting what was rewritten changes nothing.
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

  @Test func manyPaths() {
    #expect(FieldPaths((0..<64).map { "f\($0)" }) != nil)
    #expect(FieldPaths((0..<65).map { "f\($0)" }) == nil)
  }

  @Test func textThatIsNotBase64IsRefusedThere() {
    guard
      case .notBase64(let offset) = #expect(
        throws: LineError.self, performing: { try rewritten(#"{"a":"AA*A"}"#, fields: ["a"]) })
    else {
      _ = Issue.record("not about base64")
      return
    }
    #expect(offset == 8)
  }
}
