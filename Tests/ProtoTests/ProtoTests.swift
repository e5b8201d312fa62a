// --style proto: members as in the ContractInvocationEvent of the seed service.

import Bytes
import Invocations
import Proto
import SpecSupport
import StellarXDR
import Testing

private func proto(_ line: String) throws -> String? {
  var renderer = ProtoRenderer()
  return try rendered(line, &renderer)
}

/// A value as the only argument of a call.
private func value(_ sep51: String) throws -> String? {
  part(of: try proto(call("f", "[\(sep51)]")).map { $0 + "\n" }, from: #""arguments":["#, to: "]}}\n")
}

private let meta = #"""
  {"meta":{"ledgerSequence":7,"closedAt":"2026-06-20T11:02:33Z","txHash":"\#(zeros)","txIndex":2,"opIndex":0,"successful":true,"dataSource":"live","archiveRestorations":[]}
  """#

@Suite struct ProtoTests {
  @Test(arguments: [
    (#""void""#, #"{"type":"SC_VALUE_TYPE_VOID"}"#),
    (#"{"bool":false}"#, #"{"type":"SC_VALUE_TYPE_BOOL","boolValue":false}"#),
    (#"{"u32":4294967295}"#, #"{"type":"SC_VALUE_TYPE_U32","u32Value":4294967295}"#),
    (#"{"i32":-1}"#, #"{"type":"SC_VALUE_TYPE_I32","i32Value":-1}"#),
    (#"{"u64":"18446744073709551615"}"#, #"{"type":"SC_VALUE_TYPE_U64","u64Value":"18446744073709551615"}"#),
    (#"{"i64":"-5"}"#, #"{"type":"SC_VALUE_TYPE_I64","i64Value":"-5"}"#),
    (#"{"timepoint":"9"}"#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"9"}"#),
    (#"{"duration":"0"}"#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"0"}"#),
    (
      #"{"i128":"-170141183460469231731687303715884105728"}"#,
      #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"-170141183460469231731687303715884105728"}"#
    ),
    (#"{"u256":"1"}"#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"1"}"#),
    (#"{"bytes":"00ff3e"}"#, #"{"type":"SC_VALUE_TYPE_BYTES","bytesValue":"AP8+"}"#),
    (#"{"bytes":"00"}"#, #"{"type":"SC_VALUE_TYPE_BYTES","bytesValue":"AA=="}"#),
    (#"{"string":"\\xc3\\xa9\\n\""}"#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"é\n\""}"#),
    // Not UTF-8: the entire text is escaped.
    (#"{"string":"\\xff\\n"}"#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"\\xff\\n"}"#),
    (#"{"symbol":"mint"}"#, #"{"type":"SC_VALUE_TYPE_SYMBOL","symbolValue":"mint"}"#),
    (
      #"{"vec":[{"u32":0},"void"]}"#,
      #"{"type":"SC_VALUE_TYPE_VEC","vecValue":{"values":[{"type":"SC_VALUE_TYPE_U32","u32Value":0},{"type":"SC_VALUE_TYPE_VOID"}]}}"#
    ),
    (#"{"vec":null}"#, #"{"type":"SC_VALUE_TYPE_VEC","vecValue":{"values":[]}}"#),
    (
      #"{"map":[{"key":{"u32":1},"val":{"bool":true}}]}"#,
      #"{"type":"SC_VALUE_TYPE_MAP","mapValue":{"entries":[{"key":{"type":"SC_VALUE_TYPE_U32","u32Value":1},"value":{"type":"SC_VALUE_TYPE_BOOL","boolValue":true}}]}}"#
    ),
    (#"{"map":null}"#, #"{"type":"SC_VALUE_TYPE_MAP","mapValue":{"entries":[]}}"#),
    (#"{"address":"\#(other)"}"#, #"{"type":"SC_VALUE_TYPE_ADDRESS","addressValue":"\#(other)"}"#),
    (
      #"{"error":{"budget":"exceeded_limit"}}"#,
      #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"{\"error\":{\"budget\":\"exceeded_limit\"}}"}"#
    ),
    (
      #"{"ledger_key_nonce":{"nonce":"-3"}}"#,
      #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"{\"ledger_key_nonce\":{\"nonce\":\"-3\"}}"}"#
    ),
    (#"{"executable_tag":"\\xff"}"#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"{\"executable_tag\":\"\\\\xff\"}"}"#),
    (#""ledger_key_contract_instance""#, #"{"type":"SC_VALUE_TYPE_STRING","stringValue":"ledger_key_contract_instance"}"#),
    (
      #"{"contract_instance":{"executable":{"wasm":"\#(zeros)"},"storage":null}}"#,
      #"{"type":"SC_VALUE_TYPE_INSTANCE","instanceValue":{"instanceType":"wasm:\#(zeros)","fields":[]}}"#
    ),
    (
      #"{"contract_instance":{"executable":"stellar_asset","storage":[{"key":{"symbol":"n"},"val":{"u32":5}}]}}"#,
      #"{"type":"SC_VALUE_TYPE_INSTANCE","instanceValue":{"instanceType":"stellar_asset","fields":[{"type":"SC_VALUE_TYPE_MAP","mapValue":{"entries":[{"key":{"type":"SC_VALUE_TYPE_SYMBOL","symbolValue":"n"},"value":{"type":"SC_VALUE_TYPE_U32","u32Value":5}}]}}]}}"#
    ),
    (
      #"{"contract_instance":{"executable":{"external_ref":{"executable_owner":"\#(other)","tag":"v1"}},"storage":[]}}"#,
      #"{"type":"SC_VALUE_TYPE_INSTANCE","instanceValue":{"instanceType":"external_ref","fields":[{"type":"SC_VALUE_TYPE_MAP","mapValue":{"entries":[]}}]}}"#
    ),
  ])
  func values(sep51: String, expected: String) throws {
    #expect(try value(sep51) == expected)
  }

  @Test func aCallHasItsMembersInOrder() throws {
    let line = call(
      "f", returns: #"{"u32":1}"#,
      more: #"""
        ,"events":[],
        "diagnostic_events":[{"contract_id":null,"type":"diagnostic","topics":[{"symbol":"log"}],"data":"void","in_successful_contract_call":false,"event_index":0}],
        "contract_calls":[{"index":1,"parent":0,"depth":1,"from_contract":"\#(contract)","to_contract":"\#(other)","function":"g","arguments":[{"u32":1}],"arguments_ambiguous":true,"return_value":{"u32":2},"successful":null},
          {"index":2,"parent":0,"depth":1,"from_contract":null,"to_contract":"\#(other)","function":"h","arguments":[],"arguments_ambiguous":false,"return_value":null,"successful":false}],
        "state_changes":[{"contract_id":"\#(contract)","entry":"data","key":{"u32":1},"code_hash":null,"old_value":null,"new_value":{"u32":2},"operation":"restore","durability":"persistent"},
          {"contract_id":null,"entry":"code","key":null,"code_hash":"\#(zeros)","old_value":null,"new_value":null,"operation":"create","durability":"persistent"},
          {"contract_id":"\#(account)","entry":"data","key":{"u32":1},"code_hash":null,"old_value":{"u32":2},"new_value":null,"operation":"delete","durability":"temporary"}],
        "ttl_extensions":[{"contract_id":null,"entry":"code","key":null,"code_hash":"\#(zeros)","old_ttl":1,"new_ttl":2,"durability":"persistent","key_hash":"\#(zeros)"},
          {"contract_id":null,"entry":null,"key":null,"code_hash":null,"old_ttl":3,"new_ttl":4,"durability":null,"key_hash":"\#(zeros)"},
          {"contract_id":"\#(contract)","entry":"instance","key":"ledger_key_contract_instance","code_hash":null,"old_ttl":5,"new_ttl":6,"durability":"persistent","key_hash":"\#(zeros)"}],
        "auth":[]
        """#)
    #expect(
      try proto(line) == meta
        + #"""
        ,"contractCall":{"contractId":"\#(contract)","invokingAccount":"\#(account)","functionName":"f","arguments":[],
        "diagnosticEvents":[{"topics":[{"type":"SC_VALUE_TYPE_SYMBOL","symbolValue":"log"}],"data":{"type":"SC_VALUE_TYPE_VOID"},"inSuccessfulContractCall":false,"eventIndex":0}],
        "contractCalls":[{"fromContract":"\#(contract)","toContract":"\#(other)","function":"g","arguments":[{"type":"SC_VALUE_TYPE_U32","u32Value":1}]},
        {"toContract":"\#(other)","function":"h","arguments":[],"successful":false}],
        "stateChanges":[{"contractId":"\#(contract)","key":{"type":"SC_VALUE_TYPE_U32","u32Value":1},"newValue":{"type":"SC_VALUE_TYPE_U32","u32Value":2},"operation":"STATE_CHANGE_OPERATION_CREATE","durability":"CONTRACT_DATA_DURABILITY_PERSISTENT"},
        {"contractId":"\#(account)","key":{"type":"SC_VALUE_TYPE_U32","u32Value":1},"oldValue":{"type":"SC_VALUE_TYPE_U32","u32Value":2},"operation":"STATE_CHANGE_OPERATION_DELETE","durability":"CONTRACT_DATA_DURABILITY_TEMPORARY"}],
        "ttlExtensions":[{"oldTtl":3,"newTtl":4},
        {"contractId":"\#(contract)","key":{"type":"SC_VALUE_TYPE_STRING","stringValue":"ledger_key_contract_instance"},"oldTtl":5,"newTtl":6,"durability":"CONTRACT_DATA_DURABILITY_PERSISTENT"}]}}
        """#.replacing("\n", with: ""))
  }

  @Test func eventsReplaceMissingDiagnostics() throws {
    let event = #"{"contract_id":"\#(contract)","type":"contract","topics":[],"data":"void","event_index":0,"call_index":null}"#
    let expected =
      #"{"contractId":"\#(contract)","topics":[],"data":{"type":"SC_VALUE_TYPE_VOID"},"inSuccessfulContractCall":true,"eventIndex":0}"#
    func events(_ more: String) throws -> String? {
      part(of: try proto(call("f", more: more)), from: #""diagnosticEvents":["#, to: #"]}}"#)
    }
    #expect(try events(#","events":[\#(event)],"diagnostic_events":null"#) == expected)
    #expect(try events(#","events":[\#(event)]"#) == expected)
    // Known to be empty.
    #expect(try events(#","events":[\#(event)],"diagnostic_events":[]"#) == "")
  }

  @Test func restorationsOfCodeAreOmitted() throws {
    let line = line(
      #""upload_wasm":{"uploader_account":"\#(account)","wasm_hash":"\#(zeros)","wasm_size":3,"return_value":null}"#,
      restorations: #"""
        [{"contract_id":null,"key":null,"restored_at_ledger":7,"durability":"persistent","reason":"automatic","entry":"code","code_hash":"\#(zeros)"},
        {"contract_id":"\#(contract)","key":{"u32":1},"restored_at_ledger":7,"durability":"persistent","reason":"explicit","entry":"data","code_hash":null}]
        """#)
    #expect(
      part(of: try proto(line), from: #""archiveRestorations":"#, to: "\u{7D}}") == #"""
        [{"contractId":"\#(contract)","key":{"type":"SC_VALUE_TYPE_U32","u32Value":1},"restoredAtLedger":7,"durability":"CONTRACT_DATA_DURABILITY_PERSISTENT","reason":"RESTORATION_REASON_EXPLICIT"}]},"uploadWasm":{"uploaderAccount":"\#(account)","wasmHash":"\#(String(repeating: "A", count: 43))=","wasmSize":3
        """#)
  }

  @Test(arguments: [
    (
      #""wasm","wasm_hash":"\#(zeros)","external_ref":null,"asset":null,"salt":"\#(zeros)""#,
      #","wasmHash":"\#(String(repeating: "A", count: 43))=""#
    ),
    (
      #""stellar_asset","wasm_hash":null,"external_ref":null,"asset":"USD:\#(account)","salt":null"#,
      #","sourceAccount":"\#(account)""#
    ),
    // It fails, but can be requested; the message's two members exclude each other.
    (#""wasm","wasm_hash":"\#(zeros)","external_ref":null,"asset":"native","salt":null"#, #","sourceAccount":"\#(account)""#),
    (#""external_ref","wasm_hash":null,"external_ref":{"owner":"\#(other)","tag":"t"},"asset":null,"salt":"\#(zeros)""#, ""),
  ])
  func creations(source: String, expected: String) throws {
    let line = line(
      #""create_contract":{"contract_id":"\#(contract)","creator_account":"\#(account)","deployer":null,"executable":\#(source),"constructor_args":[{"bool":true}],"return_value":null}"#
    )
    #expect(
      try proto(line) == meta + #"""
        ,"createContract":{"contractId":"\#(contract)","creatorAccount":"\#(account)"\#(expected),"constructorArgs":[{"type":"SC_VALUE_TYPE_BOOL","boolValue":true}]}}
        """#)
  }

  @Test func footprintOperationsAreOmittedAndCounted() throws {
    var renderer = ProtoRenderer()
    for body in [#""extend_ttl":{"account":"\#(account)","extend_to":5}"#, #""restore_footprint":{"account":"\#(account)"}"#] {
      #expect(try rendered(line(body), &renderer) == nil)
    }
    #expect(renderer.omissions.count == 2)
  }

  @Test func damageAnywhereIsAnError() throws {
    let record = try xdr("ContractInvocation", call("f", #"[{"u32":1}]"#, more: #","auth":[]"#))
    for length in 0..<record.count {
      var renderer = ProtoRenderer()
      var out = ByteBuffer()
      let damaged = Array(record[..<length])
      #expect(throws: XDRError.self) { _ = try renderer.render(damaged.bytes, into: &out) }
    }
  }

  @Test func anAddressWithoutAStrkeyIsText() throws {
    let muxed = #"{"muxed_contract":{"id":"1","contract_id":"\#(other)"}}"#
    let line = call("f").replacing(#""contract_id":"\#(contract)""#, with: #""contract_id":\#(muxed)"#)
    #expect(
      part(of: try proto(line), from: #""contractId":"#, to: #","invokingAccount""#)
        == #""{\"muxed_contract\":{\"id\":\"1\",\"contract_id\":\"\#(other)\"}}""#)
  }
}
