import Bytes
import Ledgers
import StellarJSON
import StellarXDR

/// Why a record cannot be read.
package enum RecordError: Error {
  /// A line that the scanner could not read. The filter reads it again strictly for the exact error, so callers never get this
  /// case.
  case malformed
  case json(JSONError)
  /// XDR that is not a complete record; the error's offset is in the record.
  case xdr(XDRError)
  /// A `{"xdr":"…"}` that does not contain an SCVal.
  case value(XDRError, offset: Int)
  /// Options that do not apply to records of this kind, if the input starts with one.
  case inapplicable([String], RecordKind)
  /// A member of a line that does not have the required form.
  case member(String, offset: Int)
  /// Another record; nil if its kind is unknown.
  case wrongKind(RecordKind?)
  /// A line that is not an object, or does not have one of our `_schema` values.
  case wrongLine
  /// A line that is an array.
  case array
}

extension RecordError {
  /// The offset in the record.
  package var offset: Int {
    switch self {
    case .json(let error): error.offset
    case .xdr(let error): error.offset
    case .value(_, let offset), .member(_, let offset): offset
    case .malformed, .inapplicable, .wrongKind, .wrongLine, .array: 0
    }
  }

  /// The message, with the path to the error in `record`.
  package func description(of record: RawSpan) -> String {
    let schema = Schema.shared
    switch self {
    case .malformed: return "not JSON"
    case .inapplicable(let options, let kind):
      let verb = options.count == 1 ? "does" : "do"
      return "\(options.joined(separator: ", ")) \(verb) not apply to \(kind.rawValue) records, and the input begins with one"
    case .json(let error): return error.message(in: record)
    case .xdr(let error):
      let type = schema.id(RecordKind(record) == .contractEvent ? "ContractEventRecord" : "ContractInvocation")
      return schema.message(for: error, in: type, record)
    case .value(let error, let offset): return jsonPath(to: offset, in: record) + error.description(schema)
    case .member(let what, let offset): return jsonPath(to: offset, in: record) + what
    case .wrongKind(let kind):
      return (RecordKind(whole: record) ?? kind)?.refusal(by: .eventFilter)
        ?? "this is not a ContractInvocation, which invocation-extract makes from transactions"
    case .wrongLine:
      let kind = RecordKind(line: record)
      if kind == .contractEvent {
        return
          "this is not a ContractEvent, a line that begins with {\"_schema\":\"soroban-pipes.contract_event.v1\" and has a meta and an event"
      }
      return kind?.refusal(by: .eventFilter)
        ?? "this is not a ContractInvocation, a line that begins with {\"_schema\":\"soroban-pipes.contract_invocation.v1\"; invocation-extract makes them"
    case .array: return JSONError.arrayForLines
    }
  }
}
