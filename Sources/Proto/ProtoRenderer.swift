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
  /// For each field that is kept, the position of its member in the record; -1 if it is absent.
  private var positions: [Int]

  /// Stops the program if the schema lacks a member that a message has.
  package init(_ schema: Schema = .shared) {
    self.schema = schema
    record = schema.id("ContractInvocation")
    renderer = Renderer(style: .sep51, of: record, in: schema)
    // Read before it is a member: of a noncopyable value that is not complete, Swift 6.3.1 releases arrays once too often.
    let messages = ProtoMessages(schema)
    precondition(messages.missing.isEmpty, "the schema has no \(messages.missing.first ?? "")")
    positions = Array(repeating: -1, count: messages.fields.count)
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
    shortfall.count += 1
    return false
  }

  // MARK: messages

  /// Writes a structure as a message. Returns false if there is no message for it; the caller then removes what was written.
  private mutating func message(
    _ fields: Range<Int32>, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) -> Bool {
    var isMessage = true
    out.append("{")
    for index in fields {
      var field = messages.fields[Int(index)]
      var isPresent = !field.isVersioned || cursor.isSecondVersion
      for _ in 0..<field.optionals where isPresent { isPresent = try cursor.flag() }
      if field.isKept { positions[Int(index)] = isPresent ? cursor.position : -1 }
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

  /// Writes one member, and skips it. Returns false if it rules out a message. Inlining saves 2 % of all instructions.
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

  /// Reads an enumeration or the discriminant of a union, and returns the place of the value or arm in the schema.
  private func place(in index: Int32, _ cursor: inout Cursor) throws(XDRError) -> Int {
    let (node, value) = (schema.node(index), try cursor.int32())
    guard let member = schema.member(of: node, value: value) else {
      throw XDRError(.unknownValue, at: cursor.position - 4, node: index, value: Int64(value))
    }
    return Int(member - node.first)
  }

  /// Writes a key, with a comma unless the object is still empty.
  private func key(_ text: Range<Int32>, _ out: inout ByteBuffer) {
    let isFirst = out.bytes[out.count &- 1] == UInt8(ascii: "{")
    out.append(messages.texts.bytes.extracting(Int(text.lowerBound) + (isFirst ? 1 : 0)..<Int(text.upperBound)))
  }
}
