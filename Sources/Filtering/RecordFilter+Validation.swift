import Bytes
import StellarJSON
import StellarXDR

extension RecordFilter {
  /// Reads a line as a whole, strictly, and checks that it is a ContractInvocation: by its schema, its meta, and exactly one body.
  func validate(line: RawSpan) throws(RecordError) {
    var hasSchema = false
    var hasMeta = false
    var bodies = 0
    do throws(JSONError) {
      var cursor = JSONCursor(line)
      let isObject = try cursor.peek() == UInt8(ascii: "{")
      if !isObject { try cursor.skipValue() }
      try cursor.enter()
      if isObject, try cursor.beginObject() {
        repeat {
          let name = try cursor.memberName()
          let first = try cursor.peek()
          let start = cursor.position
          try cursor.skipValue()
          if line.says("_schema", name) {
            hasSchema = line.extracting(start..<cursor.position).equals("\"soroban-pipes.contract_invocation.v1\"")
          } else if line.says("meta", name) {
            hasMeta = first == UInt8(ascii: "{")
          } else if shapes.number(of: name, line, in: shapes.body) != nil {
            bodies += first == UInt8(ascii: "{") ? 1 : 2
          }
        } while try cursor.next(before: UInt8(ascii: "}"))
      }
      try cursor.expectEnd()
    } catch { throw .json(error) }
    guard hasSchema, hasMeta, bodies == 1 else { throw .wrongLine }
  }
}
