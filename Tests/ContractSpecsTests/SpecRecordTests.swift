// --spec: which declaration applies to which value of a record.

import Bytes
import ContractSpecs
import Foundation
import Invocations
import SpecSupport
import StellarJSON
import Testing

private let kind = #"{"udt":{"name":"Kind"}}"#
private let kinds = enumeration("enum", "Kind", [("Market", 0), ("Limit", 1)])
private let zero = Hash32(0, 0, 0, 0)
private let ones = Hash32(0x0101_0101_0101_0101, 0x0101_0101_0101_0101, 0x0101_0101_0101_0101, 0x0101_0101_0101_0101)

/// A line rendered with the declarations of `entries`, which all contracts share.
private func native(_ line: String, _ entries: String...) throws -> (line: String?, mismatches: Int) {
  var renderer = SpecRenderer(try specs(try declarations([kinds] + entries)), style: .native)
  return (try rendered(line, &renderer), renderer.omissions.count)
}

/// Like `entries`, for callers with a parameter of that name.
private func declarations(_ texts: [String]) throws -> [UInt8] { try entries(texts) }

private func topicsAndData(_ topics: String, _ data: String, _ entries: String..., contractID: String? = contract) throws
  -> (String?, Int)
{
  let id = contractID.map { "\"\($0)\"" } ?? "null"
  let line = call(
    "f",
    more:
      #","events":[{"contract_id":\#(id),"type":"contract","topics":\#(topics),"data":\#(data),"event_index":0,"call_index":0}]"#)
  var renderer = SpecRenderer(try specs(try declarations([kinds] + entries)), style: .native)
  let text = part(of: try rendered(line, &renderer), from: #""topics":"#, to: #","event_index""#)
  return (text, renderer.omissions.count)
}

@Suite struct SpecRecordTests {
  /// Without declarations, every record is the same as without --spec, except for the name of its schema.
  @Test(arguments: [ValueStyle.native, .sep51]) func undeclaredRecordsAreUnchanged(style: ValueStyle) throws {
    var renderer = SpecRenderer(try specs(try entries([kinds])), style: style)
    let lines = try String(contentsOfFile: path("testdata/invocations.ndjson"), encoding: .utf8).split(separator: "\n")
    try #require(lines.count > 50)
    for line in lines {
      let expected = try plain("ContractInvocation", String(line), style)
        .replacing(
          #"{"_schema":"soroban-pipes.contract_invocation.v1""#, with: #"{"_schema":"soroban-pipes.contract_invocation_spec.v1""#)
      #expect(try rendered(String(line), &renderer) == expected)
    }
    #expect(renderer.omissions.count == 0)
  }

  // MARK: functions

  @Test func argumentsAndReturnValue() throws {
    let line = call("f", #"[{"u32":0},{"u32":1}]"#, returns: #"{"u32":1}"#)
    let (text, mismatches) = try native(line, function("f", [#""u32""#, kind], kind))
    #expect(text?.contains(#""arguments":[0,"Limit"],"argument_names":["a","b"],"return_value":"Limit"}"#) == true)
    #expect(mismatches == 0)
  }

  @Test func anotherNumberOfArgumentsIsAnotherFunction() throws {
    let line = call("f", #"[{"u32":0},{"u32":1}]"#)
    let (text, mismatches) = try native(line, function("f", [kind]))
    #expect(text?.contains(#""arguments":[0,1],"return_value""#) == true)
    #expect(mismatches == 2)
    // A function of the same name with the right number of inputs is preferred.
    #expect(try native(line, function("f", [kind]), function("f", [kind, kind])).line?.contains(#"["Market","Limit"]"#) == true)
  }

  @Test func aFunctionThatIsNotDeclaredIsNotCounted() throws {
    let (text, mismatches) = try native(call("g", #"[{"u32":0}]"#), function("f", [kind]))
    #expect(text?.contains(#""arguments":[0],"return_value""#) == true)
    #expect(mismatches == 0)
  }

  @Test func subCallsConstructorsAndAuthorizations() throws {
    let more = #"""
      ,"contract_calls":[{"index":1,"parent":0,"depth":1,"from_contract":null,"to_contract":"\#(other)","function":"g","arguments":[{"u32":0}],"arguments_ambiguous":false,"return_value":{"u32":1},"successful":true}],
      "auth":[{"credentials":"source_account","address":null,"nonce":null,"signature_expiration_ledger":null,"delegates":null,"invocation":
        {"contract_id":"\#(other)","function":"g","arguments":[{"u32":1}],"sub_invocations":[
          {"create_contract":{"contract_id":"\#(other)","deployer":null,"executable":"wasm","wasm_hash":"\#(zeros)","external_ref":null,"asset":null,"salt":"\#(zeros)","constructor_args":[{"u32":1}]},"sub_invocations":[]}]}}]
      """#
    let (text, mismatches) = try native(call("f", more: more), function("g", [kind], kind), function("__constructor", [kind]))
    #expect(
      text?.contains(
        #""function":"g","arguments":["Market"],"argument_names":["a"],"arguments_ambiguous":false,"return_value":"Limit","#)
        == true)
    #expect(text?.contains(#""function":"g","arguments":["Limit"],"argument_names":["a"],"sub_invocations""#) == true)
    #expect(text?.contains(#""constructor_args":["Limit"],"constructor_arg_names":["a"]}"#) == true)
    #expect(mismatches == 0)
  }

  @Test(arguments: [(ValueStyle.native, "1"), (.sep51, #"{"u32":1}"#)])
  func argumentsHaveTheirNamesInBothStyles(style: ValueStyle, one: String) throws {
    let functions = [
      function("none"), function("f", [kind, #""u32""#]), function("__constructor", [#""u32""#]),
    ]
    let creation = line(
      #""create_contract":{"contract_id":"\#(contract)","creator_account":"\#(account)","deployer":null,"executable":"wasm","wasm_hash":"\#(zeros)","external_ref":null,"asset":null,"salt":"\#(zeros)","constructor_args":[{"u32":1}],"return_value":null}"#
    )
    for (line, expected) in [
      (call("none"), #""arguments":[],"argument_names":[],"return_value":null}}"#),
      // The names of arguments are also known if a value does not match.
      (
        call("f", #"[{"u32":1},"void"]"#),
        #""arguments":["Limit",\#(style == .native ? "null" : #""void""#)],"argument_names":["a","b"],"#
      ),
      (creation, #""constructor_args":[\#(one)],"constructor_arg_names":["a"],"return_value":null}}"#),
    ] {
      var renderer = SpecRenderer(try specs(try entries([kinds] + functions)), style: style)
      #expect(try rendered(line, &renderer)?.contains(expected) == true)
    }
  }

  /// Like all text that a contract chooses, names in the record's own members are escaped as in SEP-51.
  @Test func namesAreEscaped() throws {
    let odd =
      #"{"function_v0":{"doc":"","name":"f","inputs":[{"doc":"","name":"\\xc3\\xa9\"\\n\\\\","type":"u32"}],"outputs":[]}}"#
    #expect(try native(call("f", #"[{"u32":7}]"#), odd).line?.contains(#""argument_names":["\\xc3\\xa9\"\\n\\\\"]"#) == true)
    let event =
      #"{"event_v0":{"doc":"","lib":"","name":"\\xff","prefix_topics":["e"],"params":[{"doc":"","name":"\"","type":"u32","location":"topic_list"},{"doc":"","name":"\\t","type":"u32","location":"data"}],"data_format":"single_value"}}"#
    #expect(
      try topicsAndData(#"[{"symbol":"e"},{"u32":1}]"#, #"{"u32":2}"#, event)
        == (#"["e",1],"topic_names":[null,"\""],"event_name":"\\xff","data":2,"data_name":"\\t""#, 0))
  }

  @Test func aFileCanBeForOneContract() throws {
    let line = call(
      "f", #"[{"u32":1}]"#,
      more: #"""
        ,"contract_calls":[{"index":1,"parent":0,"depth":1,"from_contract":null,"to_contract":"\#(other)","function":"f","arguments":[{"u32":1}],"arguments_ambiguous":false,"return_value":null,"successful":true}]
        """#)
    func calls(_ first: Hash32?, _ second: Hash32?) throws -> (String, String) {
      var specs = try specs(try entries([kinds, function("f", [kind])]), contract: first)
      let names = enumeration("enum", "Kind", [("Unu", 1)])
      let file = try entries([names, function("f", [kind])])
      try specs.add(file.bytes, contract: second)
      var renderer = SpecRenderer(specs, style: .native)
      let line = try rendered(line, &renderer)
      #expect(renderer.omissions.count == 0)
      return (
        part(of: line, from: #""arguments":["#, to: "]") ?? "",
        part(of: line, from: #""function":"f","arguments":["#, to: "]") ?? ""
      )
    }
    #expect(try calls(zero, ones) == (#""Limit""#, #""Unu""#))
    #expect(try calls(ones, zero) == (#""Unu""#, #""Limit""#))
    // A file for one contract has priority over files for all contracts.
    #expect(try calls(nil, ones) == (#""Limit""#, #""Unu""#))
    #expect(try calls(ones, ones) == ("1", #""Limit""#))
  }

  // MARK: events

  @Test func eventDataByItsFormat() throws {
    let topics = #"[{"symbol":"order"},{"u32":1}]"#
    let names = #""topic_names":[null,"kind"],"event_name":"E""#
    let single = event(["order"], "single_value", [("kind", kind, "topic_list"), ("n", kind, "data")])
    #expect(
      try topicsAndData(topics, #"{"u32":0}"#, single) == (#"["order","Limit"],\#(names),"data":"Market","data_name":"n""#, 0))
    let none = event(["order"], "single_value", [("kind", kind, "topic_list")])
    #expect(try topicsAndData(topics, #""void""#, none) == (#"["order","Limit"],\#(names),"data":null"#, 0))
    let vec = event(["order"], "vec", [("a", kind, "data"), ("kind", kind, "topic_list"), ("b", #""u32""#, "data")])
    #expect(
      try topicsAndData(topics, #"{"vec":[{"u32":0},{"u32":0}]}"#, vec) == (
        #"["order","Limit"],\#(names),"data":["Market",0],"data_names":["a","b"]"#, 0
      ))
    let map = event(["order"], "map", [("z", kind, "data"), ("kind", kind, "topic_list"), ("a", #""u32""#, "data")])
    let data = #"{"map":[{"key":{"symbol":"a"},"val":{"u32":0}},{"key":{"symbol":"z"},"val":{"u32":0}}]}"#
    #expect(try topicsAndData(topics, data, map) == (#"["order","Limit"],\#(names),"data":{"a":0,"z":"Market"}"#, 0))
  }

  @Test func eventsAreMatchedByNamesAndTopicCount() throws {
    let declared = event(["order", "placed"], "single_value", [("kind", kind, "topic_list"), ("n", kind, "data")])
    for topics in [
      #"[{"symbol":"order"},{"symbol":"placed"}]"#, #"[{"symbol":"order"},{"symbol":"other"},{"u32":1}]"#,
      #"[{"symbol":"order"},{"string":"placed"},{"u32":1}]"#, "[]",
      #"[{"symbol":"order"},{"symbol":"placed"},{"u32":1},{"u32":1}]"#,
    ] {
      let (text, mismatches) = try topicsAndData(topics, #"{"u32":1}"#, declared)
      #expect(text?.contains("Limit") == false && text?.contains("_name") == false)
      #expect(mismatches == 0)
    }
    let topics = #"[{"symbol":"order"},{"symbol":"placed"},{"u32":1}]"#
    // An event with mismatches counts once, however many values do not match.
    #expect(try topicsAndData(topics, #"{"u32":9}"#, declared) == (#"["order","placed",1],"data":9"#, 1))
    // Of two events with the same names, the one that matches.
    let second = event(["order", "placed"], "single_value", [("kind", kind, "topic_list"), ("n", #""u32""#, "data")])
    #expect(
      try topicsAndData(topics, #"{"u32":9}"#, declared, second)
        == (#"["order","placed","Limit"],"topic_names":[null,null,"kind"],"event_name":"E","data":9,"data_name":"n""#, 0))
    #expect(try topicsAndData(topics, #"{"u32":0}"#, declared, contractID: nil) == (#"["order","placed",1],"data":0"#, 0))
  }

  @Test func hostErrorsGetTheirNames() throws {
    let failures = enumeration("error_enum", "Failure", [("TooSmall", 2)])
    let others = enumeration("error_enum", "Others", [("Else", 2), ("Three", 3)])
    func topics(_ code: Int, _ entries: String...) throws -> String? {
      let more = #"""
        ,"diagnostic_events":[{"contract_id":"\#(contract)","type":"diagnostic","topics":[{"symbol":"error"},{"error":{"contract":\#(code)}}],"data":{"u32":1},"in_successful_contract_call":false,"event_index":0}]
        """#
      var renderer = SpecRenderer(try specs(try declarations(entries)), style: .native)
      let line = try rendered(call("f", more: more), &renderer)
      #expect(renderer.omissions.count == 0)
      return part(of: line, from: #""topics":"#, to: #","in_successful"#)
    }
    #expect(try topics(2, failures) == #"["error","TooSmall"],"data":1"#)
    #expect(try topics(3, failures) == #"["error",{"error":{"contract":3}}],"data":1"#)
    #expect(try topics(3, failures, others) == #"["error","Three"],"data":1"#)
    // Two names for one code: the name is ambiguous.
    #expect(try topics(2, failures, others) == #"["error",{"error":{"contract":2}}],"data":1"#)
  }

  // MARK: storage

  private func stored(_ key: String, _ value: String, _ style: ValueStyle, _ entries: String..., id: String = contract) throws
    -> (String?, Int)
  {
    let more = #"""
      ,"state_changes":[{"contract_id":"\#(id)","entry":"data","key":\#(key),"code_hash":null,"old_value":null,"new_value":\#(value),"operation":"create","durability":"persistent"}]
      """#
    var renderer = SpecRenderer(try specs(try declarations([kinds] + entries)), style: style)
    let line = try rendered(call("f", more: more), &renderer)
    return (part(of: line, from: #""entry":"data","key":"#, to: #","operation""#), renderer.omissions.count)
  }

  @Test func storedValuesGetTheMatchingType() throws {
    let key = union("Key", [("Admin", nil), ("Of", [kind])])
    let state = structure("State", [("kind", kind)])
    let value = #"{"map":[{"key":{"symbol":"kind"},"val":{"u32":1}}]}"#
    let of = #"{"vec":[{"symbol":"Of"},{"u32":0}]}"#
    #expect(
      try stored(of, value, .native, key, state)
        == (#"{"Of":["Market"]},"code_hash":null,"old_value":null,"new_value":{"kind":"Limit"}"#, 0))
    #expect(
      try stored(of, value, .sep51, key, state)
        == (#"{"Of":["Market"]},"code_hash":null,"old_value":null,"new_value":{"kind":"Limit"}"#, 0))
    // A value that no declaration matches is not a mismatch.
    #expect(
      try stored(#"{"vec":[{"symbol":"Of"},{"u32":9}]}"#, #"{"map":[]}"#, .native, key, state)
        == (#"["Of",9],"code_hash":null,"old_value":null,"new_value":{}"#, 0))
    // The nonce of an account has no declaration either.
    #expect(try stored(of, value, .native, key, state, id: account).0?.hasPrefix(#"["Of",0]"#) == true)
    // Two types that would give different text.
    let second = structure("Second", [("kind", #""u32""#)])
    #expect(try stored(of, value, .native, key, state, second).0?.hasSuffix(#""new_value":{"kind":1}"#) == true)
    // The same text.
    let third = structure("Third", [("kind", kind)])
    #expect(try stored(of, value, .native, key, state, third).0?.hasSuffix(#""new_value":{"kind":"Limit"}"#) == true)
  }

  @Test func instancesContainStoredValues() throws {
    let key = union("Key", [("Admin", nil), ("Of", [kind])])
    let instance = #"""
      {"contract_instance":{"executable":"stellar_asset","storage":[{"key":{"vec":[{"symbol":"Admin"}]},"val":{"u32":1}},{"key":{"vec":[{"symbol":"Of"},{"u32":1}]},"val":{"vec":[{"symbol":"Of"},{"u32":0}]}}]}}
      """#
    let name = #""ledger_key_contract_instance""#
    let before = #""ledger_key_contract_instance","code_hash":null,"old_value":null,"new_value":"#
    #expect(
      try stored(name, instance, .native, key)
        == (before + #"{"executable":"stellar_asset","storage":[["Admin",1],[{"Of":["Limit"]},{"Of":["Market"]}]]}"#, 0))
    #expect(
      try stored(name, instance, .sep51, key).0
        == before
        + #"{"contract_instance":{"executable":"stellar_asset","storage":[{"key":"Admin","val":{"u32":1}},{"key":{"Of":["Limit"]},"val":{"Of":["Market"]}}]}}"#
    )
  }
}
