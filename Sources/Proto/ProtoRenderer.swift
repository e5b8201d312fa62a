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
  package private(set) var shortfall = Shortfall(
    counter: "left_out", words: "footprint operations left out, for which ContractInvocationEvent has no field")

  private let record: TypeID
  private let messages: ProtoMessages
  /// For each field, where its member is in the record; -1 if it is absent.
  private var positions: [Int]

  package init() { self.init(.shared) }

  init(_ schema: Schema) {
    self.schema = schema
    record = schema.id("ContractInvocation")
    renderer = Renderer(style: .sep51, of: record, in: schema)
    messages = ProtoMessages(schema)
    positions = Array(repeating: -1, count: messages.fields.count)
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
    shortfall.count += 1
    return false
  }

  // MARK: messages

  /// Writes a message. Returns false if there is none for what it describes; the caller then removes what was written.
  private mutating func message(
    _ fields: Range<Int32>, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    var isMessage = true
    out.append("{")
    for index in fields {
      var field = messages.fields[Int(index)]
      var isPresent = !field.isVersioned || cursor.isSecondVersion
      for _ in 0..<field.optionals where isPresent { isPresent = try cursor.flag() }
      if field.isReferred { positions[Int(index)] = isPresent ? cursor.position : -1 }
      if field.isSubstitute { (field.content, field.text) = (.nothing, 0..<0) }
      let next = cursor.position
      if !isPresent {
        let substitute = index &- field.substitute
        if substitute == index || positions[Int(substitute)] < 0 { continue }
        field = messages.fields[Int(substitute)]
        cursor.position = positions[Int(substitute)]
      }
      if try !write(field, index, &cursor, &out) { isMessage = false }
      if !isPresent { cursor.position = next }
    }
    out.append("}")
    return isMessage
  }

  /// Writes a member. Returns false if there is no message because of it.
  @inline(__always)
  private mutating func write(
    _ field: ProtoMessages.Field, _ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    if !field.text.isEmpty { key(field.text, &out) }
    switch field.content {
    case .nothing: try schema.skip(field.node, &cursor)
    case .number: out.append(decimal: UInt64(try cursor.uint32()))
    case .flag: if try cursor.flag() { out.append("true") } else { out.append("false") }
    case .sep51: try renderer.value(field.node, &cursor, &out)
    case .base64: base64(try cursor.take(Int(schema.node(field.node).size)), &out)
    case .address: try address(field.node, &cursor, &out)
    case .value: try value(&cursor, &out)
    case .values: try values(&cursor, &out)
    case .message(let fields): return try message(fields, &cursor, &out)
    case .messages(let fields): try list(of: fields, &cursor, &out)
    case .arms(let arms):
      let arm = messages.fields[Int(arms.lowerBound) + (try place(in: field.node, &cursor))]
      guard case .message(let fields) = arm.content else { return false }
      key(arm.text, &out)
      return try message(fields, &cursor, &out)
    case .names(let names):
      let name = messages.fields[Int(names.lowerBound) + (try place(in: field.node, &cursor))]
      out.append(messages.texts.bytes.extracting(Int(name.text.lowerBound)..<Int(name.text.upperBound)))
    case .entryKind: return try cursor.uint32() != Self.code
    case .earlier(let distance):
      try schema.skip(field.node, &cursor)
      var earlier = Cursor(cursor.bytes, at: positions[Int(index - distance)])
      try renderer.value(messages.fields[Int(index - distance)].node, &earlier, &out)
    }
    return true
  }

  private mutating func list(of fields: Range<Int32>, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append("[")
    let first = out.count
    for _ in 0..<(try cursor.count(minimum: 4)) {
      let start = out.count
      if start > first { out.append(",") }
      if try !message(fields, &cursor, &out) { out.truncate(to: start) }
    }
    out.append("]")
  }

  /// The EntryKind of contract code, which has no ScVal key.
  private static let code: UInt32 = 2

  /// Reads which arm of a union or value of an enumeration it is: its place among all of them.
  private func place(in index: Int32, _ cursor: inout Cursor) throws(XDRError) -> Int {
    let (node, value) = (schema.node(index), try cursor.int32())
    guard let member = schema.member(of: node, value: value) else {
      throw XDRError(.unknownValue, at: cursor.position - 4, node: index, value: Int64(value))
    }
    return Int(member - node.first)
  }

  /// Begins the next field of the current object.
  private func key(_ text: Range<Int32>, _ out: inout ByteBuffer) {
    let isFirst = out.bytes[out.count &- 1] == UInt8(ascii: "{")
    out.append(messages.texts.bytes.extracting(Int(text.lowerBound) + (isFirst ? 1 : 0)..<Int(text.upperBound)))
  }
}
