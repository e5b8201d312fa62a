import Bytes
import StellarXDR

/// The messages that a record and its parts become. The members of the record are found by name in the schema, once, so a member
/// that its message does not have is skipped wherever it is.
struct ProtoMessages {
  /// What is written for a member of a structure, an arm of a union, or a value of an enumeration. A message is a range of
  /// fields, one for each member in XDR order.
  struct Field {
    enum Content {
      case sep51, number, flag, base64, address, value, values
      /// A structure, or an array of structures, with the fields of its message.
      case message(Range<Int32>)
      case messages(Range<Int32>)
      /// An enumeration or a union, with a field for each value or arm.
      case choice(Range<Int32>)
    }

    /// The type inside the optionals.
    var node: Int32
    var optionals: UInt8 = 0
    var isVersioned = false
    /// False for a member that the message does not have.
    var isWritten = false
    var role = Role.own
    /// The key in front of the content; for a value of an enumeration all that is written.
    var text: StaticString = ""
    var content = Content.sep51

    init(_ member: Member, _ schema: Schema) {
      node = member.node
      while node >= 0 {
        switch schema.node(node).kind {
        case .optional, .omittable: optionals += 1
        case .versioned: isVersioned = true
        default: return
        }
        node = schema.node(node).element
      }
    }
  }

  /// How a member depends on others of the same structure.
  enum Role {
    case own
    /// It is only written in place of a later one, if that is absent.
    case substitute, replaceable
    /// An asset is replaceable, and is written as the account of its creator.
    case creator, asset
  }

  private(set) var fields: [Field] = []
  /// The fields of a complete record.
  private(set) var record: Range<Int32> = 0..<0
  /// The first row of the table that the schema lacks, or has in another order.
  private(set) var missing: Int?
  private let schema: Schema
  private let types: [Int32]

  init(_ schema: Schema) {
    self.schema = schema
    types = Self.table.map { schema.id($0.type).node }
    record = message(schema.id("ContractInvocation").node)
  }

  /// The fields of the messages, by the type and the name of their members, in the order of the schema. Of a union or an
  /// enumeration in this table, the arms and values that are not in it rule out a message.
  static let table: [(type: StaticString, member: StaticString, text: StaticString, role: Role)] = [
    ("ContractInvocation", "meta", #""meta":"#, .own), ("InvocationBody", "contract_call", #""contractCall":"#, .own),
    ("InvocationBody", "create_contract", #""createContract":"#, .own),
    ("InvocationBody", "upload_wasm", #""uploadWasm":"#, .own),
    ("InvocationMeta", "ledger_sequence", #""ledgerSequence":"#, .own), ("InvocationMeta", "closed_at", #""closedAt":"#, .own),
    ("InvocationMeta", "tx_hash", #""txHash":"#, .own), ("InvocationMeta", "tx_index", #""txIndex":"#, .own),
    ("InvocationMeta", "op_index", #""opIndex":"#, .own), ("InvocationMeta", "successful", #""successful":"#, .own),
    ("InvocationMeta", "data_source", #""dataSource":"#, .own),
    ("InvocationMeta", "archive_restorations", #""archiveRestorations":"#, .own),
    ("ContractCall", "contract_id", #""contractId":"#, .own), ("ContractCall", "invoking_account", #""invokingAccount":"#, .own),
    ("ContractCall", "function_name", #""functionName":"#, .own), ("ContractCall", "arguments", #""arguments":"#, .own),
    ("ContractCall", "events", #""diagnosticEvents":"#, .substitute),
    ("ContractCall", "diagnostic_events", #""diagnosticEvents":"#, .replaceable),
    ("ContractCall", "contract_calls", #""contractCalls":"#, .own), ("ContractCall", "state_changes", #""stateChanges":"#, .own),
    ("ContractCall", "ttl_extensions", #""ttlExtensions":"#, .own),
    ("CreateContract", "contract_id", #""contractId":"#, .own),
    ("CreateContract", "creator_account", #""creatorAccount":"#, .creator),
    // A failed call can have both, but the message only one.
    ("CreateContract", "wasm_hash", #""wasmHash":"#, .substitute), ("CreateContract", "asset", #""sourceAccount":"#, .asset),
    ("CreateContract", "constructor_args", #""constructorArgs":"#, .own),
    ("UploadWasm", "uploader_account", #""uploaderAccount":"#, .own), ("UploadWasm", "wasm_hash", #""wasmHash":"#, .own),
    ("UploadWasm", "wasm_size", #""wasmSize":"#, .own),
    ("InvocationEvent", "contract_id", #""contractId":"#, .own), ("InvocationEvent", "topics", #""topics":"#, .own),
    ("InvocationEvent", "data", #""data":"#, .own),
    // An event that took effect is of a successful call.
    ("InvocationEvent", "event_index", #""inSuccessfulContractCall":true,"eventIndex":"#, .own),
    ("InvocationDiagnosticEvent", "contract_id", #""contractId":"#, .own),
    ("InvocationDiagnosticEvent", "topics", #""topics":"#, .own), ("InvocationDiagnosticEvent", "data", #""data":"#, .own),
    ("InvocationDiagnosticEvent", "in_successful_contract_call", #""inSuccessfulContractCall":"#, .own),
    ("InvocationDiagnosticEvent", "event_index", #""eventIndex":"#, .own),
    ("SubCall", "from_contract", #""fromContract":"#, .own), ("SubCall", "to_contract", #""toContract":"#, .own),
    ("SubCall", "function", #""function":"#, .own), ("SubCall", "arguments", #""arguments":"#, .own),
    ("SubCall", "successful", #""successful":"#, .own),
    ("StateChange", "contract_id", #""contractId":"#, .own), ("StateChange", "entry", "", .own),
    ("StateChange", "key", #""key":"#, .own), ("StateChange", "old_value", #""oldValue":"#, .own),
    ("StateChange", "new_value", #""newValue":"#, .own), ("StateChange", "operation", #""operation":"#, .own),
    ("StateChange", "durability", #""durability":"#, .own),
    ("TTLExtension", "contract_id", #""contractId":"#, .own), ("TTLExtension", "entry", "", .own),
    ("TTLExtension", "key", #""key":"#, .own), ("TTLExtension", "old_ttl", #""oldTtl":"#, .own),
    ("TTLExtension", "new_ttl", #""newTtl":"#, .own), ("TTLExtension", "durability", #""durability":"#, .own),
    ("ArchiveRestoration", "contract_id", #""contractId":"#, .own), ("ArchiveRestoration", "key", #""key":"#, .own),
    ("ArchiveRestoration", "restored_at_ledger", #""restoredAtLedger":"#, .own),
    ("ArchiveRestoration", "durability", #""durability":"#, .own), ("ArchiveRestoration", "reason", #""reason":"#, .own),
    ("ArchiveRestoration", "entry", "", .own),
    ("StateOperation", "create", #""STATE_CHANGE_OPERATION_CREATE""#, .own),
    ("StateOperation", "update", #""STATE_CHANGE_OPERATION_UPDATE""#, .own),
    ("StateOperation", "delete", #""STATE_CHANGE_OPERATION_DELETE""#, .own),
    // A restored entry is new in the live state, and the message has no other value for it.
    ("StateOperation", "restore", #""STATE_CHANGE_OPERATION_CREATE""#, .own),
    ("ContractDataDurability", "temporary", #""CONTRACT_DATA_DURABILITY_TEMPORARY""#, .own),
    ("ContractDataDurability", "persistent", #""CONTRACT_DATA_DURABILITY_PERSISTENT""#, .own),
    ("RestorationReason", "automatic", #""RESTORATION_REASON_AUTOMATIC""#, .own),
    ("RestorationReason", "explicit", #""RESTORATION_REASON_EXPLICIT""#, .own),
    // Contract code has no ScVal key.
    ("EntryKind", "data", "", .own), ("EntryKind", "instance", "", .own),
  ]

  /// Appends the fields of a type. The last structure that is read of a record is only read up to its last written member.
  private mutating func message(_ type: Int32, isLast: Bool = false) -> Range<Int32> {
    var own: [Field] = []
    var row = types.firstIndex(of: type) ?? types.count
    add(type, of: type, from: &row, to: &own)
    if missing == nil, row < types.count, types[row] == type { missing = row }
    while isLast, let last = own.last, !last.isWritten { own.removeLast() }
    fields += own
    return Int32(fields.count - own.count)..<Int32(fields.count)
  }

  /// Adds the members of `node`, which is the type or a structure that is spread in it. `row` is the next row of the type. A
  /// union that is spread is the last that is read of a record.
  private mutating func add(_ node: Int32, of type: Int32, from row: inout Int, to own: inout [Field]) {
    let node = schema.node(node)
    for index in node.first..<node.first + node.count {
      let member = schema.member(index)
      var field = Field(member, schema)
      if member.isSpread {
        guard schema.node(member.node).kind == .union else {
          add(member.node, of: type, from: &row, to: &own)
          continue
        }
        field.isWritten = true
        field.content = .choice(message(member.node))
        return own.append(field)
      }
      let name = schema.quotedName(member)
      if row < types.count, types[row] == type, name.extracting(1..<name.byteCount - 1).equals(Self.table[row].member) {
        field.isWritten = true
        field.text = Self.table[row].text
        field.role = Self.table[row].role
        if field.node >= 0 { field.content = content(of: field.node, isArm: node.kind == .union) }
        if name.equals(#""wasm_hash""#) { field.content = .base64 }
        row += 1
      }
      own.append(field)
    }
  }

  /// How a value of a type is written.
  private mutating func content(of index: Int32, isArm: Bool) -> Field.Content {
    let node = schema.node(index)
    switch node.kind {
    case .uint32: return .number
    case .bool: return .flag
    case .structure: return .message(message(index, isLast: isArm))
    case .array where node.element == schema.scval.node: return .values
    case .array where schema.node(node.element).kind == .structure: return .messages(message(node.element))
    case .enumeration where types.contains(index): return .choice(message(index))
    default: return index == schema.scval.node ? .value : node.form == .address ? .address : .sep51
    }
  }
}
