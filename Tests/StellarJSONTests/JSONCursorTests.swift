import Bytes
import Foundation
import StellarJSON
import TestSupport
import Testing

/// The error in a text that should be one JSON value; nil if there is none.
private func error(in text: [UInt8]) -> JSONError? {
  do throws(JSONError) {
    var cursor = JSONCursor(text.bytes)
    try cursor.skipValue()
    try cursor.expectEnd()
    return nil
  } catch { return error }
}

private func error(in text: String) -> JSONError? { error(in: Array(text.utf8)) }

/// Rows of text, error and offset.
private let malformed = table(
  #"""
  nul         | ends       | 3
  nulL        | unexpected | 0
  True        | unexpected | 0
  truefalse   | leftOver   | 4
  NaN         | unexpected | 0
  Infinity    | unexpected | 0
  -           | ends       | 0
  -Infinity   | badNumber  | 0
  +1          | unexpected | 0
  01          | badNumber  | 0
  -01         | badNumber  | 0
  1.          | ends       | 0
  1.x         | badNumber  | 0
  .5          | unexpected | 0
  1e          | ends       | 0
  1e+         | ends       | 0
  1ex         | badNumber  | 0
  0x1         | leftOver   | 1
  1 2         | leftOver   | 2
  1_000       | leftOver   | 1
  "           | ends       | 1
  "a          | ends       | 2
  "\          | ends       | 2
  "\u         | ends       | 3
  "\u12       | ends       | 5
  "\u12x4"    | badEscape  | 1
  "\x41"      | badEscape  | 1
  "\a"        | badEscape  | 1
  'a'         | unexpected | 0
  [           | ends       | 1
  [1          | ends       | 2
  [1,         | ends       | 3
  [1,]        | unexpected | 3
  [,1]        | unexpected | 1
  [1 2]       | unexpected | 3
  [1}         | unexpected | 2
  ]           | unexpected | 0
  {           | ends       | 1
  {a:1}       | unexpected | 1
  {1:1}       | unexpected | 1
  {"a"}       | unexpected | 4
  {"a" 1}     | unexpected | 5
  {"a":}      | unexpected | 5
  {"a":1,}    | unexpected | 7
  {"a":1;}    | unexpected | 6
  {"a":1      | ends       | 6
  {}{}        | leftOver   | 2
  /*a*/1      | unexpected | 0
  1//a        | leftOver   | 1
  """#)

/// RFC 8259, exactly.
@Suite struct JSONCursorTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "1", "-1", "10", "0.0", "1.5", "-0.5e10", "1e0", "1E+0", "1e-999",
    "123456789012345678901234567890",
    "0e1", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\uD83D\uDE00""#, #""\ud83d""#, #""\uABCD\uabcd""#, "\"é€😀\"",
    "\"\u{7F}\"", "[]", "[ ]", "[1]", "[1,2]", "[[],[[]]]", "{}", "{ }", #"{"a":1}"#, #"{"a":1,"a":2}"#, #"{"":0}"#,
    #" {"a" : [ 1 , 2 ] } "#,
    "\t\r\n 1 \t\r\n", #"[true,false,null,0,"",[],{}]"#,
  ]) func goodTexts(text: String) {
    #expect(error(in: text) == nil)
    #expect(
      (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) != nil || text.contains("ud83d"))
  }

  @Test(arguments: malformed) func badTexts(row: [String]) throws {
    let found = try #require(error(in: row[0]))
    #expect("\(found.fact)".prefix { $0 != "(" } == row[1])
    #expect(found.offset == Int(row[2]))
  }

  @Test func invalidBytesInText() {
    #expect(error(in: "") == JSONError(.ends, at: 0))
    #expect(error(in: "\u{FEFF}1") == JSONError(.unexpected(0xEF), at: 0))
    for control in UInt8(0)..<0x20 {
      #expect(error(in: [0x22, control, 0x22]) == JSONError(.controlCharacter, at: 1))
      if ![0x09, 0x0A, 0x0D].contains(control) {
        #expect(error(in: [control, 0x31]) == JSONError(.unexpected(control), at: 0))
        #expect(error(in: [0x31, control]) == JSONError(.leftOver, at: 1))
      }
    }
    #expect(error(in: [0x31, 0xA0]) == JSONError(.leftOver, at: 1))
  }

  /// Overlong forms, surrogates, numbers above U+10FFFF, and sequences cut off or begun in the middle.
  @Test(arguments: [
    "80", "bf", "c0 80", "c1 bf", "c2", "c2 41", "e0 80 80", "e0 9f bf", "e1 80", "e1 80 41", "ed a0 80", "ed bf bf",
    "f0 80 80 80",
    "f0 8f bf bf", "f1 80 80", "f4 90 80 80", "f5 80 80 80", "f8 88 80 80 80", "ff", "fe",
  ]) func stringsThatAreNotUTF8(digits: String) {
    #expect(error(in: [0x22, 0x61] + hex(digits) + [0x22]) == JSONError(.notUTF8, at: 2))
  }

  @Test(arguments: ["c2 80", "df bf", "e0 a0 80", "ed 9f bf", "ee 80 80", "ef bf bf", "f0 90 80 80", "f4 8f bf bf"])
  func limitsOfUTF8(digits: String) {
    #expect(error(in: [0x22] + hex(digits) + [0x22]) == nil)
  }

  @Test func nestingIsBounded() {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")] {
      let levels = 2048 / (open.hasPrefix("[{") ? 2 : 1)
      let deep = { (count: Int) in String(repeating: open, count: count) + "0" + String(repeating: close, count: count) }
      #expect(error(in: deep(levels)) == nil)
      #expect(error(in: deep(levels + 1))?.fact == .tooDeep)
      #expect(error(in: deep(100_000))?.fact == .tooDeep)
      #expect(error(in: String(repeating: open, count: 100_000))?.fact == .tooDeep)
    }
  }

  /// The character of an escape, compared with Foundation.
  @Test(arguments: [
    #"\"\\\/\b\f\n\r\t"#, #"\u0041\u00e9\u20AC\ud83d\ude00\uD83D\uDE00"#, #"\u0000\u001f"#, "plain é", #"a\u005Cb"#,
  ])
  func escapesAreDecoded(content: String) throws {
    let text = Array("\"\(content)\"".utf8)
    var cursor = JSONCursor(text.bytes)
    let token = try cursor.string()
    var plain = ByteBuffer()
    try plain.append(unescaped: token, of: text.bytes)
    let found = plain.bytes.copied
    #expect(try JSON(text: text) == .string(String(decoding: found, as: UTF8.self)))
    #expect(token.isEscaped == content.contains("\\"))
  }

  /// Valid JSON, but invalid text: the reader must not substitute a character.
  @Test(arguments: [#"\ud83d"#, #"\ude00"#, #"\ud83dx"#, #"\ud83d\n"#, #"\ud83d\ud83d"#, #"\ude00\ud83d"#])
  func loneSurrogatesAreRefused(content: String) throws {
    let text = Array("\"\(content)\"".utf8)
    var cursor = JSONCursor(text.bytes)
    let token = try cursor.string()
    var plain = ByteBuffer()
    var fact: JSONError.Fact?
    do throws(JSONError) { try plain.append(unescaped: token, of: text.bytes) } catch { fact = error.fact }
    #expect(fact == .loneSurrogate)
    let isEqual = cursor.equals(token, "x")
    #expect(!isEqual)
  }

  @Test(arguments: [
    (#"{"a":{"b":[0,{"c":x}]}}"#, "a.b[1].c: "), (#"{"a":x}"#, "a: "), ("[x]", "[0]: "), ("x", ""),
    (#"[1,[2,[3,x]]]"#, "[1][1][1]: "),
    (#"{"a":1,"b":{"c":x"#, "b.c: "), (#"[ {} , x]"#, "[1]: "), (#"{"a":[],"b":[x"#, "b[0]: "),
  ]) func messagesNameTheMember(text: String, path: String) throws {
    let offset = try #require(text.utf8.firstIndex(of: UInt8(ascii: "x"))).utf16Offset(in: text)
    #expect(jsonPath(to: offset, in: Array(text.utf8).bytes) == path)
  }

  @Test func longPathsAreCutInTheMiddle() {
    let deep = String(repeating: #"{"a":["#, count: 200) + "x"
    #expect(
      jsonPath(to: deep.utf8.count - 1, in: Array(deep.utf8).bytes)
        == "a[0]" + String(repeating: ".a[0]", count: 15) + "." + "…" + String(repeating: ".a[0]", count: 12) + ": ")
    let name = String(repeating: "n", count: 1000)
    #expect(jsonPath(to: 1004, in: Array("{\"\(name)\":x}".utf8).bytes).count == 143)
  }
}
