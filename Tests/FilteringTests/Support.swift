import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

@testable import Filtering

// MARK: records

/// A key or id whose bytes are all equal.
func strkey(_ version: UInt8, _ byte: UInt8) -> String {
  var text = ByteBuffer(capacity: 64)
  text.append(strkey: version, [UInt8](repeating: byte, count: 32).bytes)
  return text.bytes.text
}

func contract(_ byte: UInt8) -> String { strkey(Strkey.contract, byte) }
func account(_ byte: UInt8) -> String { strkey(Strkey.account, byte) }
func hash(_ byte: UInt8) -> String { String(repeating: String(byte, radix: 16).leftPadded, count: 32) }

extension String {
  fileprivate var leftPadded: String { count == 1 ? "0" + self : self }
}

/// An invocation in SEP-51 style; a test sets only the members that it needs.
struct Sample {
  var ledger: UInt32 = 1000
  var closedAt = "2026-06-20T11:02:33Z"
  var hash = FilteringTests.hash(1)
  var innerHash = "null"
  var successful = true
  var resultCode = #""success""#
  var restorations = "[]"
  /// The first members of the body.
  var what = Sample.call()
  var events = "[]"
  var diagnostics = "null"
  var calls = "null"
  var state = "[]"
  var extensions = "[]"
  var auth = "[]"
  var kind = "contract_call"

  static func call(
    _ contract: String = contract(1), by account: String = account(1), function: String = "transfer", arguments: String = "[]"
  ) -> String {
    #""contract_id":"\#(contract)","invoking_account":"\#(account)","function_name":"\#(function)","arguments":\#(arguments)"#
  }

  static func creation(_ contract: String, by account: String, arguments: String) -> String {
    """
    "contract_id":"\(contract)","creator_account":"\(account)","deployer":"\(account)","executable":"wasm",\
    "wasm_hash":"\(FilteringTests.hash(9))","external_ref":null,"asset":null,"salt":"\(FilteringTests.hash(8))",\
    "constructor_args":\(arguments)
    """
  }

  static func event(
    _ topics: String, data: String = #""void""#, by contract: String? = nil, type: String = "contract", index: Int = 0
  ) -> String {
    let contract = contract.map { "\"\($0)\"" } ?? "null"
    return
      #"{"contract_id":\#(contract),"type":"\#(type)","topics":\#(topics),"data":\#(data),"event_index":\#(index),"call_index":null}"#
  }

  static func diagnostic(_ topics: String, data: String = #""void""#, by contract: String? = nil, type: String = "diagnostic")
    -> String
  {
    event(topics, data: data, by: contract, type: type).replacing(
      #""event_index":0,"call_index":null"#, with: #""in_successful_contract_call":true,"event_index":0"#)
  }

  static func call(from: String?, to: String, function: String) -> String {
    let from = from.map { "\"\($0)\"" } ?? "null"
    return """
      {"index":1,"parent":0,"depth":1,"from_contract":\(from),"to_contract":"\(to)","function":"\(function)","arguments":[],\
      "arguments_ambiguous":false,"return_value":null,"successful":true}
      """
  }

  static func change(
    of contract: String, _ operation: String, _ durability: String = "persistent", key: String = #"{"symbol":"k"}"#,
    old: String = "null", new: String = "null"
  ) -> String {
    """
    {"contract_id":"\(contract)","entry":"data","key":\(key),"code_hash":null,"old_value":\(old),"new_value":\(new),\
    "operation":"\(operation)","durability":"\(durability)"}
    """
  }

  var line: String {
    let outcome = """
      ,"return_value":null,"events":\(events),"diagnostic_events":\(diagnostics),"contract_calls":\(calls),\
      "state_changes":\(state),"ttl_extensions":\(extensions),"auth":\(auth)
      """
    let isFootprint = kind == "extend_ttl" || kind == "restore_footprint"
    return """
      {"_schema":"soroban-pipes.contract_invocation.v1","meta":{"ledger_sequence":\(ledger),"closed_at":"\(closedAt)",\
      "tx_hash":"\(hash)","tx_index":1,"op_index":0,"successful":\(successful),"data_source":"live",\
      "archive_restorations":\(restorations),"toid":"1","protocol_version":26,"tx_successful":true,"result_code":\(resultCode),\
      "tx_result_code":"tx_success","inner_tx_hash":\(innerHash),"fee_account":"\(account(7))","source_account":"\(account(7))",\
      "fee_charged":"1","resources":null},"\(kind)":{\(what)\(isFootprint ? "" : outcome)}}
      """
  }
}

// MARK: forms

/// The forms of a record. A filter gives the same result for all of them.
enum RecordForm: CaseIterable { case xdr, raw, sep51, native }

/// Records in one of the forms.
struct Records {
  let form: RecordForm
  let records: [[UInt8]]

  /// `lines`: records whose values are raw or in SEP-51 style.
  init(_ lines: [String], as form: RecordForm) throws {
    var parser = Parser()
    self.form = form
    records = try lines.map { line in
      let isEvent = line.contains("soroban-pipes.contract_event.v1")
      let type = Schema.shared.id(isEvent ? "ContractEventRecord" : "ContractInvocation")
      var record = ByteBuffer()
      do { try parser.parse(type, Array(line.utf8).bytes, into: &record) } catch let error as JSONError {
        Issue.record(
          "\(error.description) at \(line.utf8.dropFirst(error.offset).prefix(40).map { Character(UnicodeScalar($0)) })")
        throw error
      }
      guard form != .xdr else { return record.bytes.copied }
      var text = ByteBuffer()
      try Renderer(style: form == .raw ? .raw : form == .sep51 ? .sep51 : .native).render(type, record.bytes, into: &text)
      return text.bytes.copied
    }
  }

  init(_ samples: [Sample], as form: RecordForm) throws { try self.init(samples.map(\.line), as: form) }

  /// The indices of the records that the options select.
  func selected(_ options: FilterOptions) throws -> [Int] {
    var filter = RecordFilter(try options.filter())
    return try records.indices.filter { try filter.selects(records[$0], form) }
  }
}

extension RecordFilter {
  mutating func selects(_ record: [UInt8], _ form: RecordForm) throws -> Bool {
    try form == .xdr ? selects(record: record.bytes) : selects(line: record.bytes)
  }
}

/// Options as a test sets them.
func options(_ set: (inout FilterOptions) -> Void) -> FilterOptions {
  var options = FilterOptions()
  set(&options)
  return options
}

/// The indices of the samples that the options select, which must be the same in all forms.
func select(_ samples: [Sample], in forms: [RecordForm] = RecordForm.allCases, _ set: (inout FilterOptions) -> Void) throws
  -> [Int]
{
  let results = try forms.map { try Records(samples, as: $0).selected(options(set)) }
  for (form, result) in zip(forms, results) { #expect(result == results[0], "\(form)") }
  return results[0]
}

extension FilterOptions.Item: ExpressibleByStringInterpolation {
  public init(stringLiteral text: String) { self.init(text) }
}

func items(_ texts: String...) -> [FilterOptions.Item] { texts.map { FilterOptions.Item($0) } }

/// Raw events of all stages and of classic operations.
let eventLines = Repository.lines(Repository.testdata("events.ndjson")).map { String(decoding: $0, as: UTF8.self) }

/// Small synthetic invocations of all kinds and protocols, raw.
let invocationLines = Repository.lines(Repository.testdata("invocations.ndjson")).map { String(decoding: $0, as: UTF8.self) }
