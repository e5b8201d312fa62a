// --spec: the files that contain specifications, and their errors.

import Bytes
import ContractSpecs
import Foundation
import Invocations
import SpecSupport
import StellarJSON
import TestSupport
import Testing

private let kinds = enumeration("enum", "Kind", [("Market", 0), ("Limit", 1)])
private let uses = function("f", [#"{"udt":{"name":"Kind"}}"#])

/// The rendered argument 1, for a file that declares its type as `Limit`.
private func argument(_ file: [UInt8]) throws -> String? {
  var renderer = SpecRenderer(try specs(file), style: .native)
  return part(of: try rendered(call("f", #"[{"u32":1}]"#), &renderer), from: #""arguments":["#, to: "]")
}

private func problem(_ file: [UInt8]) -> DataError? {
  var specs = ContractSpecs()
  do throws(DataError) {
    try specs.add(file.bytes)
    return nil
  } catch { return error }
}

private func section(_ id: UInt8, _ content: [UInt8]) -> [UInt8] { [id] + leb128(content.count) + content }

private func custom(_ name: String, _ content: [UInt8]) -> [UInt8] {
  section(0, leb128(name.utf8.count) + Array(name.utf8) + content)
}

private func leb128(_ number: Int) -> [UInt8] {
  number < 0x80 ? [UInt8(number)] : [UInt8(number & 0x7F) | 0x80] + leb128(number >> 7)
}

private let header: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]

private func marked(_ payload: [UInt8], isLast: Bool = true) -> [UInt8] {
  let count = UInt8(payload.count & 0xFF)
  return [isLast ? 0x80 : 0, 0, UInt8(payload.count >> 8), count] + payload
}

@Suite struct SpecFileTests {
  /// A JSON array, as other tools print a contract's interface: entries as objects or as base64, on one line or several.
  @Test func arrays() throws {
    let base64 = try [kinds, uses].map { base64Text(try entries([$0])) }
    for text in [
      "[\(kinds),\(uses)]", " [ \(kinds) ,\n\(uses) ]\n", "[\(kinds)]\n[\(uses)]", "[\(kinds)]\n\(uses)",
      "[]\n[\(kinds),\(uses)]",
      #"["\#(base64[0])","\#(base64[1])"]"#, #"[\#(kinds),"\#(base64[1])"]"#, "\"\(base64[0])\"\n\(base64[1])",
      "[\(kinds.replacing(":", with: " :\n\t ")),\(uses.replacing("type", with: "type_"))]",
    ] {
      #expect(try argument(Array(text.utf8)) == #""Limit""#, "\(text)")
    }
    // Base64 of both entries, wrapped like the output of base64(1).
    let all = base64Text(try entries([kinds, uses]))
    let lines = stride(from: 0, to: all.count, by: 76).map { String(all.dropFirst($0).prefix(76)) }
    #expect(try argument(Array((lines.joined(separator: "\n") + "\n").utf8)) == #""Limit""#)
  }

  @Test(
    arguments: [
      ("[", "not a contract specification: JSON ends inside a value", 1),
      (
        "[1]",
        "not a contract specification: [0]: expected SCSpecEntry (function_v0, udt_struct_v0, udt_union_v0, udt_enum_v0, udt_error_enum_v0, event_v0)",
        1
      ),
      ("[\"AAA\"]", "not a contract specification: neither WebAssembly, nor SCSpecEntry in XDR, base64 or JSON", 5),
      (
        "[[]]",
        "not a contract specification: [0]: expected SCSpecEntry (function_v0, udt_struct_v0, udt_union_v0, udt_enum_v0, udt_error_enum_v0, event_v0)",
        1
      ),
      ("[\n]", "a contract specification without entries", nil),
    ] as [(String, String, Int?)])
  func invalidArrays(text: String, what: String, offset: Int?) {
    #expect(problem(Array(text.utf8)) == DataError(what, at: offset))
  }

  @Test func containers() throws {
    let (first, second) = (try entries([kinds]), try entries([uses]))
    #expect(try argument(first + second) == #""Limit""#)
    // A type may follow its use.
    #expect(try argument(second + first) == #""Limit""#)
    #expect(try argument(marked(first) + marked(second)) == #""Limit""#)
    // One record in two fragments.
    #expect(
      try argument(marked(first) + marked(Array(second.prefix(8)), isLast: false) + marked(Array(second.dropFirst(8))))
        == #""Limit""#)
    #expect(try argument(header + custom("contractspecv0", first + second)) == #""Limit""#)
    // Several sections are one stream, whatever is between them.
    #expect(
      try argument(
        header + custom("contractmetav0", [1, 2, 3]) + custom("contractspecv0", first) + section(1, [0])
          + custom("contractspecv0", second) + custom("name", [])) == #""Limit""#)
  }

  /// As other tools print them, and as this tool decodes them.
  @Test func lines() throws {
    let (first, second) = (try entries([kinds]), try entries([uses]))
    func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
    for text in [
      base64(first + second), base64(first) + "\n" + base64(second) + "\n", "\"" + base64(first) + "\"\r\n\r\n " + base64(second),
      kinds + "\n" + uses + "\n", kinds + "\n" + base64(second),
    ] {
      #expect(try argument(Array(text.utf8)) == #""Limit""#)
    }
  }

  @Test func theModuleOfTestdata() throws {
    let file = try [UInt8](Data(contentsOf: URL(filePath: path("testdata/contract.wasm"))))
    #expect(problem(file) == nil)
  }

  @Test func otherFilesAreRefused() throws {
    #expect(problem([])?.what == "a contract specification without entries")
    #expect(problem(header)?.what == "WebAssembly without a contract specification (contractspecv0)")
    #expect(problem(Array(header.dropLast()))?.what == "WebAssembly that is not a module of version 1")
    #expect(problem([0, 0x61, 0x73, 0x6D, 13, 0, 1, 0])?.what == "WebAssembly that is not a module of version 1")
    #expect(problem(header + [0, 5, 1])?.what == "WebAssembly section of 5 bytes where 1 are left")
    #expect(problem(header + [0, 0x80])?.what == "WebAssembly that ends inside a section")
    #expect(
      problem(header + [0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0])?.what == "WebAssembly section whose length has more than 32 bits")
    // A name that extends past its section.
    #expect(problem(header + section(0, [9, 0x61]))?.what == "WebAssembly section of 9 bytes where 1 are left")
    let neither = "not a contract specification: neither WebAssembly, nor SCSpecEntry in XDR, base64 or JSON"
    #expect(problem(Array("\na,b;\n".utf8)) == DataError(neither, at: 2))
    #expect(
      problem(Array("\n {}".utf8))?.what.hasPrefix("not a contract specification: expected SCSpecEntry (function_v0, ") == true)
    #expect(
      problem(Array(#"{"function_v0":{"doc":1}}"#.utf8))?.what.hasPrefix("not a contract specification: function_v0.doc: ")
        == true)
    #expect(problem([0, 0, 0, 9, 0, 0, 0, 0])?.what.hasPrefix("not a contract specification: SCSpecEntry 1: ") == true)
    #expect(problem([0x80, 0, 0, 9, 0])?.what == "not a contract specification: ends inside a record")
    let file = try entries([kinds, uses])
    let cut = problem(Array(file.dropLast(4)))
    #expect(cut?.what.hasPrefix("SCSpecEntry 2: function_v0") == true)
    #expect(cut?.offset != nil)
  }

  /// Any file is either read or rejected. The length of a section has up to 35 bits, which do not fit into a 32-bit Int.
  @Test(
    arguments: [
      ([0xFF, 0xFF, 0xFF, 0xFF, 0x07], "2147483647"), ([0x80, 0x80, 0x80, 0x80, 0x08], "2147483648"),
      ([0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "4294967295"), ([0x80, 0x80, 0x80, 0x80, 0x70], "30064771072"),
    ] as [([UInt8], String)])
  func sectionsAboveThirtyOneBits(length: [UInt8], number: String) {
    let what = "WebAssembly section of \(number) bytes where 3 are left"
    #expect(problem(header + [1] + length + [1, 2, 3]) == DataError(what, at: 14))
  }

  @Test func damage() throws {
    let stream = try entries([
      kinds, uses, structure("S", [("a", #"{"vec":{"element_type":{"udt":{"name":"S"}}}}"#)]),
      union("U", [("A", nil), ("B", ["\"u32\""])]),
      event(["e"], "map", [("a", "\"u32\"", "data"), ("b", "\"u32\"", "topic_list")]),
      event(["e"], "vec", [("a", "\"u32\"", "data")]),
      event(["e"], "single_value", [("a", "\"u32\"", "data"), ("b", "\"u32\"", "data")]),
    ])
    let module = header + custom("contractspecv0", stream)
    var accepted = 0
    for file in [stream, module] {
      for length in 0..<file.count where problem(Array(file[..<length])) == nil { accepted += 1 }
      for offset in file.indices {
        for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
          var damaged = file
          damaged[offset] = value
          if problem(damaged) == nil {
            accepted += 1
            _ = try argument(damaged)
          }
        }
      }
    }
    #expect(accepted > 0)
  }
}
