import Bytes
import CommandLineTools
import Ledgers
import Streams

/// Watches the sequence of ledgers: gaps and repeats are warned about, in a data lake a gap is an error, and the ledger just read again
/// (as after a restart of core) is dropped. Strictly (`--verify`), gaps and other repeats are errors and the chain of hashes must hold;
/// but what follows a gap is no damaged record, which `-k` would have to skip: then gaps are warned about all the same.
struct SequenceCheck {
  private let wanted: LedgerRanges
  private let isStrict: Bool
  private var last: (sequence: UInt32, hash: Hash32)?
  private var lake: Lake?
  private var coverage: RangeCoverage

  /// The data lake that is being read.
  private struct Lake {
    /// Nil for FILEs with the names of objects.
    let directory: String?
    /// The last ledger that came out of it.
    var last: UInt32?
    /// Hashes of ledgers that another object may hold, too.
    var hashes: [UInt32: Hash32] = [:]
    private(set) var object: LakeObject?

    init(_ directory: String?) { self.directory = directory }

    /// Objects come in the order of their first ledgers: what is before that of the current one does not come again.
    mutating func note(_ ledger: LedgerCloseMeta, of object: LakeObject) {
      if object != self.object {
        self.object = object
        // More than these are not kept of a lake whose names say nothing.
        if hashes.count > 100_000 { hashes = [:] }
        hashes = hashes.filter { $0.key >= object.ledgers.lowerBound }
      }
      hashes[ledger.sequence] = ledger.hash
      last = ledger.sequence
    }
  }

  init(wanted: LedgerRanges, isStrict: Bool) {
    self.wanted = wanted
    self.isStrict = isStrict
    coverage = RangeCoverage(wanted)
  }

  /// The hash of the ledger before this one, if that was read.
  func previousHash(of ledger: LedgerCloseMeta) -> Hash32? {
    last.flatMap { $0.sequence &+ 1 == ledger.sequence ? $0.hash : nil }
  }

  /// False for a ledger that is to be dropped.
  mutating func check(_ ledger: LedgerCloseMeta, _ object: LakeObject?, _ session: inout Session) throws(Failure) -> Bool {
    if try !checkLake(ledger, object, session) { return false }
    if let last, try !check(ledger, after: last, session) { return false }
    last = (ledger.sequence, ledger.hash)
    coverage.note(ledger.sequence)
    return true
  }

  private func check(
    _ ledger: LedgerCloseMeta, after last: (sequence: UInt32, hash: Hash32), _ session: borrowing Session
  ) throws(Failure) -> Bool {
    if ledger.sequence == last.sequence, ledger.hash == last.hash {
      session.messages.warn(
        "repeated ledgers", Self.diagnostic("this ledger was just read; the repeated one is dropped", ledger, session))
      return false
    }
    if ledger.sequence <= last.sequence {
      if isStrict { throw Failure(Self.stepBack(ledger, last.sequence, session)) }
      session.messages.warn("steps back", Self.stepBack(ledger, last.sequence, session))
    } else if ledger.sequence > last.sequence + 1 {
      let missing = last.sequence + 1...ledger.sequence - 1
      if wanted.ranges.contains(where: { $0.overlaps(missing) }) {
        if isStrict && !session.keepGoing { throw Failure(Self.gap(missing, ledger, session)) }
        session.messages.warn("gaps", Self.gap(missing, ledger, session))
      }
    }
    return true
  }

  private static func stepBack(_ ledger: LedgerCloseMeta, _ last: UInt32, _ session: borrowing Session) -> Diagnostic {
    diagnostic("comes after ledger \(last)", ledger, session)
  }

  private static func gap(_ missing: ClosedRange<UInt32>, _ ledger: LedgerCloseMeta, _ session: borrowing Session) -> Diagnostic {
    diagnostic("\(words(missing)) missing before this one", ledger, session)
  }

  private static func diagnostic(_ what: String, _ ledger: LedgerCloseMeta, _ session: borrowing Session) -> Diagnostic {
    Diagnostic(what, at: session.reader.place, ledger: ledger.sequence)
  }

  // MARK: data lakes

  /// False for a ledger that another object held before.
  private mutating func checkLake(
    _ ledger: LedgerCloseMeta, _ object: LakeObject?, _ session: borrowing Session
  ) throws(Failure) -> Bool {
    guard let object else {
      try checkLakeEnd()
      lake = nil
      return true
    }
    if lake == nil || lake?.directory != object.directory {
      try checkLakeEnd()
      lake = Lake(object.directory)
    }
    if let last = lake?.last, ledger.sequence <= last {
      // An object that was not whole is begun again.
      let isReadAgain = session.reader.isFollowing && lake?.object == object
      if let hash = lake?.hashes[ledger.sequence], hash != ledger.hash {
        throw Failure(
          Self.diagnostic("another object of the data lake holds this ledger with the hash \(hash.hex)", ledger, session))
      }
      if !isReadAgain {
        session.messages.warn(
          "ledgers in two objects",
          Self.diagnostic("another object of the data lake holds this ledger too; it is dropped here", ledger, session))
      }
      return false
    }
    if let directory = object.directory {
      let lowest = max(wanted.ranges[0].lowerBound, LedgerRanges.firstWithMeta)
      let isOpen = wanted.ranges[0].lowerBound == 0
      let before = lake?.last.map { $0 &+ 1 } ?? (isOpen ? ledger.sequence : lowest)
      if ledger.sequence > before { try refuse(before...ledger.sequence - 1, in: directory) }
    }
    lake?.note(ledger, of: object)
    return true
  }

  /// Whether all that was wanted came.
  func checkEnd(_ session: borrowing Session) throws(Failure) {
    try checkLakeEnd()
    let missing = coverage.missing
    guard !missing.ranges.isEmpty else { return }
    // A ledger that was skipped may be one of these, and was reported.
    if session.keepGoing, missing.count <= session.counters.skipped { return }
    throw Failure(Diagnostic("the input does not hold \(StreamError.words(for: missing.ranges)) (see --ledgers)"))
  }

  /// Whether the lake that was read last held all that was wanted of it.
  private func checkLakeEnd() throws(Failure) {
    guard let directory = lake?.directory, let last = lake?.last, let highest = wanted.ranges.last?.upperBound, highest < .max,
      last < highest
    else { return }
    try refuse(last + 1...highest, in: directory)
  }

  /// Ledgers that a lake does not hold: an error as far as they are wanted.
  private func refuse(_ missing: ClosedRange<UInt32>, in directory: String) throws(Failure) {
    for range in wanted.ranges where range.overlaps(missing) {
      throw Failure(
        Diagnostic("no object holds \(Self.words(range.clamped(to: missing)))", file: directory), status: .badData)
    }
  }

  private static func words(_ ledgers: ClosedRange<UInt32>) -> String { StreamError.words(for: [ledgers]) }
}

/// Which of the wanted ledgers came, of the ranges that have an end.
struct RangeCoverage {
  private let bounded: [ClosedRange<UInt32>]
  /// Ascending, and they do not touch.
  private var seen: [ClosedRange<UInt32>] = []
  /// An input in which more ranges than these are missing is none that could still become whole in a useful time.
  private static let mostRanges = 10_000

  init(_ wanted: LedgerRanges) { bounded = wanted.ranges.filter { $0.upperBound < .max } }

  mutating func note(_ ledger: UInt32) {
    guard !bounded.isEmpty, bounded.contains(where: { $0.contains(ledger) }) else { return }
    if let last = seen.last, last.upperBound &+ 1 == ledger {
      seen[seen.count - 1] = last.lowerBound...ledger
    } else if !seen.contains(where: { $0.contains(ledger) }), seen.count < Self.mostRanges {
      seen = LedgerRanges(seen + [ledger...ledger]).ranges
    }
  }

  /// The first ranges that did not come, and how many ledgers are missing. A range without a beginning begins with the first ledger that came.
  var missing: (ranges: [ClosedRange<UInt32>], count: Int) {
    var missing: [ClosedRange<UInt32>] = []
    for range in bounded {
      let inside = seen.filter(range.overlaps)
      var next = max(range.lowerBound, LedgerRanges.firstWithMeta)
      if range.lowerBound == 0 {
        guard let first = inside.first else {
          missing.append(range)
          continue
        }
        next = first.lowerBound
      }
      for part in inside {
        if part.lowerBound > next { missing.append(next...part.lowerBound - 1) }
        next = part.upperBound &+ 1
      }
      if next <= range.upperBound { missing.append(next...range.upperBound) }
    }
    return (Array(missing.prefix(5)), missing.reduce(0) { $0 + $1.count })
  }
}
