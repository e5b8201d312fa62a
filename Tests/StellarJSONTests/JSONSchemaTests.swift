import StellarJSON
import TestSupport
import Testing

/// The schema as JSON Schema; what a stock validator makes of it with records is among the tests of the tools.
@Suite struct JSONSchemaTests {
  @Test func jsonTextIsEscaped() { #expect(JSONText.string("a\"\\\n\u{1}é") == "\"a\\\"\\\\\\n\\u0001é\"") }

  @Test(arguments: ["soroban-pipes.contract_invocation.v2", "Price", "", "contract_call"])
  func onlyRecordsAreKnown(name: String) { #expect(JSONSchema.ofRecord(name, values: .raw) == nil) }

  @Test func transactionsHoldNoValues() throws {
    let schema = try #require(JSONSchema.ofRecord("soroban-pipes.ledger_transaction.v1", values: .raw))
    #expect(!schema.holdsValues)
    let json = try JSON(text: schema.text)
    #expect(json["$schema"] == "https://json-schema.org/draft/2020-12/schema")
    #expect(json["$ref"] == "#/$defs/LedgerTransaction")
    let mark = json.at(pointer: "/$defs/LedgerTransactionMark")
    #expect(mark == .object(["enum": .array(["soroban-pipes.ledger_transaction.v1"])]))
  }

  /// Styles differ in what a value is, and in nothing else that stands in a record.
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

  /// Every pointer leads somewhere, and every object is closed.
  @Test(arguments: ["soroban-pipes.ledger_transaction.v1", "soroban-pipes.contract_invocation.v1"])
  func schemasAreWhole(id: String) throws {
    for style in [ValueStyle.raw, .sep51, .native] {
      let schema = try JSON(text: try #require(JSONSchema.ofRecord(id, values: style)).text)
      var objects = 0
      func walk(_ json: JSON) {
        if let pointer = json["$ref"]?.text { #expect(schema.at(pointer: String(pointer.dropFirst())) != nil, "\(pointer)") }
        if json["type"] == "object", json["properties"] != nil {
          objects += 1
          #expect(json["additionalProperties"] == .bool(false))
        }
        switch json {
        case .object(let members): members.values.forEach(walk)
        case .array(let elements): elements.forEach(walk)
        default: break
        }
      }
      walk(schema)
      #expect(objects > (id.contains("transaction") ? 0 : 15))
    }
  }
}
