import Bytes
import CommandLineTools
import Ledgers
import Streams

/// The facts about a ledger that the check of the order needs.
struct ReadLedger {
  let sequence: UInt32
  let hash: Hash32
  let previousHash: Hash32
  let place: Place
  /// The data lake's object that contains it, and whether the lake is followed.
  let object: LakeObject?
  let isFollowed: Bool
  /// The first wrong hash of the ledger, except for that of the previous ledger; nil if the hashes were not computed.
  let mismatch: HashMismatch?

  func diagnostic(_ what: String) -> Diagnostic { Diagnostic(what, at: place, ledger: sequence) }
}

/// Checks ledgers in their order: the sequence, and with `--verify` the chain of hashes and the anchors.
final class LedgerSequence {
  private let verifies: Bool
  private var anchors: Anchors
  private var sequence: SequenceCheck

  init(wanted: LedgerRanges, verifies: Bool, anchors: Anchors) {
    self.verifies = verifies
    self.anchors = anchors
    sequence = SequenceCheck(wanted: wanted, isStrict: verifies)
  }

  /// Returns false for a ledger that must be dropped.
  func check(_ ledger: ReadLedger, _ order: LedgerOrder) throws(Failure) -> Bool {
    if verifies {
      try checkHashes(ledger)
      try anchors.check(ledger)
    }
    return try sequence.check(ledger, order)
  }

  /// The header's own hash comes first: if it is wrong, nothing else in the header can be trusted.
  private func checkHashes(_ ledger: ReadLedger) throws(Failure) {
    var mismatch = ledger.mismatch
    if mismatch?.part != .header, let previous = sequence.previousHash(of: ledger), previous != ledger.previousHash {
      mismatch = HashMismatch(part: .previous, stated: ledger.previousHash, computed: previous)
    }
    if let mismatch { throw Failure(ledger.diagnostic("\(mismatch)")) }
  }

  /// Throws if wanted ledgers are missing at the end of the input. `skipped` records could not be read.
  func checkEnd(keepGoing: Bool, skipped: Int) throws(Failure) { try sequence.checkEnd(keepGoing: keepGoing, skipped: skipped) }

  /// Throws if a ledger of `--anchor` was not read.
  func checkAnchors() throws(Failure) { try anchors.checkEnd() }
}

/// The ledgers of one thread's batch, until they are checked.
final class LedgersOfBatch: LedgerCheck {
  private let sequence: LedgerSequence
  private var ledgers: [ReadLedger] = []

  init(_ sequence: LedgerSequence) { self.sequence = sequence }

  func begin() { ledgers.removeAll(keepingCapacity: true) }

  /// Returns the ledger's number in the batch.
  func add(_ ledger: ReadLedger) -> Int {
    ledgers.append(ledger)
    return ledgers.count - 1
  }

  func check(_ number: Int, _ order: LedgerOrder) throws(Failure) -> Bool { try sequence.check(ledgers[number], order) }
}

/// Checks the sequence of ledgers. It warns about gaps and repeats; a gap in a data lake is an error. A ledger that directly
/// repeats the previous one, as after a restart of stellar-core, is dropped. With `--verify`, gaps and other repeats are errors,
/// and the chain of hashes must be intact. With `-k`, gaps remain warnings, because the ledger after a gap is intact and must not
/// be skipped.
struct SequenceCheck {
  private let wanted: LedgerRanges
  private let isStrict: Bool
  private var last: (sequence: UInt32, hash: Hash32)?
  private var lake: Lake?
  private var coverage: RangeCoverage

  /// The current data lake.
  private struct Lake {
    /// Nil for FILEs with the names of lake objects.
    let directory: String?
    /// The last ledger from this lake.
    var last: UInt32?
    /// Hashes of ledgers that another object may also contain.
    var hashes: [UInt32: Hash32] = [:]
    private(set) var object: LakeObject?

    init(_ directory: String?) { self.directory = directory }

    /// Objects are in the order of their first ledgers, so ledgers before the first one of the current object do not occur again.
    mutating func note(_ ledger: ReadLedger, of object: LakeObject) {
      if object != self.object {
        self.object = object
        // A limit for a lake whose names are wrong.
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

  /// The hash of the previous ledger, if it was read.
  func previousHash(of ledger: ReadLedger) -> Hash32? {
    last.flatMap { $0.sequence &+ 1 == ledger.sequence ? $0.hash : nil }
  }

  /// Returns false for a ledger that must be dropped.
  mutating func check(_ ledger: ReadLedger, _ order: LedgerOrder) throws(Failure) -> Bool {
    if try !checkLake(ledger, order) { return false }
    if let last, try !check(ledger, after: last, order) { return false }
    last = (ledger.sequence, ledger.hash)
    coverage.note(ledger.sequence)
    return true
  }

  private func check(
    _ ledger: ReadLedger, after last: (sequence: UInt32, hash: Hash32), _ order: LedgerOrder
  ) throws(Failure) -> Bool {
    if ledger.sequence == last.sequence, ledger.hash == last.hash {
      order.warn("repeated ledgers", ledger.diagnostic("this ledger was just read; the repeated one is dropped"))
      return false
    }
    if ledger.sequence <= last.sequence {
      // A warning that is not shown is not made.
      var stepBack: Diagnostic { ledger.diagnostic("comes after ledger \(last.sequence)") }
      if isStrict { throw Failure(stepBack) }
      order.warn("steps back", stepBack)
    } else if ledger.sequence > last.sequence + 1 {
      let missing = last.sequence + 1...ledger.sequence - 1
      if wanted.ranges.contains(where: { $0.overlaps(missing) }) {
        let gap = ledger.diagnostic("\(Self.words(missing)) missing before this one")
        if isStrict && !order.keepGoing { throw Failure(gap) }
        order.warn("gaps", gap)
      }
    }
    return true
  }

  // MARK: data lakes

  /// Returns false for a ledger that another object contained.
  private mutating func checkLake(_ ledger: ReadLedger, _ order: LedgerOrder) throws(Failure) -> Bool {
    guard let object = ledger.object else {
      try checkLakeEnd()
      lake = nil
      return true
    }
    if lake == nil || lake?.directory != object.directory {
      try checkLakeEnd()
      lake = Lake(object.directory)
    }
    if let last = lake?.last, ledger.sequence <= last {
      // An incomplete object is read again from its beginning.
      let isReadAgain = ledger.isFollowed && lake?.object == object
      if let hash = lake?.hashes[ledger.sequence], hash != ledger.hash {
        throw Failure(ledger.diagnostic("another object of the data lake holds this ledger with the hash \(hash.hex)"))
      }
      if !isReadAgain {
        order.warn(
          "ledgers in two objects",
          ledger.diagnostic("another object of the data lake holds this ledger too; it is dropped here"))
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

  /// Throws if a wanted ledger was not read. `skipped` records could not be read.
  func checkEnd(keepGoing: Bool, skipped: Int) throws(Failure) {
    try checkLakeEnd()
    let missing = coverage.missing
    guard !missing.ranges.isEmpty else { return }
    // The missing ledgers may be the skipped ones, which were reported.
    if keepGoing, missing.count <= skipped { return }
    throw Failure(Diagnostic("the input does not hold \(StreamError.words(for: missing.ranges)) (see --ledgers)"))
  }

  /// Throws if the current lake ended before the last wanted ledger.
  private func checkLakeEnd() throws(Failure) {
    guard let directory = lake?.directory, let last = lake?.last, let highest = wanted.ranges.last?.upperBound, highest < .max,
      last < highest
    else { return }
    try refuse(last + 1...highest, in: directory)
  }

  /// Throws if a wanted ledger is among those that a lake does not contain.
  private func refuse(_ missing: ClosedRange<UInt32>, in directory: String) throws(Failure) {
    for range in wanted.ranges where range.overlaps(missing) {
      throw Failure(
        Diagnostic("no object holds \(Self.words(range.clamped(to: missing)))", file: directory), status: .badData)
    }
  }

  private static func words(_ ledgers: ClosedRange<UInt32>) -> String { StreamError.words(for: [ledgers]) }
}

/// The wanted ledgers that were read, for the ranges that have an end.
struct RangeCoverage {
  private let bounded: [ClosedRange<UInt32>]
  /// Ascending, and they do not touch.
  private var seen: [ClosedRange<UInt32>] = []
  /// With more gaps than this, it is no longer useful to know exactly which ledgers are missing.
  private static let maximumRanges = 10_000

  init(_ wanted: LedgerRanges) { bounded = wanted.ranges.filter { $0.upperBound < .max } }

  mutating func note(_ ledger: UInt32) {
    guard !bounded.isEmpty, bounded.contains(where: { $0.contains(ledger) }) else { return }
    if let last = seen.last, last.upperBound &+ 1 == ledger {
      seen[seen.count - 1] = last.lowerBound...ledger
    } else if !seen.contains(where: { $0.contains(ledger) }), seen.count < Self.maximumRanges {
      seen = LedgerRanges(seen + [ledger...ledger]).ranges
    }
  }

  /// The first missing ranges, and the number of all missing ledgers. A range without a beginning starts at the first ledger that
  /// was read.
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
