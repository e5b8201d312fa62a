/// What `--stats` prints: one JSON object, its members in the order of the manual.
package struct Counters: Sendable {
  package var recordsIn = 0
  package var recordsOut = 0
  package var skipped = 0
  package var errors = 0
  package private(set) var ledgers = 0
  package private(set) var firstLedger: UInt32?
  package private(set) var lastLedger: UInt32?
  /// When the last ledger closed, in Unix time, where the tool reads that.
  package private(set) var lastClosedAt: UInt64?
  /// Further members of one tool, after those that all have.
  package var more: [(name: String, value: Int)] = []
  /// Only of a tool that extracts invocations.
  package var invocations: InvocationCounts?
  package init() {}

  /// Counts the ledger of a record, once for all records that follow each other.
  package mutating func count(ledger: UInt32, closedAt: UInt64? = nil) {
    if ledger == lastLedger { return }
    lastClosedAt = closedAt
    ledgers += 1
    firstLedger = firstLedger ?? ledger
    lastLedger = ledger
  }
}

/// How many invocations were extracted.
package struct InvocationCounts: Sendable {
  /// Those of one kind, by their outcome.
  package struct Outcomes: Sendable {
    package var succeeded = 0
    package var failed = 0
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

  var kinds: [(name: String, outcomes: Outcomes)] { [("call", calls), ("create", creations), ("upload", uploads)] }
  var succeeded: Int { kinds.reduce(0) { $0 + $1.outcomes.succeeded } }
  var failed: Int { kinds.reduce(0) { $0 + $1.outcomes.failed } }
}
