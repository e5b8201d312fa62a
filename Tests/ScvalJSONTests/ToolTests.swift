// Complete runs of the tool, each in its own process.

import Foundation
import SpecSupport
import Testing

private func output(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
}

/// The tool's lines on standard error; the test runner also writes there.
private func messages(_ result: ExitTest.Result?) -> [String] {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    .filter { $0.hasPrefix("scval-json: ") || $0.hasPrefix("{") }
}

private let footprint = #""restore_footprint":{"account":"\#(account)"}"#

@Suite struct ToolTests {
  @Test func protoOmitsFootprintOperationsWithOneWarning() async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]) {
      try runTool(["--style", "proto", "--stats"], text: [line(footprint), call("f"), line(footprint)].joined(separator: "\n"))
    }
    #expect(output(result).contains(#""contractCall":{"contractId":"\#(contract)""#))
    #expect(output(result).split(separator: "\n").count { $0.hasPrefix("{") } == 1)
    #expect(
      messages(result).first
        == "scval-json: footprint operations left out, for which ContractInvocationEvent has no field: 2")
    #expect(messages(result).last?.contains(#""records_in":3,"records_out":1,"#) == true)
    #expect(messages(result).last?.hasSuffix(#","left_out":2}"#) == true)
  }

  @Test(arguments: [
    (
      ["--style", "proto"], #"{"_schema":"soroban-pipes.ledger_transaction.v1"}"#,
      "this is a LedgerTransaction; --style proto reads the ContractInvocation records that invocation-extract writes"
    ),
    (
      ["--spec", path("testdata/contract.wasm")], #"{"xdr":"AAAAAQ=="}"#,
      "this is not a ContractInvocation; --spec reads the ContractInvocation records that invocation-extract writes"
    ),
    (
      ["--style", "proto"], "AAAAAQ==",
      "this is not a ContractInvocation; --style proto reads the ContractInvocation records that invocation-extract writes"
    ),
    (["--spec", path("testdata/cases.json")], "", "not a contract specification: network: expected SCSpecEntry"),
  ])
  func otherInputIsBadData(arguments: [String], text: String, what: String) async {
    let result = await #expect(processExitsWith: .exitCode(3), observing: [\.standardErrorContent]) {
      [arguments = arguments as [String], text = text as String] in
      try runTool(arguments, text: text)
    }
    #expect(messages(result).first?.contains(what) == true)
  }

  /// Lines without values, and text that is not ours, pass through unchanged.
  @Test func otherLinesPassThrough() async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
      try runTool(
        ["--style", "native"], text: "{\"xdr\":\"\\ud800\"}\nnull\nAAAAAQ==\n true \n{\"a\":[1.50,{\"xdr\":\"AAAAAQ==\"}]}\n")
    }
    #expect(output(result).hasSuffix("{\"xdr\":\"\\ud800\"}\nnull\nnull\n true \n{\"a\":[1.50,null]}\n"))
  }

  @Test(arguments: [
    ["--style", "proto", "--encode"], ["--style", "proto", "--type", "Asset"], ["--style", "proto", "--field", "a"],
    ["--style", "proto", "--spec", "x"], ["--spec", "x", "--type", "Asset"], ["--spec", "x", "--encode"],
    ["--spec", "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=x"],
  ])
  func wrongUsage(arguments: [String]) async {
    await #expect(processExitsWith: .exitCode(2)) { [arguments = arguments as [String]] in
      try runTool(arguments, text: "")
    }
  }

  @Test func anUnreadableSpecificationIsStatus4() async {
    let result = await #expect(processExitsWith: .exitCode(4), observing: [\.standardErrorContent]) {
      try runTool(["--spec", "/nowhere/contract.wasm"], text: "")
    }
    #expect(messages(result) == ["scval-json: /nowhere/contract.wasm: No such file or directory"])
  }

  /// The calls of the contract of testdata with its declarations, as a user sees them.
  @Test func theContractOfTestdata() async throws {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]) {
      let lines = try String(contentsOfFile: path("testdata/invocations.ndjson"), encoding: .utf8).split(separator: "\n")
      let contract = "CDPPV57L6VC6BGROHZGEBDYP5FOHPIWI3SWCKQZ4LERDD73VZYJA5SH6"
      try runTool(
        ["--style", "native", "--spec", contract + "=" + path("testdata/contract.wasm"), "--stats"],
        text: lines.filter { $0.contains(#""ledger_sequence":1051,"#) }.joined(separator: "\n"))
    }
    let lines = output(result).split(separator: "\n").filter { $0.hasPrefix("{") }.map(String.init)
    try #require(lines.count == 3)
    let owner = "GDWDSGHWEKTPOVJQ5FDBPLXXMK3RLF6ZXP7U2GF6256N27MTAZRGS4KL"
    let order = #"{"amount":"70000000","kind":"Limit","limit":"9007199254740993","owner":"\#(owner)"}"#
    #expect(lines[0].contains(#""arguments":[\#(order),["USD",3]],"argument_names":["order","pair"],"return_value":1,"#))
    let names = #""topic_names":[null,null,"owner"],"event_name":"Placed""#
    #expect(lines[0].contains(#""topics":["order","placed","\#(owner)"],\#(names),"data":{"id":1,"order":\#(order)},"#))
    #expect(lines[0].contains(#""key":{"Order":[1]},"code_hash":null,"old_value":null,"new_value":\#(order),"#))
    #expect(lines[0].contains(#""key":{"Balance":["\#(owner)","USD"]},"#))
    #expect(lines[1].contains(#""arguments":[["Admin",{"Order":[1]},{"Balance":["\#(owner)","USD"]}],{"USD":"5"},"#))
    #expect(lines[1].contains(#""return_value":[1,null]"#))
    #expect(lines[2].contains(#""topics":["error","TooSmall"]"#))
    #expect(lines[2].contains(#""arguments":[{"amount":"0","kind":"Stop","limit":null,"owner":"\#(owner)"},["USD",0]]"#))
    #expect(messages(result).last?.hasSuffix(#","spec_mismatches":0}"#) == true)
  }
}
