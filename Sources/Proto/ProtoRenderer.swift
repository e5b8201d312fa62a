import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

/// Writes a ContractInvocation record as the protobuf-JSON of the seed service's `ContractInvocationEvent`. It has only the
/// fields of that message, in lowerCamelCase, so that existing consumers can read it with their generated classes and a strict
/// parser.
///
/// ```
///   contract_call.function_name       contractCall.functionName
///   state_changes[].old_value         contractCall.stateChanges[].oldValue      {"type":"SC_VALUE_TYPE_U32","u32Value":1}
///   meta.toid, .resources, auth, …    omitted: the message has no field for them
/// ```
/// Members that are null in the record are omitted. All others are written, including default values, which protobuf-JSON permits
/// and readers find easier to use.
package struct ProtoRenderer: InvocationRenderer, ~Copyable {
  let schema: Schema
  /// Writes everything that is the same in SEP-51: keys and ids, decimals, times.
  let renderer: Renderer
  /// JSON that will be the text of a string.
  var scratch = ByteBuffer(capacity: 256)
  package private(set) var omissions = Omissions(
    counter: "left_out", words: "footprint operations left out, for which ContractInvocationEvent has no field")

  private let record: TypeID
  private let messages: ProtoMessages

  /// Stops the program if the schema lacks a member that a message has.
  package init(_ schema: Schema = .shared) {
    self.schema = schema
    record = schema.id("ContractInvocation")
    renderer = Renderer(style: .sep51, of: record, in: schema)
    // Read before it is a member: of a noncopyable value that is not complete, Swift 6.3.1 releases arrays once too often.
    let messages = ProtoMessages(schema)
    precondition(messages.missing == nil, "the schema lacks a member that a message has")
    self.messages = messages
  }

  package var kinds: Set<RecordKind> { [.contractInvocation] }

  /// Returns false for footprint operations, which the message has no field for.
  package mutating func render(_ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError) -> Bool {
    // Checks the complete record first, because the code below does not walk all of it.
    try schema.validate(record, bytes)
    var cursor = Cursor(bytes)
    let start = out.count
    if try message(messages.record, &cursor, &out) { return true }
    out.truncate(to: start)
    omissions.count += 1
    return false
  }

  // MARK: messages

  /// Writes a structure as a message. Returns false if there is no message for it; the caller then removes what was written.
  private mutating func message(
    _ fields: Range<Int32>, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    var isMessage = true
    // The field and position of a substitute, and the position of the creator.
    var (substitute, position, creator) = (Int32(-1), 0, 0)
    out.append("{")
    for index in fields {
      var field = messages.fields[Int(index)]
      var isPresent = !field.isVersioned || cursor.isSecondVersion
      for _ in 0..<field.optionals where isPresent { isPresent = try cursor.flag() }
      // The position of the value that is written, if it is another one.
      var elsewhere = -1
      if isPresent {
        switch field.role {
        case .own, .replaceable: break
        case .creator: creator = cursor.position
        case .substitute:
          (substitute, position) = (index, cursor.position)
          field.isWritten = false
        case .asset:
          try schema.skip(field.node, &cursor)
          (field.node, elsewhere) = (schema.accountID.node, creator)
        }
      } else {
        guard substitute >= 0, field.role == .replaceable || field.role == .asset else { continue }
        (field, elsewhere) = (messages.fields[Int(substitute)], position)
      }
      if !field.isWritten {
        try schema.skip(field.node, &cursor)
        continue
      }
      let next = cursor.position
      if elsewhere >= 0 { cursor.position = elsewhere }
      if try !write(field, &cursor, &out) { isMessage = false }
      if elsewhere >= 0 { cursor.position = next }
    }
    out.append("}")
    return isMessage
  }

  /// Reads and writes one member. Returns false if its value rules out a message.
  @inline(__always)
  private mutating func write(
    _ field: ProtoMessages.Field, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    if field.text.utf8CodeUnitCount > 0 {
      if out.bytes[out.count &- 1] != UInt8(ascii: "{") { out.append(UInt8(ascii: ",")) }
      out.append(field.text)
    }
    switch field.content {
    case .sep51: try renderer.value(field.node, &cursor, &out)
    case .number: out.append(decimal: UInt64(try cursor.uint32()))
    case .flag: if try cursor.flag() { out.append("true") } else { out.append("false") }
    case .base64: base64(try cursor.take(Int(schema.node(field.node).size)), &out)
    case .address: try address(field.node, &cursor, &out)
    case .value: try value(&cursor, &out)
    case .values: try values(&cursor, &out)
    case .message(let fields): return try message(fields, &cursor, &out)
    case .messages(let fields):
      out.append("[")
      let first = out.count
      for _ in 0..<(try cursor.count(minimum: 4)) {
        let start = out.count
        if start > first { out.append(",") }
        if try !message(fields, &cursor, &out) { out.truncate(to: start) }
      }
      out.append("]")
    case .choice(let choices):
      let (node, value) = (schema.node(field.node), try cursor.int32())
      guard let member = schema.member(of: node, value: value) else {
        throw XDRError(.unknownValue, at: cursor.position - 4, node: field.node, value: Int64(value))
      }
      let choice = messages.fields[Int(choices.lowerBound &+ member &- node.first)]
      if !choice.isWritten { return false }
      if case .message(let fields) = choice.content {
        out.append(",")
        out.append(choice.text)
        return try message(fields, &cursor, &out)
      }
      out.append(choice.text)
    }
    return true
  }
}
