import Bytes
import StellarJSON
import StellarXDR
import TestSupport
import Testing

@testable import Filtering

/// Damaged records: each is selected, rejected or refused, and a selected one is a valid record.
@Suite struct HostileTests {
  /// Reads every part and matches nothing.
  private static let everywhere = options {
    $0["contract"] = items(contract(200))
    $0["involves"] = items(contract(200))
    ($0["function"], $0["any-call"]) = (["nothing"], [])
    $0["tx"] = items(hash(200))
    $0.ledgers = [0...0]
    $0["since"] = ["9999-01-01T00:00:00Z"]
    $0["topic"] = ["0=nothing", "a/b/**"]
    $0["event-type"] = ["contract,system,diagnostic"]
    $0["data"] = [">99999999999999999999999999999999999999999999", "hex:00112233445566"]
    $0["arg"] = ["nothing", "/^nothing$/", "9=*"]
    $0["state"] = ["{*nothing*}", "no?thing", ".*.*.*=nothing", "storage.*.0=nothing", "0.1=nothing", "/[é-ü]{9}/"]
    $0["data"]? += [".=nothing", "amount=nothing", "0.*=nothing", "AAAADwAAAAdub3RoaW5nAA=="]
    $0["arg"]? += ["0.*=nothing", ".*.*=nothing", "0.=nothing"]
    $0["change"] = ["restore"]
    $0["affects"] = items(contract(200))
    $0["has"] = ["events,diagnostics,calls,state,ttl,restorations,auth"]
    $0["min-args"] = ["1000"]
    $0["any"] = []
  }

  @Test(arguments: RecordForm.allCases) func damagedRecords(_ form: RecordForm) throws {
    let records = try Records(invocationLines, as: form).records
    var random = SeededGenerator(seed: 7)
    var options = Self.everywhere
    options["invert-match"] = []
    var filter = RecordFilter(try options.filter())
    var outcomes = (selected: 0, refused: 0)
    for _ in 0..<500 {
      var record = records[random.below(records.count)]
      for _ in 0...random.below(3) { Self.damage(&record, isText: form != .xdr, &random) }
      do throws(RecordError) {
        let isSelected = form == .xdr ? try filter.selects(record: record.bytes) : try filter.selects(line: record.bytes)
        guard isSelected else { continue }
        outcomes.selected += 1
        #expect(Self.isWhole(record, form))
      } catch {
        outcomes.refused += 1
        #expect(error.offset <= record.count)
        #expect(!error.description(of: record.bytes).isEmpty)
      }
    }
    #expect(outcomes.selected > 0 && outcomes.refused > 0)
  }

  private static func isWhole(_ record: [UInt8], _ form: RecordForm) -> Bool {
    if form == .xdr { return (try? Schema.shared.validate(type("ContractInvocation"), record.bytes)) != nil }
    var cursor = JSONCursor(record.bytes)
    return (try? cursor.skipValue()) != nil && (try? cursor.expectEnd()) != nil
  }

  /// Changes, removes, duplicates or moves some bytes.
  private static func damage(_ record: inout [UInt8], isText: Bool, _ random: inout SeededGenerator) {
    guard !record.isEmpty else { return }
    let start = random.below(record.count)
    let end = min(record.count, start + 1 + random.below(random.once(in: 3) ? 200 : 8))
    switch random.below(5) {
    case 0: record[start] = UInt8(truncatingIfNeeded: random.next())
    case 1: record.removeSubrange(start..<end)
    case 2: record.insert(contentsOf: record[start..<end], at: random.below(record.count))
    case 3:
      record.replaceSubrange(start..<end, with: isText ? Array(#"{}[]",:\u0n1"#.utf8.shuffled(using: &random)) : [0, 0, 0, 1])
    default: record.removeLast(record.count - start)
    }
  }

  /// Each of these was once in the place of a value.
  @Test(arguments: [
    "[,]", "[}", "[", #"[{"xdr":}]"#, #"[{"xdr":"AAAA"#, #"["\u12"]"#, #"[{"error":{"contract":}}]"#,
    "[{\"executable\":",
  ])
  func listsThatAreNone(_ list: String) throws {
    let line = Sample().line.replacing(#""arguments":[]"#, with: #""arguments":\#(list)"#)
    var filter = RecordFilter(try options { $0["arg"] = ["x", "0=*y", ">1"] }.filter())
    #expect(throws: RecordError.self) { try filter.selects(Array(line.utf8), .raw) }
  }
}
