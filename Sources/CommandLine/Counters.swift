import Bytes
import StellarJSON

/// What `--stats` prints: one JSON object, its members in the order of the manual.
package struct Counters: Sendable {
  package var recordsIn = 0
  package var recordsOut = 0
  package var skipped = 0
  package var errors = 0
  package private(set) var ledgers = 0
  package private(set) var firstLedger: UInt32?
  package private(set) var lastLedger: UInt32?
  /// Further members of one tool, after those that all have.
  package var more: [(name: String, value: Int)] = []

  package init() {}

  /// Counts the ledger of a record, once for all records that follow each other.
  package mutating func count(ledger: UInt32) {
    if ledger == lastLedger { return }
    ledgers += 1
    firstLedger = firstLedger ?? ledger
    lastLedger = ledger
  }

  package func json(tool: String, elapsed: Duration, bytesIn: Int, bytesOut: Int) -> String {
    var members = [
      ("tool", JSONText.string(tool)), ("version", JSONText.string(Version.current)),
      ("elapsed_seconds", elapsed.seconds(decimals: 3)), ("bytes_in", "\(bytesIn)"), ("bytes_out", "\(bytesOut)"),
      ("records_in", "\(recordsIn)"), ("records_out", "\(recordsOut)"), ("skipped", "\(skipped)"),
      ("errors", "\(errors)"), ("ledgers", "\(ledgers)"),
      ("first_ledger", firstLedger.map { "\($0)" } ?? "null"), ("last_ledger", lastLedger.map { "\($0)" } ?? "null"),
    ]
    members += more.map { ($0.name, "\($0.value)") }
    return JSONText.object(members)
  }
}

extension Duration {
  /// In seconds, rounded down, as "12.345".
  func seconds(decimals: Int) -> String {
    let (whole, attoseconds) = components
    let thousandths = Int(attoseconds / 1_000_000_000_000_000)
    let digits = String(1000 + thousandths).dropFirst().prefix(decimals)
    return digits.isEmpty ? "\(whole)" : "\(whole).\(digits)"
  }

  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
