import Bytes
import CommandLineTools
import Invocations
import Streams

/// Watches the sequence of ledgers: gaps and repeats are warned about, in a data lake a gap is an error, and the ledger just read again
/// (as after a restart of core) is dropped. Strictly (`--verify`), gaps and repeats are errors and the chain of hashes must hold;
/// but what follows a gap is no damaged record, which `-k` would have to skip: then gaps are warned about all the same.
struct SequenceCheck {
  private let wanted: LedgerRanges
  private let isStrict: Bool
  private var last: (sequence: UInt32, hash: Hash32)?
  /// The data lake that is being read, and the last ledger that came out of it.
  private var lake: (directory: String, last: UInt32?)?

  init(wanted: LedgerRanges, isStrict: Bool) {
    self.wanted = wanted
    self.isStrict = isStrict
  }

  /// The hash of the ledger before this one, if that was read.
  func previousHash(of ledger: LedgerCloseMeta) -> Hash32? {
    last.flatMap { $0.sequence &+ 1 == ledger.sequence ? $0.hash : nil }
  }

  /// False for a ledger that is to be dropped.
  mutating func check(_ ledger: LedgerCloseMeta, _ object: LakeObject?, _ session: inout Session) throws(Failure) -> Bool {
    try checkLake(ledger, object)
    if let last, try !check(ledger, after: last, &session) { return false }
    last = (ledger.sequence, ledger.hash)
    return true
  }

  private func check(
    _ ledger: LedgerCloseMeta, after last: (sequence: UInt32, hash: Hash32), _ session: inout Session
  ) throws(Failure) -> Bool {
    func diagnostic(_ what: String) -> Diagnostic { Diagnostic(what, at: session.reader.place, ledger: ledger.sequence) }
    if ledger.sequence == last.sequence, ledger.hash == last.hash {
      session.messages.warn("repeated ledgers", diagnostic("the ledger just read comes again, and is dropped"))
      return false
    }
    if ledger.sequence <= last.sequence {
      if isStrict { throw Failure(diagnostic("comes after ledger \(last.sequence)")) }
      session.messages.warn("steps back", diagnostic("comes after ledger \(last.sequence)"))
    } else if ledger.sequence > last.sequence + 1 {
      let missing = last.sequence + 1...ledger.sequence - 1
      if wanted.ranges.contains(where: { $0.overlaps(missing) }) {
        let gap = diagnostic("\(Self.words(missing)) missing before this one")
        if isStrict && !session.keepGoing { throw Failure(gap) }
        session.messages.warn("gaps", gap)
      }
    }
    return true
  }

  // MARK: data lakes

  private mutating func checkLake(_ ledger: LedgerCloseMeta, _ object: LakeObject?) throws(Failure) {
    guard let object else { return try checkEnd() }
    if lake?.directory != object.lake {
      try checkEnd()
      lake = (object.lake, nil)
    }
    let lowest = wanted.ranges[0].lowerBound
    let before = lake?.last.map { $0 &+ 1 } ?? (lowest > 0 ? lowest : ledger.sequence)
    if ledger.sequence > before { try refuse(before...ledger.sequence - 1, in: object.lake) }
    lake = (object.lake, ledger.sequence)
  }

  /// Whether the lake that was read last held all that was wanted of it.
  func checkEnd() throws(Failure) {
    guard let lake, let last = lake.last, let highest = wanted.ranges.last?.upperBound, highest < .max, last < highest else {
      return
    }
    try refuse(last + 1...highest, in: lake.directory)
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
