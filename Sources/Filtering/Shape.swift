import Bytes
import StellarJSON
import StellarXDR

/// The members of one structure of a record, in XDR order, which is also the order in NDJSON, and their roles for a filter. It
/// comes from the schema, so that both forms of a record are read in the same way.
struct Shape<Role: Sendable>: Sendable {
  struct Entry: Sendable {
    let member: Member
    /// The type; for an omittable member, the type inside.
    let node: Int32
    /// The same; for a nullable member, the type inside the optional.
    let value: Int32
    let isOmittable: Bool
    let isNullable: Bool
    let role: Role?
  }

  let entries: [Entry]

  init(_ schema: Schema, _ structure: StaticString, _ roles: [String: Role]) {
    var entries: [Entry] = []
    func add(_ node: Node) {
      for index in node.first..<node.first + node.count {
        let member = schema.member(index)
        let inside = schema.node(member.node)
        if member.isSpread {
          add(inside)
        } else {
          let isOmittable = inside.kind == .omittable
          let node = isOmittable ? inside.element : member.node
          let isNullable = schema.node(node).kind == .optional
          entries.append(
            Entry(
              member: member, node: node, value: isNullable ? schema.node(node).element : node, isOmittable: isOmittable,
              isNullable: isNullable, role: roles[schema.name(member)]))
        }
      }
    }
    add(schema.node(schema.id(structure).node))
    self.entries = entries
  }
}

extension Shape<Subject> {
  /// The subjects that conditions can test in it.
  var subjects: Subjects { entries.reduce([]) { $1.role.map(Subjects.init).map($0.union) ?? $0 } }
}

/// The role of an event's member.
enum EventPart: Sendable { case stage, contract, type, topics, data }

/// The role of a sub-call's member.
enum CallPart: Sendable { case from, to, function }

/// The role of a state change's member.
enum ChangePart: Sendable { case contract, key, oldValue, newValue, operation, durability }

/// The shapes of ContractInvocation and ContractEvent.
struct RecordShapes: Sendable {
  /// Computed once, because they depend only on the schema.
  static let shared = RecordShapes()

  let schema = Schema.shared
  let invocation: TypeID
  let meta: Shape<Subject>
  /// Indexed by `InvocationType`.
  let bodies: [Shape<Subject>]
  /// The type of event records.
  let eventRecord: TypeID
  let eventMeta: Shape<Subject>
  let eventBody: Shape<EventPart>
  let event: Shape<EventPart>
  let diagnostic: Shape<EventPart>
  let call: Shape<CallPart>
  let change: Shape<ChangePart>
  let body: TypeID

  private init() {
    invocation = schema.id("ContractInvocation")
    eventRecord = schema.id("ContractEventRecord")
    let metaMembers: [String: Subject] = [
      "ledger_sequence": .ledger, "closed_at": .closedAt, "tx_hash": .hash, "successful": .successful,
      "archive_restorations": .restorations, "result_code": .resultCode, "inner_tx_hash": .innerHash,
    ]
    meta = Shape(schema, "InvocationMeta", metaMembers)
    eventMeta = Shape(schema, "EventMeta", metaMembers)
    let members: [String: Subject] = [
      "contract_id": .contract, "invoking_account": .account, "creator_account": .account, "uploader_account": .account,
      "account": .account, "function_name": .function, "arguments": .arguments, "constructor_args": .arguments, "events": .events,
      "diagnostic_events": .diagnostics, "contract_calls": .calls, "state_changes": .state, "ttl_extensions": .extensions,
      "auth": .authorization,
    ]
    let structures: [StaticString] = ["ContractCall", "CreateContract", "UploadWasm", "ExtendTTL", "RestoreFootprint"]
    bodies = structures.map { [schema] in Shape(schema, $0, members) }
    let parts: [String: EventPart] = [
      "stage": .stage, "contract_id": .contract, "type": .type, "topics": .topics, "data": .data,
    ]
    eventBody = Shape(schema, "EventBody", parts)
    event = Shape(schema, "InvocationEvent", parts)
    diagnostic = Shape(schema, "InvocationDiagnosticEvent", parts)
    call = Shape(schema, "SubCall", ["from_contract": .from, "to_contract": .to, "function": .function])
    change = Shape(
      schema, "StateChange",
      [
        "contract_id": .contract, "key": .key, "old_value": .oldValue, "new_value": .newValue, "operation": .operation,
        "durability": .durability,
      ])
    body = schema.id("InvocationBody")
  }

  /// The subjects of an event record.
  var eventSubjects: Subjects { [eventMeta.subjects, Subjects(.contract), Subjects(.events), Subjects(.stage)] }

  /// The subjects of invocations of any kind.
  var invocationSubjects: Subjects { bodies.reduce([meta.subjects, Subjects(.kind)]) { $0.union($1.subjects) } }
}

extension Schema {
  /// The number of an enumeration's value or a union's arm with that name; nil if there is none.
  func number(of name: JSONCursor.StringToken, _ line: RawSpan, in type: Int32) -> Int32? {
    let node = node(type)
    for index in node.first..<node.first &+ node.count where line.equals(member(index), name, self) {
      return node.kind == .union ? index &- node.first : member(index).value
    }
    return nil
  }
}

extension RawSpan {
  /// Whether a string token of this text equals the name of a member.
  func equals(_ member: Member, _ token: JSONCursor.StringToken, _ schema: Schema) -> Bool {
    let quoted = schema.quotedName(member)
    if !token.isEscaped { return contains(quoted, at: token.content.lowerBound &- 1) }
    return JSONCursor(self).equals(token, quoted.extracting(1..<quoted.byteCount &- 1))
  }

  /// Whether a string token of this text equals `text`.
  func equals(_ text: StaticString, _ token: JSONCursor.StringToken) -> Bool {
    token.isEscaped ? JSONCursor(self).equals(token, text) : extracting(token.content).equals(text)
  }
}
