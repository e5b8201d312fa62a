import Bytes
import Ledgers
import StellarJSON
import StellarXDR

extension RecordFilter {
  /// Reads a complete line strictly, and checks that it is a ContractInvocation or a ContractEvent, by its schema, its meta, and
  /// exactly one body.
  package func validate(line: RawSpan) throws(RecordError) {
    var kind: RecordKind?
    var hasMeta = false
    var bodies = 0
    var events = 0
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      let isObject = try cursor.peek() == UInt8(ascii: "{")
      if !isObject { try cursor.skipValue() }
      if isObject, try cursor.beginObject() {
        repeat {
          let name = try cursor.memberName()
          let first = try cursor.peek()
          let start = cursor.position
          try cursor.skipValue()
          if line.equals("_schema", name) {
            let schema = line.extracting(start..<cursor.position)
            kind = Self.kind(ofSchema: schema)
          } else if line.equals("meta", name) {
            hasMeta = first == UInt8(ascii: "{")
          } else if shapes.schema.number(of: name, line, in: shapes.body.node) != nil {
            bodies += first == UInt8(ascii: "{") ? 1 : 2
          } else if line.equals("event", name) {
            events += first == UInt8(ascii: "{") ? 1 : 2
          }
        } while try cursor.next(before: UInt8(ascii: "}"))
      }
      try cursor.expectEnd()
    } catch { throw .json(error) }
    guard hasMeta, let kind, kind == .contractEvent ? events == 1 && bodies == 0 : bodies == 1 else { throw .wrongLine }
  }

  /// The kind of a record by its `_schema`, given with its quotes.
  private static func kind(ofSchema schema: RawSpan) -> RecordKind? {
    if schema.equals("\"soroban-pipes.contract_invocation.v1\"") || schema.equals("\"soroban-pipes.contract_invocation_spec.v1\"")
    {
      return .contractInvocation
    }
    if schema.equals("\"soroban-pipes.contract_event.v1\"") || schema.equals("\"soroban-pipes.contract_event_spec.v1\"") {
      return .contractEvent
    }
    return nil
  }
}
