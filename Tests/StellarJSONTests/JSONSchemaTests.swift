import StellarJSON
import StellarXDR
import TestSupport
import Testing

/// The JSON Schema. Tests of the tools validate records against it with a standard validator.
@Suite struct JSONSchemaTests {
  @Test func jsonTextIsEscaped() { #expect(JSONText.string("a\"\\\n\u{1}é") == "\"a\\\"\\\\\\n\\u0001é\"") }

  @Test(arguments: ["soroban-pipes.contract_invocation.v2", "Price", "", "contract_call"])
  func onlyRecordsHaveASchema(name: String) { #expect(JSONSchema.ofRecord(name, values: .raw) == nil) }

  @Test func transactionsHaveNoValues() throws {
    let schema = try #require(JSONSchema.ofRecord("soroban-pipes.ledger_transaction.v1", values: .raw))
    #expect(!schema.holdsValues)
    let json = try JSON(text: schema.text)
    #expect(json["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    #expect(json["$ref"] == "#/$defs/LedgerTransaction")
    let mark = json.at(pointer: "/$defs/LedgerTransactionMark")
    #expect(mark?["enum"] == .array(["soroban-pipes.ledger_transaction.v1"]))
  }

  /// Styles differ in how they define values, and in nothing else of a record.
  @Test func valuesAreOfOneStyle() throws {
    var records: [JSON?] = []
    for style in [ValueStyle.raw, .sep51, .native] {
      let schema = try #require(JSONSchema.ofRecord("soroban-pipes.contract_invocation.v1", values: style))
      #expect(schema.holdsValues)
      let json = try JSON(text: schema.text)
      let value = try #require(json.at(pointer: "/$defs/SCVal"))
      switch style {
      case .raw: #expect(value["required"] == .array(["xdr"]))
      case .sep51: #expect(value.at(pointer: "/anyOf/0/enum") == .array(["void", "ledger_key_contract_instance"]))
      case .native: #expect(value["anyOf"]?.elements?.count == 4)
      }
      records.append(json.at(pointer: "/$defs/ContractInvocation"))
    }
    #expect(Set(records.map { "\($0 ?? .null)" }.map(\.count)).count == 1 && records[0] == records[1] && records[1] == records[2])
  }

  /// Every reference resolves. Objects allow additional members, for later versions, except the objects that name a union's arm.
  /// The title of a named type is its name, and each member of a record has a description.
  @Test(arguments: ["soroban-pipes.ledger_transaction.v1", "soroban-pipes.contract_invocation.v1"])
  func schemasAreComplete(id: String) throws {
    for style in [ValueStyle.raw, .sep51, .native] {
      let schema = try JSON(text: try #require(JSONSchema.ofRecord(id, values: style)).text)
      var objects = 0
      func walk(_ json: JSON) {
        if let pointer = json["$ref"]?.text { #expect(schema.at(pointer: String(pointer.dropFirst())) != nil, "\(pointer)") }
        if json["type"] == "object", json["properties"] != nil {
          objects += 1
          #expect(json["additionalProperties"] == (json["maxProperties"] == nil ? nil : .bool(false)))
        }
        switch json {
        case .object(let members): members.values.forEach(walk)
        case .array(let elements): elements.forEach(walk)
        default: break
        }
      }
      walk(schema)
      for (name, type) in schema["$defs"]?.members ?? [:] { #expect(type["title"] == .string(name)) }
      let record = try #require(schema["$ref"]?.text.flatMap { schema.at(pointer: String($0.dropFirst())) })
      for (name, member) in record["properties"]?.members ?? [:] {
        #expect(member["description"]?.text?.hasSuffix(".") == true, "\(name)")
      }
      #expect(record["description"]?.text?.hasSuffix(".") == true)
      #expect(objects > (id.contains("transaction") ? 0 : 15))
    }
  }

  /// Each member of a record structure is described where it is declared, in order; nothing else is described.
  @Test func everyMemberIsDescribed() throws {
    let schema = Schema.shared
    var described: [String: [String]] = [:]
    for (type, member) in RecordDescriptions.members { described[type, default: []].append(member) }
    var pending = ["LedgerTransaction", "ContractInvocation", "ContractEventRecord"].compactMap { schema.type(named: $0)?.node }
    var seen: Set<Int32> = []
    let values = try #require(schema.type(named: "SCVal")).node
    var types = 1
    while let index = pending.popLast() {
      guard index >= 0, index != values, seen.insert(index).inserted else { continue }
      let node = schema.node(index)
      // Types with another JSON form have no members.
      guard node.form == .plain else { continue }
      switch node.kind {
      case .structure, .union:
        guard let type = schema.types.first(where: { $0.id.node == index })?.name else { continue }
        let members = (node.first..<node.first + node.count).map { schema.member($0) }
        pending += members.map(\.node)
        #expect(described[type] ?? [] == members.filter { !$0.isSpread }.map { schema.name($0) }, "\(type)")
        #expect(RecordDescriptions.of(type: type) != nil, "\(type)")
        described[type] = nil
        types += 1
      default: pending.append(node.element)
      }
    }
    // These members are added by --spec.
    #expect(types > 25 && Set(described.keys) == ["Names"])
    for (type, member) in RecordDescriptions.members {
      let text = try #require(RecordDescriptions.of(member: member, in: type))
      #expect(text.hasSuffix(".") && text.count < 120, "\(type).\(member)")
    }
  }

  /// With --spec, values have the form that the contract declares, with names next to them; the record has another `_schema`.
  @Test func declaredNamesHaveTheirOwnSchema() throws {
    let text = try #require(JSONSchema.ofRecord("soroban-pipes.contract_invocation_spec.v1", values: .native))
    #expect(!text.holdsValues)
    let schema = try JSON(text: text.text)
    #expect(schema.at(pointer: "/$defs/ContractInvocationMark/enum") == .array(["soroban-pipes.contract_invocation_spec.v1"]))
    let call = try #require(schema.at(pointer: "/$defs/ContractCall"))
    #expect(call.at(pointer: "/properties/argument_names/items/type") == "string")
    #expect(
      call["required"]?.elements?.contains("arguments") == true && call["required"]?.elements?.contains("argument_names") == false
    )
    #expect(schema.at(pointer: "/$defs/CreateContract/properties/constructor_arg_names") != nil)
    #expect(schema.at(pointer: "/$defs/InvocationEvent/properties/topic_names/items/anyOf")?.elements?.count == 2)
    let plain = try #require(JSONSchema.ofRecord("soroban-pipes.contract_invocation.v1", values: .native))
    #expect(!plain.text.contains("argument_names"))
  }
}

extension JSON {
  /// The members of an object.
  fileprivate var members: [String: JSON] {
    if case .object(let members) = self { return members }
    return [:]
  }
}
