// Records and specifications from short JSON texts.

import Bytes
import ContractSpecs
import Foundation
import Invocations
import StellarJSON
import StellarXDR

/// The XDR of SEP-51 text, which may contain white space.
package func xdr(_ type: StaticString, _ text: String) throws -> [UInt8] {
  var parser = Parser()
  var out = ByteBuffer()
  try parser.parse(Schema.shared.id(type), Array(text.utf8).bytes, into: &out)
  return out.bytes.copied
}

/// Some addresses: the tests' contract, another contract, an account.
package let contract = "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSC4"
package let other = "CAAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQC526"
package let account = "GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF"
package let zeros = String(repeating: "00", count: 32)

/// A ContractInvocation record as a line; `body` is the member for what was invoked.
package func line(_ body: String, meta: String = "", restorations: String = "[]") -> String {
  #"{"_schema":"soroban-pipes.contract_invocation.v1","meta":{"ledger_sequence":7,"closed_at":"2026-06-20T11:02:33Z","tx_hash":""#
    + zeros + #"","tx_index":2,"op_index":0,"successful":true,"data_source":"live","archive_restorations":"# + restorations
    + #","toid":"30064779265","protocol_version":23,"tx_successful":true,"result_code":"success","tx_result_code":"tx_success","#
    + #""inner_tx_hash":null,"fee_account":""# + account + #"","source_account":""# + account + #"","fee_charged":"100"},"#
    + body + "}"
}

/// A call of the tests' contract; `more` is further members of the outcome.
package func call(_ function: String, _ arguments: String = "[]", returns: String = "null", more: String = "") -> String {
  line(
    #""contract_call":{"contract_id":"\#(contract)","invoking_account":"\#(account)","function_name":"\#(function)","#
      + #""arguments":\#(arguments),"return_value":\#(returns)\#(more)}"#)
}

/// The line that a renderer makes of a record given as a line; nil if it omits the record.
package func rendered<R: InvocationRenderer & ~Copyable>(_ line: String, _ renderer: inout R) throws -> String? {
  let record = try xdr("ContractInvocation", line)
  var out = ByteBuffer()
  guard try renderer.render(record.bytes, into: &out) else { return nil }
  return String(decoding: out.bytes.copied, as: UTF8.self)
}

/// The JSON text of a value without a specification.
package func plain(_ type: StaticString, _ text: String, _ style: ValueStyle) throws -> String {
  let value = try xdr(type, text)
  var out = ByteBuffer()
  try Renderer(style: style).render(Schema.shared.id(type), value.bytes, into: &out)
  return String(decoding: out.bytes.copied, as: UTF8.self)
}

/// The part of a text between `start` and `end`, without `start`.
package func part(of text: String?, from start: String, to end: String) -> String? {
  guard let text, let from = text.range(of: start), let to = text.range(of: end, range: from.upperBound..<text.endIndex) else {
    return nil
  }
  return String(text[from.upperBound..<to.lowerBound])
}

/// A file of this project.
package func path(_ file: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: file).path
}

/// SCSpecEntries from their SEP-51 text, back to back.
package func entries(_ texts: [String]) throws -> [UInt8] {
  try texts.flatMap { try xdr("SCSpecEntry", $0) }
}

/// A specification of the tests' contract, or of another one.
package func specs(_ entries: [UInt8], contract: Hash32? = nil) throws -> ContractSpecs {
  var specs = ContractSpecs()
  try specs.add(entries.bytes, contract: contract)
  return specs
}

/// An entry for a function; its inputs are named a, b, c…
package func function(_ name: String, _ inputs: [String] = [], _ output: String? = nil) -> String {
  let list = inputs.enumerated().map { #"{"doc":"","name":"\#(UnicodeScalar(97 + UInt8($0)))","type":\#($1)}"# }
  return #"{"function_v0":{"doc":"","name":"\#(name)","inputs":[\#(list.joined(separator: ","))],"outputs":[\#(output ?? "")]}}"#
}

package func structure(_ name: String, _ fields: [(String, String)]) -> String {
  let list = fields.map { #"{"doc":"a field","name":"\#($0)","type":\#($1)}"# }
  return #"{"udt_struct_v0":{"doc":"","lib":"","name":"\#(name)","fields":[\#(list.joined(separator: ","))]}}"#
}

/// A case without types is void; an empty list is a tuple without values.
package func union(_ name: String, _ cases: [(String, [String]?)]) -> String {
  let list = cases.map { name, types in
    types.map { #"{"tuple_v0":{"doc":"","name":"\#(name)","type":[\#($0.joined(separator: ","))]}}"# }
      ?? #"{"void_v0":{"doc":"","name":"\#(name)"}}"#
  }
  return #"{"udt_union_v0":{"doc":"","lib":"","name":"\#(name)","cases":[\#(list.joined(separator: ","))]}}"#
}

/// `kind`: `enum` or `error_enum`.
package func enumeration(_ kind: String, _ name: String, _ cases: [(String, Int)]) -> String {
  let list = cases.map { #"{"doc":"","name":"\#($0)","value":\#($1)}"# }
  return #"{"udt_\#(kind)_v0":{"doc":"","lib":"","name":"\#(name)","cases":[\#(list.joined(separator: ","))]}}"#
}

/// Parameters: name, type, and `topic_list` or `data`.
package func event(_ prefix: [String], _ format: String, _ parameters: [(String, String, String)]) -> String {
  let list = parameters.map { #"{"doc":"","name":"\#($0)","type":\#($1),"location":"\#($2)"}"# }
  let names = prefix.map { "\"\($0)\"" }.joined(separator: ",")
  return #"{"event_v0":{"doc":"","lib":"","name":"E","prefix_topics":[\#(names)],"params":[\#(list.joined(separator: ","))],"#
    + #""data_format":"\#(format)"}}"#
}
