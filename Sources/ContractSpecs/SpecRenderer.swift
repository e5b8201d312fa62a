import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

/// ContractInvocation and ContractEvent records with the names and types that the contracts declare (`--spec`).
///
/// ```
///   declared          on the wire                        native                              sep51
///   struct            {"amount":…,"kind":1}              {"amount":"7","kind":"Limit"}       {"amount":{"i128":"7"},"kind":"Limit"}
///   tuple struct      ["USD",3]                          ["USD",3]                           [{"symbol":"USD"},{"u32":3}]
///   union             ["Admin"]   ["Order",1]            "Admin"   {"Order":[1]}             "Admin"   {"Order":[{"u32":1}]}
///   enum, error enum  1   error 2                        "Limit"   "TooSmall"                "Limit"   "TooSmall"
///   option            void or the value                  null or the value                   null or the value
///   result            the value, or error 2              the value, {"error":"TooSmall"}     the value, {"error":"TooSmall"}
///   vec, tuple        a vec                              an array                            an array
///   map               a map                              as without a specification          {"map":[{"key":…,"val":…}]}
///   other types       a value of that kind               as without a specification          as without a specification
/// ```
/// Its `_schema` is another one, ending in `_spec.v1`, since its values are not those of the plain record.
/// A record keeps its members, whatever reads it: `arguments` and `topics` stay arrays in order, their elements as their types say. The
/// names that the contract declares for their elements stand behind them, in arrays of the same length, where the declaration applies:
/// ```
///   "arguments":["G…","7"],"argument_names":["to","amount"]                behind constructor_args: constructor_arg_names
///   "topics":["transfer","G…"],"topic_names":[null,"to"],"event_name":"Transfer",
///   "data":"7","data_name":"amount"         of a single value         "data":["7",1],"data_names":["amount","fee"]        of a vec
///   "data":{"amount":"7"}                   of a map, which has names itself
/// ```
/// For stored values a specification declares types, but not which entry has which. A key or value that fits exactly one
/// declared struct or union is taken for one; what fits none was never declared to, and is not counted.
package struct SpecRenderer: InvocationRenderer, ~Copyable {
  let schema = Schema.shared
  let renderer: Renderer
  let specs: ContractSpecs
  /// Counts values, and events as a whole.
  package internal(set) var shortfall = Shortfall(
    counter: "spec_mismatches", words: "values that do not fit the types of --spec, written as without it")

  private let record = Schema.shared.id("ContractInvocation")
  private let eventRecord = Schema.shared.id("ContractEventRecord")
  /// What the members of the record's structures are to the specification, by the schema's numbers.
  private let roles = SpecRenderer.sharedRoles
  private static let sharedRoles = roles(.shared)

  enum Role: Sendable {
    case none
    /// What the record is: other values and members than the plain record has make it another one.
    case mark
    /// The contract that the structure is about, and its function.
    case contract, function
    case arguments, constructorArguments, returnValue
    case eventType, topics, data
    /// Where an event stands that is a record itself.
    case stage
    case stored
  }

  /// What is known of a structure by the members that were written already.
  struct Scope {
    var contract: Hash32?
    var functionName: Range<Int>?
    /// The function's declaration.
    var function: Int?
    var eventType = ContractEventType.contract
    /// The event is the transaction's, not an operation's.
    var isOfTransaction = false
  }

  package init(_ specs: ContractSpecs, style: ValueStyle) {
    self.init(specs, renderer: Self.renderer(style: style))
  }

  /// The renderer of `renderer(style:)`, or a copy of it: a thread that reads many specifications compiles it once.
  package init(_ specs: ContractSpecs, renderer: Renderer) {
    self.specs = specs
    self.renderer = renderer
  }

  /// A renderer of what no specification is about.
  package static func renderer(style: ValueStyle) -> Renderer {
    Renderer(style: style, of: Schema.shared.id("ContractInvocation"), Schema.shared.id("ContractEventRecord"))
  }

  package var kinds: Set<RecordKind> { [.contractInvocation, .contractEvent] }

  package mutating func render(_ record: RawSpan, into out: inout ByteBuffer) throws(XDRError) -> Bool {
    // Checked as a whole first: what is looked at ahead below is known to be there.
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

  /// The members of a structure, without braces; those of a structure, or the arm, that is spread in it share its scope.
  private mutating func members(
    of node: Node, _ scope: inout Scope, isFirst: inout Bool, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    if node.kind == .union {
      let arm = try schema.arm(of: node, -1, &cursor)
      if arm.isSpread { return try members(of: schema.node(arm.node), &scope, isFirst: &isFirst, &cursor, &out) }
      separate(&isFirst, &out)
      out.append(schema.key(arm))
      return try value(arm.node, &cursor, &out)
    }
    for index in node.first..<node.first + node.count {
      let member = schema.member(index)
      let inside = schema.node(member.node)
      if member.isSpread {
        try members(of: inside, &scope, isFirst: &isFirst, &cursor, &out)
        continue
      }
      // The data of an event was written with its topics.
      let role = Int(index) < roles.count ? roles[Int(index)] : .none
      if role == .data { continue }
      let isInside = inside.kind == .omittable || inside.kind == .versioned
      if inside.kind == .omittable, try !cursor.flag() { continue }
      if inside.kind == .versioned, !cursor.isSecondVersion { continue }
      separate(&isFirst, &out)
      out.append(schema.key(member))
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
      let function = scope.contract.flatMap { specs.constructor(of: $0, argumentCount: count) }
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

  /// Those of a function that takes another number of them are all written as without a specification, and have no names.
  private mutating func arguments(
    _ function: Int?, _ namesKey: StaticString, _ node: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    guard let function else { return try value(node, &cursor, &out) }
    let inputs = specs.functions[function].inputs
    let count = Int(cursor.bytes.word(at: cursor.position))
    guard inputs.count == count else {
      shortfall.count += count
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

  /// An array of names; null for topics without one.
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

  /// A name as the record's own names are: escaped as in SEP-51.
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

  /// The contract whose id, address, or optional one of those comes next; nil for any other address.
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
  /// Members by the names of their types.
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
