import Bytes

/// The facts about a ledger that the check of the order needs.
package struct ReadLedger {
  package let sequence: UInt32
  package let hash: Hash32
  package let previousHash: Hash32
  /// The first wrong hash of the ledger, except for that of the previous ledger; nil if the hashes were not computed.
  package let mismatch: HashMismatch?
  /// The data lake's object that contains it.
  package let object: LedgerObject?

  package init(_ ledger: LedgerCloseMeta, mismatch: HashMismatch?, object: LedgerObject?) {
    (sequence, hash, previousHash) = (ledger.sequence, ledger.hash, ledger.previousHash)
    (self.mismatch, self.object) = (mismatch, object)
  }
}

/// An object of a data lake.
package struct LedgerObject: Equatable {
  /// The lake's directory; nil for FILEs with the names of lake objects.
  package let directory: String?
  package let path: String
  /// The first ledger that its name announces.
  package let first: UInt32
  /// Whether it may be read again from its beginning, because it was incomplete.
  package let isFollowed: Bool

  package init(directory: String?, path: String, first: UInt32, isFollowed: Bool) {
    (self.directory, self.path, self.first, self.isFollowed) = (directory, path, first, isFollowed)
  }
}

/// A value of `--anchor`: a ledger and its expected hash.
package struct Anchor {
  package let sequence: UInt32
  package let hash: Hash32

  package init(sequence: UInt32, hash: Hash32) { (self.sequence, self.hash) = (sequence, hash) }
}

/// What is wrong or unusual about the order of ledgers.
package enum SequenceProblem: Error, Equatable, CustomStringConvertible {
  // About one ledger.
  case repeated
  case inTwoObjects
  case inTwoObjectsWithOtherHash(Hash32)
  case stepBack(after: UInt32)
  case gap(ClosedRange<UInt32>)
  case hash(HashMismatch)
  case otherHash(Hash32, anchor: Hash32)
  // About the input.
  case missing([ClosedRange<UInt32>])
  case notInLake(ClosedRange<UInt32>, directory: String)
  case anchorNotRead(UInt32)

  /// Whether it is about one ledger.
  package var isAboutLedger: Bool {
    switch self {
    case .missing, .notInLake, .anchorNotRead: false
    default: true
    }
  }

  /// The kind of warning, as counts name it.
  package var kind: String {
    switch self {
    case .repeated: "repeated ledgers"
    case .inTwoObjects: "ledgers in two objects"
    case .stepBack: "steps back"
    case .gap: "gaps"
    default: "ledgers"
    }
  }

  package var description: String {
    switch self {
    case .repeated: "this ledger was just read; the repeated one is dropped"
    case .inTwoObjects: "another object of the data lake holds this ledger too; it is dropped here"
    case .inTwoObjectsWithOtherHash(let hash): "another object of the data lake holds this ledger with the hash \(hash.hex)"
    case .stepBack(let last): "comes after ledger \(last)"
    case .gap(let missing): "\(LedgerRanges.words(for: [missing])) missing before this one"
    case .hash(let mismatch): mismatch.description
    case .otherHash(let hash, let anchor): "the hash is \(hash.hex), but --anchor says \(anchor.hex)"
    case .missing(let ranges): "the input does not hold \(LedgerRanges.words(for: ranges)) (see --ledgers)"
    case .notInLake(let missing, _): "no object holds \(LedgerRanges.words(for: [missing]))"
    case .anchorNotRead(let ledger): "ledger \(ledger) of --anchor was not read, so nothing before it is proved"
    }
  }
}

/// Checks ledgers in their order. It warns about gaps and repeats; a gap in a data lake is an error. A ledger that directly
/// repeats the previous one, as after a restart of stellar-core, is dropped. With `verifies`, gaps and other repeats are errors,
/// the chain of hashes must be intact, and anchors must have their hashes. With `keepGoing`, gaps remain warnings, because the
/// ledger after a gap is intact and must not be skipped.
package final class LedgerSequence {
  private let wanted: LedgerRanges
  private let verifies: Bool
  private let keepGoing: Bool
  private let anchors: [Anchor]
  /// The ledgers of anchors that were not read yet.
  private var missingAnchors: Set<UInt32>
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
    private(set) var object: LedgerObject?

    init(_ directory: String?) { self.directory = directory }

    /// Objects are in the order of their first ledgers, so ledgers before the first one of the current object do not occur again.
    mutating func note(_ ledger: ReadLedger, of object: LedgerObject) {
      if object != self.object {
        self.object = object
        // A limit for a lake whose names are wrong.
        if hashes.count > 100_000 { hashes = [:] }
        hashes = hashes.filter { $0.key >= object.first }
      }
      hashes[ledger.sequence] = ledger.hash
      last = ledger.sequence
    }
  }

  package init(wanted: LedgerRanges, verifies: Bool, keepGoing: Bool, anchors: [Anchor] = []) {
    self.wanted = wanted
    self.verifies = verifies
    self.keepGoing = keepGoing
    self.anchors = anchors
    missingAnchors = Set(anchors.map { $0.sequence })
    coverage = RangeCoverage(wanted)
  }

  /// Returns false for a ledger that must be dropped. Throws for one that cannot be accepted.
  package func check(
    _ ledger: ReadLedger, warn: (SequenceProblem) -> Void
  ) throws(SequenceProblem) -> Bool {
    if verifies {
      try checkHashes(ledger)
      try checkAnchors(ledger)
    }
    if try !checkLake(ledger, warn) { return false }
    if let last, try !check(ledger, after: last, warn) { return false }
    last = (ledger.sequence, ledger.hash)
    coverage.note(ledger.sequence)
    return true
  }

  /// Throws if wanted ledgers are missing at the end of the input, or a ledger of an anchor. `skipped` records could not be read.
  package func checkEnd(skipped: Int) throws(SequenceProblem) {
    try checkLakeEnd()
    let missing = coverage.missing
    // The missing ledgers may be the skipped ones, which were reported.
    if !missing.ranges.isEmpty, !keepGoing || missing.count > skipped { throw .missing(missing.ranges) }
    if let ledger = missingAnchors.min() { throw .anchorNotRead(ledger) }
  }

  // MARK: hashes

  /// The header's own hash comes first: if it is wrong, nothing else in the header can be trusted.
  private func checkHashes(_ ledger: ReadLedger) throws(SequenceProblem) {
    if let mismatch = ledger.mismatch, mismatch.part == .header { throw .hash(mismatch) }
    if let last, last.sequence &+ 1 == ledger.sequence, last.hash != ledger.previousHash {
      throw .hash(HashMismatch(part: .previous, stated: ledger.previousHash, computed: last.hash))
    }
    if let mismatch = ledger.mismatch { throw .hash(mismatch) }
  }

  private func checkAnchors(_ ledger: ReadLedger) throws(SequenceProblem) {
    for anchor in anchors where anchor.sequence == ledger.sequence {
      if anchor.hash != ledger.hash { throw .otherHash(ledger.hash, anchor: anchor.hash) }
      missingAnchors.remove(anchor.sequence)
    }
  }

  // MARK: order

  private func check(
    _ ledger: ReadLedger, after last: (sequence: UInt32, hash: Hash32), _ warn: (SequenceProblem) -> Void
  ) throws(SequenceProblem) -> Bool {
    if ledger.sequence == last.sequence, ledger.hash == last.hash {
      warn(.repeated)
      return false
    }
    if ledger.sequence <= last.sequence {
      if verifies { throw .stepBack(after: last.sequence) }
      warn(.stepBack(after: last.sequence))
    } else if ledger.sequence > last.sequence + 1 {
      let missing = last.sequence + 1...ledger.sequence - 1
      if wanted.ranges.contains(where: { $0.overlaps(missing) }) {
        if verifies && !keepGoing { throw .gap(missing) }
        warn(.gap(missing))
      }
    }
    return true
  }

  // MARK: data lakes

  /// Returns false for a ledger that another object contained.
  private func checkLake(_ ledger: ReadLedger, _ warn: (SequenceProblem) -> Void) throws(SequenceProblem) -> Bool {
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
      if let hash = lake?.hashes[ledger.sequence], hash != ledger.hash { throw .inTwoObjectsWithOtherHash(hash) }
      let isReadAgain = object.isFollowed && lake?.object == object
      if !isReadAgain { warn(.inTwoObjects) }
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

  /// Throws if the current lake ended before the last wanted ledger.
  private func checkLakeEnd() throws(SequenceProblem) {
    guard let directory = lake?.directory, let last = lake?.last, let highest = wanted.ranges.last?.upperBound, highest < .max,
      last < highest
    else { return }
    try refuse(last + 1...highest, in: directory)
  }

  /// Throws if a wanted ledger is among those that a lake does not contain.
  private func refuse(_ missing: ClosedRange<UInt32>, in directory: String) throws(SequenceProblem) {
    for range in wanted.ranges where range.overlaps(missing) {
      throw .notInLake(range.clamped(to: missing), directory: directory)
    }
  }
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
