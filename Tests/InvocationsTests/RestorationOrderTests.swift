import Bytes
import StellarXDR
import TestSupport
import Testing

@testable import Invocations

/// Restorations belong before the changes of the same entry, wherever the meta has them (protocol section 7.5).
@Suite struct RestorationOrderTests {
  private static func entry(_ key: UInt32, _ value: UInt32) -> [UInt8] {
    word(7) + word(6) + word(0) + word(1) + Array(repeating: 0xC0, count: 32) + Value.u32(key) + word(1) + Value.u32(value)
      + word(0)
  }
  private static func key(_ key: UInt32) -> [UInt8] {
    word(6) + word(1) + Array(repeating: 0xC0, count: 32) + Value.u32(key) + word(1)
  }
  private static func ttl(_ key: UInt32, _ until: UInt32) -> [UInt8] {
    word(7) + word(9) + Array(repeating: UInt8(key), count: 32) + word(until) + word(0)
  }

  private static func created(_ key: UInt32, _ value: UInt32) -> [UInt8] { word(0) + entry(key, value) }
  private static func updated(_ key: UInt32, _ value: UInt32) -> [UInt8] { word(1) + entry(key, value) }
  private static func removed(_ key: UInt32) -> [UInt8] { word(2) + Self.key(key) }
  private static func state(_ key: UInt32, _ value: UInt32) -> [UInt8] { word(3) + entry(key, value) }
  private static func restored(_ key: UInt32, _ value: UInt32) -> [UInt8] { word(4) + entry(key, value) }

  /// Each change as `kind key=value<old`.
  private func changes(_ list: [[UInt8]]) throws -> [String] {
    let bytes = array(list)
    var cursor = Cursor(bytes.bytes)
    var found: [LedgerEntryChange] = []
    try LedgerEntryChange.readAll(&cursor, into: &found)
    let isAtEnd = cursor.isAtEnd
    #expect(isAtEnd)
    return found.map { change in
      let isTTL = change.entry == .ttl
      let key = isTTL ? UInt32(bytes[change.identity.lowerBound]) : bytes.bytes.word(at: change.key.lowerBound + 4)
      func value(_ change: LedgerEntryChange) -> String {
        isTTL ? "\(change.liveUntil)" : change.value.map { "\(bytes.bytes.word(at: $0.lowerBound + 4))" } ?? "-"
      }
      let old = change.before.map { "<" + value(found[$0]) } ?? ""
      return "\(change.kind) \(isTTL ? "ttl " : "")\(key)=\(value(change))\(old)"
    }
  }

  private static let orders: [(list: [[UInt8]], expected: [String])] = [
    // Already in order.
    ([restored(1, 10), updated(1, 11)], ["restored 1=10", "updated 1=11<10"]),
    ([state(2, 5), updated(2, 6), restored(1, 10)], ["state 2=5", "updated 2=6<5", "restored 1=10"]),
    // After the change, immediately or later.
    ([updated(1, 11), restored(1, 10)], ["restored 1=10", "updated 1=11<10"]),
    ([removed(1), restored(1, 10)], ["restored 1=10", "removed 1=-<10"]),
    (
      [updated(1, 11), created(3, 1), state(2, 5), updated(2, 6), restored(1, 10)],
      ["restored 1=10", "updated 1=11<10", "created 3=1", "state 2=5", "updated 2=6<5"]
    ),
    // The state before the change also comes after the restoration.
    ([state(1, 10), updated(1, 11), restored(1, 10)], ["state 1=10", "restored 1=10", "updated 1=11<10"]),
    // Several, and entries of other kinds.
    (
      [updated(1, 11), removed(2), restored(2, 20), restored(1, 10)],
      ["restored 1=10", "updated 1=11<10", "restored 2=20", "removed 2=-<20"]
    ),
    (
      [updated(1, 11), word(1) + ttl(1, 900), word(4) + ttl(1, 800), restored(1, 10)],
      ["restored 1=10", "updated 1=11<10", "restored ttl 1=800", "updated ttl 1=900<800"]
    ),
    // A second restoration stays in place; so does one that is followed by a change of its entry.
    ([updated(1, 11), restored(1, 10), restored(1, 12)], ["restored 1=10", "updated 1=11<10", "restored 1=12"]),
    (
      [state(1, 1), updated(1, 2), restored(1, 3), updated(1, 4)],
      ["state 1=1", "updated 1=2<1", "restored 1=3", "updated 1=4<3"]
    ),
    // The restoration of another entry changes nothing.
    ([updated(1, 11), restored(2, 20)], ["updated 1=11", "restored 2=20"]),
  ]

  @Test(arguments: orders.indices) func restorationsComeFirst(index: Int) throws {
    #expect(try changes(Self.orders[index].list) == Self.orders[index].expected)
  }

  /// Whether two arrays have the same elements, in any order.
  private func areTheSame(_ one: JSON?, _ other: JSON?) -> Bool {
    let (one, other) = (one?.elements ?? [], other?.elements ?? [])
    return one.count == other.count && one.allSatisfy(other.contains)
  }

  /// Nothing in the records depends on where the meta has a restoration.
  @Test func recordsDoNotDependOnTheOrder() throws {
    var moved = 0
    for transaction in try Testdata.transactions() {
      let meta = XDRView("LedgerTransaction", transaction)["meta_xdr"]
      let whole = XDRView("TransactionMeta", meta.content)
      guard let operations = whole.member(named: "v4")?["operations"], let first = operations.elements.first else { continue }
      let list = first["changes"].elements.map { Array(meta.content[$0.range]) }
      let restorations = list.filter { $0.prefix(4) == word(4)[...] }
      let others = list.filter { $0.prefix(4) != word(4)[...] }
      guard !restorations.isEmpty, others.contains(where: { $0.prefix(4) == word(1)[...] || $0.prefix(4) == word(2)[...] }) else {
        continue
      }
      let range = first["changes"].range
      let changed = Array(meta.content[..<range.lowerBound]) + array(others + restorations) + meta.content[range.upperBound...]
      let record = transaction[..<meta.range.lowerBound] + counted(changed) + transaction[meta.range.upperBound...]
      let lines = try [transaction, Array(record)].map { record in
        try invocations(of: record, .all).map { try JSON(text: line("ContractInvocation", $0)) }
      }
      for (one, other) in zip(lines[0], lines[1]) {
        let kind = try #require(one.kind(among: ["contract_call", "create_contract", "upload_wasm", "restore_footprint"]))
        for list in ["state_changes", "ttl_extensions"] {
          #expect(areTheSame(one[kind]?[list], other[kind]?[list]))
        }
        #expect(areTheSame(one["meta"]?["archive_restorations"], other["meta"]?["archive_restorations"]))
        // A restoration comes immediately before the changes of its entry.
        let changes = other[kind]?["state_changes"]?.elements ?? []
        for (index, change) in changes.enumerated() where change["operation"] == "restore" {
          let later = changes[(index + 1)...].firstIndex {
            $0["key"] == change["key"] && $0["contract_id"] == change["contract_id"]
          }
          if let later { #expect(later == index + 1 && changes[later]["old_value"] == change["new_value"]) }
          #expect(
            !changes[..<index].contains {
              $0["key"] == change["key"] && $0["contract_id"] == change["contract_id"] && change["key"] != .null
            })
        }
        moved += 1
      }
    }
    #expect(moved > 1)
  }
}
