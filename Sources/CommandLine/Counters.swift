/// The counters that `--stats` prints as one JSON object; its members have the order of the manual.
package struct Counters: Sendable {
  package var recordsIn = 0
  package var recordsOut = 0
  package var skipped = 0
  package var errors = 0
  package private(set) var ledgers = 0
  package private(set) var firstLedger: UInt32?
  package private(set) var lastLedger: UInt32?
  /// When the last ledger closed, in Unix time, if the tool reads that.
  package private(set) var lastClosedAt: UInt64?
  /// Members of one tool, which follow the common ones.
  package var more: [(name: String, value: Int)] = []
  /// Only for a tool that extracts invocations.
  package var invocations: InvocationCounts?
  package init() {}

  /// Counts the ledger of a record, once for consecutive records of the same ledger.
  package mutating func count(ledger: UInt32, closedAt: UInt64? = nil) {
    if ledger == lastLedger { return }
    lastClosedAt = closedAt
    ledgers += 1
    firstLedger = firstLedger ?? ledger
    lastLedger = ledger
  }
}

/// The numbers of extracted invocations.
package struct InvocationCounts: Sendable {
  /// The invocations of one kind, by outcome.
  package struct Outcomes: Sendable {
    package var succeeded = 0
    package var failed = 0

    static func += (left: inout Outcomes, right: Outcomes) {
      left.succeeded += right.succeeded
      left.failed += right.failed
    }

    var all: Int { succeeded + failed }

    package mutating func count(_ isSuccessful: Bool) {
      if isSuccessful { succeeded += 1 } else { failed += 1 }
    }
  }

  package var calls = Outcomes()
  package var creations = Outcomes()
  package var uploads = Outcomes()
  /// Entries restored from the archive.
  package var restorations = 0

  package init() {}

  static func += (left: inout InvocationCounts, right: InvocationCounts) {
    left.calls += right.calls
    left.creations += right.creations
    left.uploads += right.uploads
    left.restorations += right.restorations
  }

  var kinds: [(name: String, outcomes: Outcomes)] { [("call", calls), ("create", creations), ("upload", uploads)] }
  var succeeded: Int { kinds.reduce(0) { $0 + $1.outcomes.succeeded } }
  var failed: Int { kinds.reduce(0) { $0 + $1.outcomes.failed } }
}
