import Bytes
import StellarJSON
import StellarXDR

/// The members of one structure of a record, in the order of its XDR, which is also the order in which they are written to NDJSON, and
/// what each of them is to a filter. Made from the schema, so that the two forms of a record cannot be read differently.
struct Shape<Role: Sendable>: Sendable {
  struct Entry: Sendable {
    let member: Member
    /// Its type; of an omittable member the type inside.
    let node: Int32
    /// The same; of a member that can be null, the type of what it holds otherwise.
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
  /// What conditions can look at in it.
  var subjects: Subjects { entries.reduce([]) { $1.role.map(Subjects.init).map($0.union) ?? $0 } }
}

/// What an event is to a filter.
enum EventPart: Sendable { case stage, contract, type, topics, data }

/// What a sub-call is to a filter.
enum CallPart: Sendable { case from, to, function }

/// What a state change is to a filter.
enum ChangePart: Sendable { case contract, key, oldValue, newValue, operation, durability }

/// All shapes of a ContractInvocation and of a ContractEvent.
struct RecordShapes: Sendable {
  /// Found out once: they depend on nothing but the schema.
  static let shared = RecordShapes()

  let schema = Schema.shared
  let invocation: TypeID
  let meta: Shape<Subject>
  /// By the numbers of `InvocationType`.
  let bodies: [Shape<Subject>]
  /// Of an event record.
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

  /// What an event record has.
  var eventSubjects: Subjects { [eventMeta.subjects, Subjects(.contract), Subjects(.events), Subjects(.stage)] }

  /// What invocations have, those of a kind or another.
  var invocationSubjects: Subjects { bodies.reduce([meta.subjects, Subjects(.kind)]) { $0.union($1.subjects) } }
}

extension Schema {
  /// The number of the value of an enumeration, or of the arm of a union, that a string names; nil for none.
  func number(of name: JSONCursor.StringToken, _ line: RawSpan, in type: Int32) -> Int32? {
    let node = node(type)
    for index in node.first..<node.first &+ node.count where line.says(member(index), name, self) {
      return node.kind == .union ? index &- node.first : member(index).value
    }
    return nil
  }
}

extension RawSpan {
  /// Whether a string of this text is a member's name.
  func says(_ member: Member, _ token: JSONCursor.StringToken, _ schema: Schema) -> Bool {
    let quoted = schema.quotedName(member)
    if !token.isEscaped { return holds(quoted, at: token.content.lowerBound &- 1) }
    return JSONCursor(self).equals(token, quoted.extracting(1..<quoted.byteCount &- 1))
  }

  /// Whether a string of this text is that one.
  func says(_ text: StaticString, _ token: JSONCursor.StringToken) -> Bool {
    token.isEscaped ? JSONCursor(self).equals(token, text) : extracting(token.content).equals(text)
  }
}
