import Foundation
import TestSupport
import Testing

/// A case of `testdata/cases.json`: a transaction, its purpose, and the expected content of its record.
struct Case: Sendable, CustomTestStringConvertible {
  let name: String
  let why: String
  let ledger: Int
  let transaction: Int
  let operation: Int
  let options: Options
  let isAbsent: Bool
  let values: [String: JSON]
  let lengths: [String: JSON]

  var testDescription: String { name }

  static let all: [Case] = {
    let text = Repository.bytes(Repository.testdata("cases.json"))
    let cases = (try? JSON(text: text))?["cases"]?.elements ?? []
    return cases.compactMap(Case.init)
  }()

  /// Nil for an entry that is not a case; a test counts the cases.
  private init?(_ json: JSON) {
    guard let name = json["name"]?.text, let why = json["why"]?.text, let ledger = json["ledger"]?.integer,
      let transaction = json["tx_index"]?.integer, let operation = json["op_index"]?.integer
    else { return nil }
    (self.name, self.why, self.ledger, self.transaction, self.operation) = (name, why, ledger, transaction, operation)
    let given = json["options"]?.elements ?? []
    guard given.allSatisfy({ $0 == "--footprint-ops" }) else { return nil }
    options = Options(footprintOps: !given.isEmpty)
    isAbsent = json["absent_record"] == .bool(true)
    values = Self.members(json["expect"])
    lengths = Self.members(json["expect_length"])
    guard isAbsent != (json["expect"] != nil) else { return nil }
  }

  private static func members(_ json: JSON?) -> [String: JSON] {
    if case .object(let members)? = json { return members }
    return [:]
  }
}

@Suite struct CaseTests {
  /// Every record of the ledgers, by its position.
  private static let records = Result { try find() }

  private static func find() throws -> [String: JSON] {
    var found: [String: JSON] = [:]
    for transaction in try Testdata.transactions() {
      for (isFootprint, options) in [(false, Options()), (true, Options.all)] {
        for record in try invocations(of: transaction, options) {
          let json = try JSON(text: line("ContractInvocation", record))
          let meta = json["meta"]
          let place = [meta?["ledger_sequence"], meta?["tx_index"], meta?["op_index"]].map { $0?.integer ?? -1 }
          found[key(place[0], place[1], place[2], isFootprint)] = json
        }
      }
    }
    return found
  }

  private static func key(_ ledger: Int, _ transaction: Int, _ operation: Int, _ isFootprint: Bool) -> String {
    "\(ledger)/\(transaction)/\(operation)/\(isFootprint)"
  }

  @Test func allCasesAreRead() throws {
    let json = try JSON(text: Repository.bytes(Repository.testdata("cases.json")))
    #expect(Case.all.count == json["cases"]?.elements?.count && Case.all.count >= 102)
    #expect(Set(Case.all.map(\.name)).count == Case.all.count)
  }

  @Test(arguments: Case.all) func expectedContent(scenario: Case) throws {
    let key = Self.key(scenario.ledger, scenario.transaction, scenario.operation, scenario.options.footprintOps)
    let record = try Self.records.get()[key]
    guard !scenario.isAbsent else {
      #expect(record == nil, "\(scenario.why)")
      return
    }
    let found = try #require(record, "\(scenario.why)")
    for (pointer, value) in scenario.values { #expect(found.at(pointer: pointer) == value, "\(pointer): \(scenario.why)") }
    for (pointer, count) in scenario.lengths {
      #expect(found.at(pointer: pointer)?.elements?.count == count.integer, "\(pointer): \(scenario.why)")
    }
  }
}
