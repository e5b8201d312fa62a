import StellarXDR

/// The messages that a record and its parts become. The members of the record are found by name in the schema, once, so a member
/// that its message does not have is skipped wherever it is.
struct ProtoMessages {
  /// What is written for a member of a structure, an arm of a union, or a value of an enumeration. A message is a range of fields,
  /// one for each member in XDR order.
  struct Field {
    enum Content {
      /// Nothing: the message has no such field.
      case nothing
      case number, flag, sep51, base64, address, value, values
      /// A structure, or an array of structures, with the fields of its message.
      case message(Range<Int32>)
      case messages(Range<Int32>)
      /// A union, with a field for each arm.
      case arms(Range<Int32>)
      /// An enumeration, with a field for each value, whose text is written.
      case names(Range<Int32>)
      /// An EntryKind. It is not written, but decides whether there is a message.
      case entryKind
      /// The value of an earlier member, which is at this distance, instead of its own.
      case earlier(Int32)
    }

    /// The type inside the optionals.
    var node: Int32
    var optionals: UInt8 = 0
    var isVersioned = false
    /// The range of `,"name":` in the texts; empty if the member has no name in the message.
    var text: Range<Int32> = 0..<0
    var content = Content.nothing
    /// A later field uses this member, so its position is kept.
    var isKept = false
    /// This member is only written in place of a later one that is absent.
    var isSubstitute = false
    /// The distance of the earlier member that is written if this one is absent; 0 for none.
    var substitute: Int32 = 0

    init(_ member: Member, _ schema: Schema) {
      node = member.node
      while node >= 0, case let type = schema.node(node), [.optional, .omittable, .versioned].contains(type.kind) {
        if type.kind == .versioned { isVersioned = true } else { optionals += 1 }
        node = type.element
      }
    }
  }

  private(set) var fields: [Field] = []
  private(set) var texts: [UInt8] = []
  /// The members that messages need and the schema lacks, or has in another order.
  private(set) var missing: [String] = []
  /// The fields of a complete record.
  private(set) var record: Range<Int32> = 0..<0
  private let schema: Schema

  init(_ schema: Schema) {
    self.schema = schema
    record = message(schema.id("ContractInvocation").node)
  }

  /// The members that messages have.
  static let members = [
    "ContractInvocation": ["meta", "contract_call", "create_contract", "upload_wasm"],
    "InvocationMeta": [
      "ledger_sequence", "closed_at", "tx_hash", "tx_index", "op_index", "successful", "data_source", "archive_restorations",
    ],
    "ContractCall": [
      "contract_id", "invoking_account", "function_name", "arguments", "events", "diagnostic_events", "contract_calls",
      "state_changes", "ttl_extensions",
    ],
    "CreateContract": ["contract_id", "creator_account", "wasm_hash", "asset", "constructor_args"],
    "UploadWasm": ["uploader_account", "wasm_hash", "wasm_size"],
    "InvocationEvent": ["contract_id", "topics", "data", "event_index"],
    "InvocationDiagnosticEvent": ["contract_id", "topics", "data", "in_successful_contract_call", "event_index"],
    "SubCall": ["from_contract", "to_contract", "function", "arguments", "successful"],
    "StateChange": ["contract_id", "entry", "key", "old_value", "new_value", "operation", "durability"],
    "TTLExtension": ["contract_id", "entry", "key", "old_ttl", "new_ttl", "durability"],
    "ArchiveRestoration": ["contract_id", "key", "restored_at_ledger", "durability", "reason", "entry"],
  ]

  /// The names of fields that are not the member's name in lowerCamelCase. An event that took effect is of a successful call.
  private static let names = [
    "events": "diagnosticEvents", "asset": "sourceAccount",
    "InvocationEvent.event_index": #"inSuccessfulContractCall":true,"eventIndex"#,
  ]

  /// What is written in place of an absent member. A failed call can have both an asset and a wasm, but the message only one.
  private static let substitutes = ["diagnostic_events": "events", "asset": "wasm_hash"]

  /// How the names of an enumeration's values begin.
  private static let prefixes = [
    "operation": "STATE_CHANGE_OPERATION_", "durability": "CONTRACT_DATA_DURABILITY_", "reason": "RESTORATION_REASON_",
  ]

  /// Appends the fields of a structure's message. The last structure of a record ends with the last member that is written.
  private mutating func message(_ node: Int32, isLast: Bool = false) -> Range<Int32> {
    let structure = schema.describe(node: node)
    var wanted = Set(Self.members[structure] ?? ["message"])
    var fields = fields(of: members(of: schema.node(node)), structure, &wanted)
    missing += wanted.map { "\(structure).\($0)" }
    while isLast, case .nothing? = fields.last?.content { fields.removeLast() }
    return append(fields)
  }

  /// The members of a structure, with those of the structures that are spread in it.
  private func members(of node: Node) -> [Member] {
    (node.first..<node.first + node.count).map(schema.member).flatMap { member in
      guard member.isSpread, case let inside = schema.node(member.node), inside.kind == .structure else { return [member] }
      return members(of: inside)
    }
  }

  /// The fields of members. Removes the names of those that are in the message from `wanted`.
  private mutating func fields(of members: [Member], _ structure: String, _ wanted: inout Set<String>) -> [Field] {
    var fields: [Field] = []
    /// The distance of an earlier member, which is used by this one.
    func keep(_ name: String, isSubstitute: Bool) -> Int32 {
      guard let place = fields.indices.first(where: { schema.name(members[$0]) == name }) else {
        missing.append("\(structure).\(name)")
        return 0
      }
      fields[place].isKept = true
      fields[place].isSubstitute = isSubstitute
      return Int32(fields.count - place)
    }
    for member in members {
      var field = Field(member, schema)
      let name = schema.name(member)
      if member.isSpread {
        let arms = self.fields(of: self.members(of: schema.node(member.node)), structure, &wanted)
        field.content = .arms(append(arms))
        // Arms are the last that is read of a record.
        return fields + [field]
      } else if wanted.remove(name) != nil {
        field.content = content(of: field.node, name)
        if name != "entry" { field.text = key(Self.names["\(structure).\(name)"] ?? Self.names[name] ?? name) }
        if name == "asset" { field.content = .earlier(keep("creator_account", isSubstitute: false)) }
        if let substitute = Self.substitutes[name] { field.substitute = keep(substitute, isSubstitute: true) }
      }
      fields.append(field)
    }
    return fields
  }

  /// How a member of that type is written. Structures are the meta of a record and the arms of its body.
  private mutating func content(of index: Int32, _ name: String) -> Field.Content {
    let node = schema.node(index)
    return switch node.kind {
    case .uint32: .number
    case .bool: .flag
    case .structure: .message(message(index, isLast: name != "meta"))
    case .array where node.element == schema.scval.node: .values
    case .array where schema.node(node.element).kind == .structure: .messages(message(node.element))
    case .enumeration where name == "entry": .entryKind
    case .enumeration: if let prefix = Self.prefixes[name] { .names(names(of: node, prefix)) } else { .sep51 }
    case .fixedOpaque where name == "wasm_hash": .base64
    default: index == schema.scval.node ? .value : node.form == .address ? .address : .sep51
    }
  }

  /// The names of an enumeration's values in a message, in upper case.
  private mutating func names(of enumeration: Node, _ prefix: String) -> Range<Int32> {
    let names = members(of: enumeration).map { member in
      var field = Field(member, schema)
      // A restored entry is new in the live state, and the message has no other value for it.
      let name = schema.name(member) == "restore" ? "create" : schema.name(member)
      field.text = append("\"\(prefix)".utf8 + name.utf8.map { $0 & ~0x20 } + "\"".utf8)
      return field
    }
    return append(names)
  }

  /// A key in lowerCamelCase.
  private mutating func key(_ name: String) -> Range<Int32> {
    var key = Array(",\"".utf8)
    for byte in name.utf8 {
      if key.last == UInt8(ascii: "_") { key[key.count - 1] = byte & ~0x20 } else { key.append(byte) }
    }
    return append(key + "\":".utf8)
  }

  private mutating func append(_ text: [UInt8]) -> Range<Int32> {
    texts += text
    return Int32(texts.count - text.count)..<Int32(texts.count)
  }

  private mutating func append(_ own: [Field]) -> Range<Int32> {
    fields += own
    return Int32(fields.count - own.count)..<Int32(fields.count)
  }
}
