import Bytes
import StellarXDR
import TestSupport
import Testing

@testable import Invocations

/// The names of operation result codes in records.
@Suite struct ResultCodeTests {
  /// Every code that the schema names has its own name in records.
  @Test func eachCodeHasItsOwnName() throws {
    let codes = ResultCodes.shared
    let names = members("InvocationResultCode", .shared)
    for (type, found) in [
      ("OperationResultCode", codes.ofOperation), ("InvokeHostFunctionResultCode", codes.ofInvocation),
      ("ExtendFootprintTTLResultCode", codes.ofExtension), ("RestoreFootprintResultCode", codes.ofRestoration),
    ] {
      let known = members(type, .shared).filter { $0.name != "op_inner" }
      #expect(found.count == known.count && known.count >= 4)
      for (name, value) in known { #expect(found[value].map { Int32($0) } == names.first { $0.name == name }?.value, "\(name)") }
    }
  }

  /// Codes of a future schema never get the name of another code. Those that records know get their own name.
  @Test func codesOfAFutureSchema() throws {
    let schema = Schema(
      SchemaCompiler([
        """
        OperationResultCode = enum { op_inner=0; op_bad_auth=-1; op_new=-7; op_newer=-8; op_least=-300 }
        InvokeHostFunctionResultCode = enum { success=0; malformed=-1; new=-6; unheard=-7; least=-300 }
        ExtendFootprintTTLResultCode = enum { success=0; resource_limit_exceeded=-2; new=-4 }
        RestoreFootprintResultCode = enum { success=0; malformed=-1; unheard=-4 }
        InvocationResultCode = enum { success=0; malformed=1; resource_limit_exceeded=3; op_bad_auth=6; op_new=12; new=13 }
        SCVal = u32
        AccountID = u32
        ContractExecutable = u32
        """
      ]))
    let codes = ResultCodes(schema)
    #expect(codes.ofOperation == [-1: 6, -7: 12])
    #expect(codes.ofInvocation == [0: 0, -1: 1, -6: 13])
    #expect(codes.ofExtension == [0: 0, -2: 3, -4: 13])
    #expect(codes.ofRestoration == [0: 0, -1: 1])
  }

  /// Codes that the schema does not name are rejected together with the result, whatever their number.
  @Test(arguments: [-6, -7, -8, -100, 1, 7, Int32.min, Int32.max]) func unnamedCodesAreRefused(code: Int32) throws {
    let transaction = try Testdata.transaction(ledger: 1027, index: 1)
    let result = XDRView("LedgerTransaction", transaction)["result_xdr"]
    for (offset, path) in [(16, "result.tx_success[0]"), (24, "result.tx_success[0].op_inner.invoke_host_function")] {
      var wrong = result.content
      wrong.replaceSubrange(offset..<offset + 4, with: word(UInt32(bitPattern: code)))
      // -6 is the last code of operations.
      if offset == 16, code == -6 { continue }
      var cursor = Cursor(wrong.bytes)
      let found = #expect(throws: XDRError.self) { _ = try TransactionResult(&cursor) }
      #expect(found?.offset == offset && self.path(of: wrong) == path)
    }
  }

  private func path(of result: [UInt8]) -> String { TestSupport.path(toErrorIn: result, as: type("TransactionResult")) }

  private func members(_ type: String, _ schema: Schema) -> [(name: String, value: Int32)] {
    let node = schema.node(TestSupport.type(type).node)
    return (node.first..<node.first + node.count).map { (schema.name(schema.member($0)), schema.member($0).value) }
  }
}
