import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

/// Writes ContractInvocation and ContractEvent records with the names and types from contract specifications (`--spec`).
///
/// ```
///   declared          on the wire                   native                              sep51
///   struct            {"amount":…,"kind":1}         {"amount":"7","kind":"Limit"}       {"amount":{"i128":"7"},"kind":"Limit"}
///   tuple struct      ["USD",3]                     ["USD",3]                           [{"symbol":"USD"},{"u32":3}]
///   union             ["Admin"]   ["Order",1]       "Admin"   {"Order":[1]}             "Admin"   {"Order":[{"u32":1}]}
///   enum, error enum  1   error 2                   "Limit"   "TooSmall"                "Limit"   "TooSmall"
///   option            void or the value             null or the value                   null or the value
///   result            the value, or error 2         the value, {"error":"TooSmall"}     the value, {"error":"TooSmall"}
///   vec, tuple        a vec                         an array                            an array
///   map               a map                         as without a specification          {"map":[{"key":…,"val":…}]}
///   other types       a value of that kind          as without a specification          as without a specification
/// ```
/// The record's `_schema` is different and ends in `_spec.v1`, because its values differ from those of the plain record.
/// The members of the record stay the same, so that all readers find them: `arguments` and `topics` are still arrays in order,
/// with elements written by their types. If a declaration applies, the names of the elements follow, in arrays of the same
/// length:
/// ```
///   "arguments":["G…","7"],"argument_names":["to","amount"]                after constructor_args: constructor_arg_names
///   "topics":["transfer","G…"],"topic_names":[null,"to"],"event_name":"Transfer",
///   "data":"7","data_name":"amount"         of a single value     "data":["7",1],"data_names":["amount","fee"]    of a vec
///   "data":{"amount":"7"}                   of a map, which contains the names
/// ```
/// A specification declares the types of stored values, but not which entry has which type. A key or value that fits exactly one
/// declared struct or union is written as that type. Other stored values are not counted as mismatches.
package struct SpecRenderer: InvocationRenderer, ~Copyable {
  let schema = Schema.shared
  /// Writes everything that no specification describes.
  let renderer: Renderer
  let specs: ContractSpecs
  /// Counts values, and events as one each.
  package internal(set) var omissions = Omissions(
    counter: "spec_mismatches", words: "values that do not fit the types of --spec, written as without it")

  private let record = Schema.shared.id("ContractInvocation")
  private let eventRecord = Schema.shared.id("ContractEventRecord")
  /// The role of each member of the record's structures, by its number in the schema.
  private let roles = SpecRenderer.sharedRoles
  private static let sharedRoles = roles(.shared)

  enum Role: Sendable {
    case none
    /// The `_schema` member, which differs because the record has other values and members than the plain record.
    case mark
    /// The contract that the structure is about, and the function.
    case contract, function
    case arguments, constructorArguments, returnValue
    case eventType, topics, data
    /// The stage of an event record.
    case stage
    case stored
  }

  /// The facts from the members of a structure that were already written.
  struct Scope {
    var contract: Hash32?
    var functionName: Range<Int>?
    /// The index of the function's declaration.
    var function: Int?
    var eventType = ContractEventType.contract
    /// Whether the event belongs to the transaction, not to an operation.
    var isOfTransaction = false
  }

  package init(_ specs: ContractSpecs, style: ValueStyle) {
    self.specs = specs
    renderer = Renderer(style: style, of: record, eventRecord)
  }

  package var kinds: Set<RecordKind> { [.contractInvocation, .contractEvent] }

  package mutating func render(_ record: RawSpan, into out: inout ByteBuffer) throws(XDRError) -> Bool {
    // Checks the complete record first, so that the code below can read ahead.
    let type = RecordKind(record) == .contractEvent ? eventRecord : self.record
    try schema.validate(type, record)
    var cursor = Cursor(record)
    try value(type.node, &cursor, &out)
    return true
  }

  // MARK: the walk

  private mutating func value(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let node = schema.node(index)
    guard node.form == .plain else { return try renderer.value(index, &cursor, &out) }
    switch node.kind {
    case .structure:
      out.append("{")
      var scope = Scope()
      var isFirst = true
      try members(of: node, &scope, isFirst: &isFirst, &cursor, &out)
      out.append("}")
    case .array:
      out.append("[")
      for offset in 0..<(try cursor.count(minimum: 0)) {
        if offset > 0 { out.append(",") }
        try value(node.element, &cursor, &out)
      }
      out.append("]")
    case .optional, .omittable, .versioned:
      if try cursor.flag() { try value(node.element, &cursor, &out) } else { out.append("null") }
    default: try renderer.value(index, &cursor, &out)
    }
  }

  /// Writes the members of a structure without braces. Structures and arms that are spread in it share its scope.
  private mutating func members(
    of node: Node, _ scope: inout Scope, isFirst: inout Bool, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    if node.kind == .union {
      let arm = try schema.arm(of: node, -1, &cursor)
      if arm.isSpread { return try members(of: schema.node(arm.node), &scope, isFirst: &isFirst, &cursor, &out) }
      separate(&isFirst, &out)
      schema.append(keyOf: arm, to: &out)
      return try value(arm.node, &cursor, &out)
    }
    for index in node.first..<node.first + node.count {
      let member = schema.member(index)
      let inside = schema.node(member.node)
      if member.isSpread {
        try members(of: inside, &scope, isFirst: &isFirst, &cursor, &out)
        continue
      }
      // The data of an event is written with its topics.
      let role = Int(index) < roles.count ? roles[Int(index)] : .none
      if role == .data { continue }
      let isInside = inside.kind == .omittable || inside.kind == .versioned
      if inside.kind == .omittable, try !cursor.flag() { continue }
      if inside.kind == .versioned, !cursor.isSecondVersion { continue }
      separate(&isFirst, &out)
      schema.append(keyOf: member, to: &out)
      try self.member(role, isInside ? inside.element : member.node, &scope, &cursor, &out)
    }
  }

  private func separate(_ isFirst: inout Bool, _ out: inout ByteBuffer) {
    if !isFirst { out.append(",") }
    isFirst = false
  }

  private mutating func member(
    _ role: Role, _ node: Int32, _ scope: inout Scope, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    switch role {
    case .none, .data: try value(node, &cursor, &out)
    case .mark:
      let isEvent = RecordKind(cursor.bytes) == .contractEvent
      try schema.skip(TypeID(node: node), &cursor)
      out.append(isEvent ? Self.eventMark : Self.invocationMark)
    case .contract:
      scope.contract = contract(cursor, node)
      try value(node, &cursor, &out)
    case .function:
      var ahead = cursor
      scope.functionName = try ahead.opaqueRange()
      try value(node, &cursor, &out)
    case .stage:
      let position = cursor.position
      scope.isOfTransaction =
        cursor.bytes.word(at: position) == 1 && cursor.bytes.word(at: position + 4) != EventStage.operation.rawValue
      try value(node, &cursor, &out)
    case .eventType:
      scope.eventType = cursor.bytes.word(at: cursor.position)
      try value(node, &cursor, &out)
    case .arguments:
      if let contract = scope.contract, let name = scope.functionName {
        let count = Int(cursor.bytes.word(at: cursor.position))
        scope.function = specs.function(of: contract, named: cursor.slice(name), argumentCount: count)
      }
      try arguments(scope.function, #","argument_names":"#, node, &cursor, &out)
    case .constructorArguments:
      let count = Int(cursor.bytes.word(at: cursor.position))
      let name = Array("__constructor".utf8)
      let function = scope.contract.flatMap { specs.function(of: $0, named: name.bytes, argumentCount: count) }
      try arguments(function, #","constructor_arg_names":"#, node, &cursor, &out)
    case .returnValue: try returnValue(scope.function, node, &cursor, &out)
    case .topics: try event(scope, &cursor, &out)
    case .stored:
      guard let contract = scope.contract else { return try value(node, &cursor, &out) }
      if try cursor.flag() { try stored(contract, &cursor, &out) } else { out.append("null") }
    }
  }

  private static let invocationMark: StaticString = #""soroban-pipes.contract_invocation_spec.v1""#
  private static let eventMark: StaticString = #""soroban-pipes.contract_event_spec.v1""#

  // MARK: functions

  /// Writes arguments. If the function has another number of them, all are written as without a specification and without names.
  private mutating func arguments(
    _ function: Int?, _ namesKey: StaticString, _ node: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    guard let function else { return try value(node, &cursor, &out) }
    let inputs = specs.functions[function].inputs
    let count = Int(cursor.bytes.word(at: cursor.position))
    guard inputs.count == count else {
      omissions.count += count
      return try value(node, &cursor, &out)
    }
    try cursor.skip(4)
    out.append("[")
    for index in inputs {
      if index > inputs.lowerBound { out.append(",") }
      try declared(specs.parts[Int(specs.members[index].first)], &cursor, &out)
    }
    out.append("]")
    out.append(namesKey)
    names(specs.members[inputs], &out)
  }

  /// An array of names; null for the first `unnamed` topics.
  func names(after unnamed: Int = 0, _ members: some Collection<ContractSpecs.Member>, _ out: inout ByteBuffer) {
    out.append("[")
    var isFirst = true
    for _ in 0..<unnamed {
      separate(&isFirst, &out)
      out.append("null")
    }
    for member in members {
      separate(&isFirst, &out)
      name(member.name, &out)
    }
    out.append("]")
  }

  /// A name in quotes, escaped as in SEP-51, like the names in plain records.
  func name(_ text: Range<Int>, _ out: inout ByteBuffer) {
    out.append(UInt8(ascii: "\""))
    out.append(escaped: specs.text(text))
    out.append(UInt8(ascii: "\""))
  }

  private mutating func returnValue(
    _ function: Int?, _ node: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    guard let function, let output = specs.functions[function].output else { return try value(node, &cursor, &out) }
    if try cursor.flag() { try declared(output, &cursor, &out) } else { out.append("null") }
  }

  /// The contract of the next value, an id, an address, or an optional one of these; nil for other addresses.
  private func contract(_ cursor: borrowing Cursor, _ node: Int32) -> Hash32? {
    var position = cursor.position
    var node = schema.node(node)
    if node.kind == .optional {
      guard cursor.bytes.word(at: position) == 1 else { return nil }
      position += 4
      node = schema.node(node.element)
    }
    if node.form == .address {
      guard cursor.bytes.word(at: position) == 1 else { return nil }
      position += 4
    }
    return Hash32(cursor.bytes, at: position)
  }
}

extension SpecRenderer {
  /// The roles of members, by the names of their types.
  private static func roles(_ schema: Schema) -> [Role] {
    let table: [(type: StaticString, member: String, role: Role)] = [
      ("ContractInvocation", "_schema", .mark), ("ContractEventRecord", "_schema", .mark),
      ("ContractCall", "contract_id", .contract), ("ContractCall", "function_name", .function),
      ("ContractCall", "arguments", .arguments), ("CreateContract", "contract_id", .contract),
      ("ContractCreation", "constructor_args", .constructorArguments), ("InvocationOutcome", "return_value", .returnValue),
      ("SubCall", "to_contract", .contract), ("SubCall", "function", .function), ("SubCall", "arguments", .arguments),
      ("SubCall", "return_value", .returnValue), ("InvocationEvent", "contract_id", .contract),
      ("InvocationEvent", "type", .eventType), ("InvocationEvent", "topics", .topics), ("InvocationEvent", "data", .data),
      ("EventBody", "stage", .stage), ("EventBody", "contract_id", .contract), ("EventBody", "type", .eventType),
      ("EventBody", "topics", .topics), ("EventBody", "data", .data),
      ("InvocationDiagnosticEvent", "contract_id", .contract), ("InvocationDiagnosticEvent", "type", .eventType),
      ("InvocationDiagnosticEvent", "topics", .topics), ("InvocationDiagnosticEvent", "data", .data),
      ("StateChange", "contract_id", .contract), ("StateChange", "key", .stored), ("StateChange", "old_value", .stored),
      ("StateChange", "new_value", .stored), ("TTLExtension", "contract_id", .contract), ("TTLExtension", "key", .stored),
      ("ArchiveRestoration", "contract_id", .contract), ("ArchiveRestoration", "key", .stored),
      ("AuthContractFunction", "contract_id", .contract), ("AuthContractFunction", "function", .function),
      ("AuthContractFunction", "arguments", .arguments), ("AuthContractCreation", "contract_id", .contract),
    ]
    var roles: [Role] = []
    for (type, name, role) in table {
      let node = schema.node(schema.id(type).node)
      for index in node.first..<node.first + node.count where schema.name(schema.member(index)) == name {
        while roles.count <= Int(index) { roles.append(.none) }
        roles[Int(index)] = role
      }
    }
    return roles
  }
}
