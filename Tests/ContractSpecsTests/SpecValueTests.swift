// --spec: a value of each declared type, as the only argument of a function, in both styles.

import ContractSpecs
import Foundation
import Invocations
import SpecSupport
import StellarJSON
import Testing

private func udt(_ name: String) -> String { #"{"udt":{"name":"\#(name)"}}"# }

private func types() -> [String] {
  [
    structure("Order", [("kind", udt("Kind")), ("amount", #""i128""#), ("limit", #"{"option":{"value_type":"u64"}}"#)]),
    structure("Pair", [("0", #""symbol""#), ("1", udt("Kind"))]),
    structure("Nothing", []),
    structure("Odd", [(#"\\xc3\\xa9"#, #""u32""#)]),
    structure("Twice", [("a", #""u32""#), ("a", #""u32""#)]),
    structure("List", [("next", #"{"option":{"value_type":\#(udt("List"))}}"#)]),
    union("Key", [("Admin", nil), ("Order", [#""u32""#]), ("Both", [udt("Kind"), udt("Pair")]), ("Empty", [])]),
    enumeration("enum", "Kind", [("Market", 0), ("Limit", 1), ("Stop", 7)]),
    // A second type of that name: the first one is used.
    enumeration("enum", "Kind", [("Other", 0)]),
    enumeration("error_enum", "Failure", [("NotFound", 1), ("TooSmall", 2)]),
  ]
}

/// The text of a value of a type, and whether it counted as a mismatch.
private func written(_ type: String, _ value: String, _ style: ValueStyle) throws -> (text: String?, mismatches: Int) {
  let specs = try specs(try entries(types() + [function("f", [type])]))
  var renderer = SpecRenderer(specs, style: style)
  let line = try rendered(call("f", "[\(value)]"), &renderer)
  return (part(of: line, from: #""arguments":["#, to: #"],"argument_names":"#), renderer.omissions.count)
}

private let order = #"""
  {"map":[{"key":{"symbol":"amount"},"val":{"i128":"7"}},{"key":{"symbol":"kind"},"val":{"u32":1}},{"key":{"symbol":"limit"},"val":"void"}]}
  """#

@Suite struct SpecValueTests {
  @Test(arguments: [
    (#""u32""#, #"{"u32":1}"#, "1", #"{"u32":1}"#),
    (#""i256""#, #"{"i256":"-1"}"#, #""-1""#, #"{"i256":"-1"}"#),
    (#""void""#, #""void""#, "null", #""void""#),
    (#""address""#, #"{"address":"\#(account)"}"#, #""\#(account)""#, #"{"address":"\#(account)"}"#),
    (#""muxed_address""#, #"{"address":"\#(account)"}"#, #""\#(account)""#, #"{"address":"\#(account)"}"#),
    (#""val""#, #"{"vec":[{"u32":1}]}"#, "[1]", #"{"vec":[{"u32":1}]}"#),
    (#""error""#, #"{"error":{"contract":2}}"#, #"{"error":{"contract":2}}"#, #"{"error":{"contract":2}}"#),
    (#"{"bytes_n":{"n":2}}"#, #"{"bytes":"beef"}"#, #""beef""#, #"{"bytes":"beef"}"#),
    (#"{"option":{"value_type":"u32"}}"#, #""void""#, "null", "null"),
    (#"{"option":{"value_type":"u32"}}"#, #"{"u32":1}"#, "1", #"{"u32":1}"#),
    (
      #"{"vec":{"element_type":\#(udt("Kind"))}}"#, #"{"vec":[{"u32":0},{"u32":7}]}"#, #"["Market","Stop"]"#,
      #"["Market","Stop"]"#
    ),
    (#"{"vec":{"element_type":"u32"}}"#, #"{"vec":[]}"#, "[]", "[]"),
    (
      #"{"tuple":{"value_types":["u32",\#(udt("Kind"))]}}"#, #"{"vec":[{"u32":0},{"u32":0}]}"#, #"[0,"Market"]"#,
      #"[{"u32":0},"Market"]"#
    ),
    (#"{"tuple":{"value_types":[]}}"#, #""void""#, "null", #""void""#),
    (
      #"{"map":{"key_type":"symbol","value_type":\#(udt("Kind"))}}"#, #"{"map":[{"key":{"symbol":"a"},"val":{"u32":1}}]}"#,
      #"{"a":"Limit"}"#, #"{"map":[{"key":{"symbol":"a"},"val":"Limit"}]}"#
    ),
    // An empty map, which is not an empty vec.
    (#"{"map":{"key_type":"symbol","value_type":"u32"}}"#, #"{"map":[]}"#, "{}", #"{"map":[]}"#),
    (
      #"{"option":{"value_type":{"map":{"key_type":"u32","value_type":{"vec":{"element_type":"u32"}}}}}}"#,
      #"{"map":[{"key":{"u32":1},"val":{"vec":[]}}]}"#, "[[1,[]]]", #"{"map":[{"key":{"u32":1},"val":[]}]}"#
    ),
    (
      #"{"map":{"key_type":\#(udt("Kind")),"value_type":"u32"}}"#, #"{"map":[{"key":{"u32":1},"val":{"u32":1}}]}"#,
      #"[["Limit",1]]"#, #"{"map":[{"key":"Limit","val":{"u32":1}}]}"#
    ),
    (#"{"result":{"ok_type":"u32","error_type":\#(udt("Failure"))}}"#, #"{"u32":1}"#, "1", #"{"u32":1}"#),
    (
      #"{"result":{"ok_type":"u32","error_type":\#(udt("Failure"))}}"#, #"{"error":{"contract":2}}"#, #"{"error":"TooSmall"}"#,
      #"{"error":"TooSmall"}"#
    ),
    (
      #"{"result":{"ok_type":"u32","error_type":"error"}}"#, #"{"error":{"contract":2}}"#, #"{"error":{"contract":2}}"#,
      #"{"error":{"contract":2}}"#
    ),
    (
      udt("Order"), order, #"{"amount":"7","kind":"Limit","limit":null}"#, #"{"amount":{"i128":"7"},"kind":"Limit","limit":null}"#
    ),
    (udt("Pair"), #"{"vec":[{"symbol":"USD"},{"u32":7}]}"#, #"["USD","Stop"]"#, #"[{"symbol":"USD"},"Stop"]"#),
    (udt("Nothing"), #"{"map":[]}"#, "{}", "{}"),
    (udt("Odd"), #"{"map":[{"key":{"symbol":"\\xc3\\xa9"},"val":{"u32":1}}]}"#, #"{"é":1}"#, #"{"é":{"u32":1}}"#),
    (
      udt("List"), #"{"map":[{"key":{"symbol":"next"},"val":{"map":[{"key":{"symbol":"next"},"val":"void"}]}}]}"#,
      #"{"next":{"next":null}}"#, #"{"next":{"next":null}}"#
    ),
    (udt("Key"), #"{"vec":[{"symbol":"Admin"}]}"#, #""Admin""#, #""Admin""#),
    (udt("Key"), #"{"vec":[{"symbol":"Order"},{"u32":1}]}"#, #"{"Order":[1]}"#, #"{"Order":[{"u32":1}]}"#),
    (
      udt("Key"), #"{"vec":[{"symbol":"Both"},{"u32":1},{"vec":[{"symbol":"X"},{"u32":0}]}]}"#,
      #"{"Both":["Limit",["X","Market"]]}"#,
      #"{"Both":["Limit",[{"symbol":"X"},"Market"]]}"#
    ),
    (udt("Key"), #"{"vec":[{"symbol":"Empty"}]}"#, #"{"Empty":[]}"#, #"{"Empty":[]}"#),
    (udt("Kind"), #"{"u32":7}"#, #""Stop""#, #""Stop""#),
    (udt("Failure"), #"{"error":{"contract":1}}"#, #""NotFound""#, #""NotFound""#),
    // A type without a declaration.
    (udt("Elsewhere"), #"{"vec":[{"symbol":"A"}]}"#, #"["A"]"#, #"{"vec":[{"symbol":"A"}]}"#),
    (
      udt("Twice"), #"{"map":[{"key":{"symbol":"a"},"val":{"u32":1}},{"key":{"symbol":"a"},"val":{"u32":1}}]}"#,
      #"[["a",1],["a",1]]"#,
      #"{"map":[{"key":{"symbol":"a"},"val":{"u32":1}},{"key":{"symbol":"a"},"val":{"u32":1}}]}"#
    ),
  ])
  func fits(type: String, value: String, native: String, sep51: String) throws {
    #expect(try written(type, value, .native) == (native, 0))
    #expect(try written(type, value, .sep51) == (sep51, 0))
  }

  @Test(arguments: [
    (#""u32""#, #"{"i32":1}"#), (#""void""#, #"{"u32":0}"#), (#"{"bytes_n":{"n":2}}"#, #"{"bytes":"beefed"}"#),
    (#"{"bytes_n":{"n":2}}"#, #"{"string":"xx"}"#), (#"{"option":{"value_type":"u32"}}"#, #"{"u64":"1"}"#),
    (#"{"vec":{"element_type":"u32"}}"#, #"{"vec":null}"#),
    (#"{"vec":{"element_type":"u32"}}"#, #"{"vec":[{"u32":1},{"i32":1}]}"#),
    (#"{"tuple":{"value_types":["u32"]}}"#, #"{"vec":[{"u32":1},{"u32":1}]}"#),
    (#"{"map":{"key_type":"symbol","value_type":"u32"}}"#, #"{"map":null}"#),
    (#"{"map":{"key_type":"symbol","value_type":"u32"}}"#, #"{"map":[{"key":{"string":"a"},"val":{"u32":1}}]}"#),
    (#"{"result":{"ok_type":"u32","error_type":\#(udt("Failure"))}}"#, #"{"error":{"contract":3}}"#),
    (udt("Order"), #"{"map":[]}"#), (udt("Order"), #"{"vec":[]}"#),
    (udt("Order"), order.replacing(#"{"u32":1}"#, with: #"{"u32":2}"#)),
    (udt("Order"), order.replacing("limit", with: "limit2")), (udt("Pair"), #"{"vec":[{"symbol":"USD"}]}"#),
    // The host sorts maps, so an unsorted map is not a struct.
    (
      udt("Order"),
      #"{"map":[{"key":{"symbol":"kind"},"val":{"u32":1}},{"key":{"symbol":"amount"},"val":{"i128":"7"}},{"key":{"symbol":"limit"},"val":"void"}]}"#
    ),
    (udt("Key"), #"{"vec":[]}"#), (udt("Key"), #"{"vec":[{"symbol":"Nobody"}]}"#), (udt("Key"), #"{"vec":[{"symbol":"Order"}]}"#),
    (udt("Key"), #"{"vec":[{"symbol":"Admin"},{"u32":1}]}"#), (udt("Key"), #"{"vec":[{"string":"Admin"}]}"#),
    (udt("Key"), #"{"symbol":"Admin"}"#), (udt("Kind"), #"{"u32":2}"#), (udt("Kind"), #"{"i32":0}"#),
    (udt("Failure"), #"{"error":{"contract":3}}"#), (udt("Failure"), #"{"error":{"budget":"exceeded_limit"}}"#),
    (udt("Failure"), #"{"u32":1}"#),
  ])
  func whatDoesNotFitIsWrittenAsWithoutASpecificationAndCounted(type: String, value: String) throws {
    for style in [ValueStyle.native, .sep51] {
      #expect(try written(type, value, style) == (try plain("SCVal", value, style), 1))
    }
  }

  /// Types and values of any accepted depth are also written, whether they match or not.
  @Test func depthIsBounded() throws {
    func nested(_ count: Int, _ open: String, _ inside: String, _ close: String) -> String {
      String(repeating: open, count: count) + inside + String(repeating: close, count: count)
    }
    let options = nested(240, #"{"option":{"value_type":"#, #""u32""#, "}}")
    #expect(try written(options, #"{"u32":1}"#, .native) == ("1", 0))
    let vecs = nested(240, #"{"vec":{"element_type":"#, #""u32""#, "}}")
    let value = nested(240, #"{"vec":["#, #"{"u32":1}"#, "]}")
    #expect(try written(vecs, value, .native) == (nested(240, "[", "1", "]"), 0))
    #expect(try written(#""val""#, value, .sep51) == (value, 0))
    // A list of 300 structs, each in an option: more levels of types than the renderer follows.
    let head: [UInt8] = [0, 0, 0, 17, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 15, 0, 0, 0, 4] + Array("next".utf8)
    let list = Data((0..<300).flatMap { _ in head } + [0, 0, 0, 1]).base64EncodedString()
    #expect(try written(udt("List"), #"{"xdr":"\#(list)"}"#, .native) == (nested(300, #"{"next":"#, "null", "}"), 1))
    let shorter = Data((0..<200).flatMap { _ in head } + [0, 0, 0, 1]).base64EncodedString()
    #expect(try written(udt("List"), #"{"xdr":"\#(shorter)"}"#, .native) == (nested(200, #"{"next":"#, "null", "}"), 0))
  }
}
