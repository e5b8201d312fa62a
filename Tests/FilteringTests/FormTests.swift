import Bytes
import Testing

@testable import Filtering

/// Properties of every option, on invocations of all kinds and protocols.
@Suite struct FormTests {
  /// Each sets one or a few conditions.
  static let conditions: [@Sendable (inout FilterOptions) -> Void] = [
    { $0["failed"] = [] }, { $0["type"] = ["create"] }, { $0["type"] = ["extend,restore"] }, { $0["result"] = ["trapped"] },
    { $0["function"] = ["/^[a-m]/"] }, { ($0["function"], $0["any-call"]) = (["*e*"], []) }, { $0.ledgers = [0...1100] },
    { $0["since"] = ["2024-06-01T00:00:00Z"] }, { $0["topic"] = ["transfer/**"] }, { $0["topic"] = ["0=/^[m-z]/"] },
    { ($0["topic"], $0["event-type"]) = (["**"], ["diagnostic"]) }, { ($0["data"], $0["event-type"]) = ([">5"], ["contract"]) },
    { $0["data"] = ["*"] },
    { $0["arg"] = ["/^[CG]/"] }, { $0["arg"] = ["0=*"] }, { $0["arg"] = [">100"] }, { $0["value-type"] = ["address"] },
    { $0["state"] = ["/^[A-Z]/"] }, { $0["state"] = [">=1"] }, { $0["has"] = ["events"] }, { $0["has"] = ["calls,auth"] },
    { $0["has"] = ["restorations"] },
    { $0["has"] = ["ttl"] }, { $0["change"] = ["create", "restore"] }, { $0["durability"] = ["temporary"] },
    { ($0["change"], $0["durability"]) = (["update"], ["persistent"]) }, { $0["min-args"] = ["2"] }, { $0["max-args"] = ["0"] },
    { $0["data"] = [".=>1", "amount=>1"] }, { $0["arg"] = [".=/^[A-Z]/"] }, { $0["arg"] = ["0.0=*", ".*=>1"] },
    { $0["state"] = [".*=>0", "0.1=*"] }, { $0["state"] = ["storage.*.*=*"] },
  ]

  /// All lines except one, whose values include nonces: the host gives them to no contract, and in native style they are maps.
  private static let lines = invocationLines.filter { !$0.contains("AAAAFQAAAAAAAAAA") }
  private static let records = RecordForm.allCases.map { form in Result { try Records(lines, as: form) } }

  private static func selections(_ form: RecordForm = .xdr, _ set: (inout FilterOptions) -> Void) throws -> [Int] {
    let records = try #require(try records.map { try $0.get() }.first { $0.form == form })
    return try records.selected(options(set))
  }

  @Test func thereAreRecords() { #expect(Self.lines.count > 50) }

  @Test(arguments: conditions.indices) func allFormsSelectTheSame(_ index: Int) throws {
    let expected = try Self.selections(.xdr, Self.conditions[index])
    for form in RecordForm.allCases { #expect(try Self.selections(form, Self.conditions[index]) == expected, "\(form)") }
  }

  @Test(arguments: conditions.indices) func aFilterAndItsInversePartitionTheInput(_ index: Int) throws {
    let matching = try Self.selections(.xdr, Self.conditions[index])
    let others = try Self.selections {
      Self.conditions[index](&$0)
      $0["invert-match"] = []
    }
    #expect((matching + others).sorted() == Array(Self.lines.indices))
  }

  @Test func anyIsTheUnionAndAllTheIntersection() throws {
    let separable = Self.conditions.indices.filter { [0, 1, 3, 6, 8, 13, 19, 23, 26].contains($0) }
    for first in separable {
      for second in separable where first < second {
        let sets = try [first, second].map { Set(try Self.selections(.xdr, Self.conditions[$0])) }
        func both(_ any: Bool) throws -> [Int] {
          try Self.selections {
            Self.conditions[first](&$0)
            Self.conditions[second](&$0)
            $0["any"] = any ? [] : nil
          }
        }
        #expect(try both(true) == sets[0].union(sets[1]).sorted())
        #expect(try both(false) == sets[0].intersection(sets[1]).sorted())
      }
    }
  }

  /// White space is allowed between all tokens.
  @Test(arguments: conditions.indices) func otherWritersSelectTheSame(_ index: Int) throws {
    var filter = RecordFilter(try options(Self.conditions[index]).filter())
    for line in Self.lines {
      let expected = try filter.selects(line: Array(line.utf8).bytes)
      var isText = false
      var spaced: [UInt8] = []
      for byte in line.utf8 {
        if byte == UInt8(ascii: "\"") { isText.toggle() }
        spaced += !isText && ":,{}[]".utf8.contains(byte) ? [0x20, byte, 0x09] : [byte]
      }
      let isWanted = try filter.selects(line: spaced.bytes)
      #expect(isWanted == expected)
    }
  }

  @Test func membersInAnotherOrder() throws {
    let sample = Sample(
      ledger: 77, successful: false, what: Sample.call(contract(4), function: "f"), events: "[\(Sample.event(#"[{"u32":1}]"#))]")
    let line = try #require(sample.line.wholeMatch(of: /\{("_schema":"[^"]*"),("meta":\{.*\}),("contract_call":.*)\}/))
    let other = "{\(line.3),\"more\":[{}],\(line.2),\(line.1)}".replacing(/("contract_id":"[^"]*"),("invoking_account":"[^"]*")/)
    { "\($0.2),\($0.1)" }
    func selects(_ set: (inout FilterOptions) -> Void) throws -> Bool {
      var filter = RecordFilter(try options(set).filter())
      return try filter.selects(line: Array(other.utf8).bytes)
    }
    #expect(try selects { $0["contract"] = items(contract(4)) })
    #expect(try selects { $0["account"] = items(account(1)) })
    #expect(try selects { ($0["failed"], $0.ledgers) = ([], [77...77]) })
    #expect(try selects { $0["topic"] = ["1"] })
    #expect(try !selects { ($0["failed"], $0.ledgers) = ([], [78...78]) })
  }
}
