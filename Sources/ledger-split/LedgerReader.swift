import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Reads ledgers one by one from any container. Each is validated completely before it is returned.
struct LedgerReader: ~Copyable {
  /// The current ledger; its positions are in the session's record, or in `lineBytes` for a line.
  private(set) var ledger = LedgerCloseMeta()

  private let network: Network?
  private let wanted: LedgerRanges
  private let verifies: Bool
  private let ledgers: LedgersOfBatch
  /// Finds the ends of unframed ledgers: `framer` for the session's FILEs, `ownFramer` for FILEs that only this thread reads.
  private let framer: LedgerFramer
  private let ownFramer = LedgerFramer()
  private var line = LedgerLine()
  /// Whether the current record was already read to find its extent.
  private var isRead = false
  /// The batch of the last record.
  private var batch: Int?

  /// Without a network, envelopes are not hashed. With `countsEvents`, each transaction gets the number of events before it.
  init(
    network: Network?, wanted: LedgerRanges, verifies: Bool, sequence: LedgerSequence, framer: LedgerFramer, countsEvents: Bool
  ) {
    self.framer = framer
    ledger.countsEvents = countsEvents
    self.network = network
    self.wanted = wanted
    self.verifies = verifies
    ledgers = LedgersOfBatch(sequence)
  }

  /// The bytes of a ledger from a line. The bytes of any other ledger are the session's record.
  var lineBytes: RawSpan {
    @_lifetime(borrow self)
    get { line.current }
  }

  /// Discards the rest of the current line.
  mutating func begin() { line.clear() }

  /// Moves to the next ledger. Returns false if it is skipped: not wanted, a repetition, or (with `-k`) damaged. Nil at the end.
  mutating func next(_ session: inout Session) throws(RunError) -> Bool? {
    session.endLedger()
    do throws(RunError) {
      if session.reader.framing == .lines, line.advance() {
        do throws(Failure) { _ = try read(line: session, isNew: false) } catch { throw .failure(error) }
      } else {
        switch try move(&session) {
        case nil: return nil
        case false?: return false
        case true?: break
        }
      }
    } catch {
      if session.reader.isFollowing {
        // The object may be incomplete.
        guard error.status == .badData, try session.readAgain() else { throw error }
        framer.batch = LedgerFramer.Batch()
        isRead = false
        return false
      }
      guard case .failure(let failure) = error, session.reader.framing != .bare else { throw error }
      try session.skip(failure)
      return false
    }
    let read = ReadLedger(
      sequence: ledger.sequence, hash: ledger.hash, previousHash: ledger.previousHash, place: session.reader.place,
      object: session.reader.lakeObject, isFollowed: session.reader.isFollowing, mismatch: verifies ? mismatch(session) : nil)
    return try admit(read, &session) && wanted.contains(read.sequence)
  }

  /// Checks whether a ledger is wanted, given the ledgers before it, and counts it. Returns false for a ledger that is not wanted
  /// or was skipped because it cannot be accepted. Before this thread's turn it returns true, and the results up to `endLedger`
  /// are discarded later if the check fails.
  private func admit(_ read: ReadLedger, _ session: inout Session) throws(RunError) -> Bool {
    if session.batchNumber == nil { ledgers.begin() }
    let number = ledgers.add(read)
    if session.defers(ledgers, number, ledger: read.sequence, closedAt: ledger.closedAt) { return true }
    do throws(Failure) {
      guard try ledgers.check(number, session.ledgerOrder) else { return false }
    } catch {
      session.counters.count(ledger: read.sequence, closedAt: ledger.closedAt)
      try session.skip(error)
      return false
    }
    session.counters.count(ledger: read.sequence, closedAt: ledger.closedAt)
    return true
  }

  /// The first wrong hash of the ledger, except for that of the previous ledger.
  private func mismatch(_ session: borrowing Session) -> HashMismatch? {
    do throws(HashMismatch) {
      if session.reader.framing == .lines {
        try ledger.verify(line.current, previous: nil)
      } else {
        try ledger.verify(session.reader.record, previous: nil)
      }
    } catch { return error }
    return nil
  }

  /// Moves to the next record; returns false if it contains no ledger, nil at the end.
  private mutating func move(_ session: inout Session) throws(RunError) -> Bool? {
    while true {
      let step = try session.next()
      if session.batchNumber != batch {
        batch = session.batchNumber
        ownFramer.batch = LedgerFramer.Batch()
        isRead = false
        ledgers.begin()
      }
      do throws(Failure) {
        switch step {
        case .end: return nil
        case .unframed(let atEnd): session.reader.frame(try extent(session, atEnd: atEnd))
        case .record where session.reader.framing == .lines: return try read(line: session, isNew: true)
        case .record:
          if isRead { isRead = false } else { try read(record: session) }
          return true
        }
      } catch { throw .failure(error) }
    }
  }

  // MARK: one ledger

  /// Reads the current ledger of the session's line, the first one if the line is new. Returns false for a line without ledgers.
  private mutating func read(line session: borrowing Session, isNew: Bool) throws(Failure) -> Bool {
    do throws(DataError) {
      if isNew { try line.read(session.reader.record) }
      if isNew, !line.advance() { return false }
      try Self.read(line, into: &ledger, network, wanted)
      return true
    } catch {
      let foreign = ForeignFormat(insteadOfValue: session.reader.record).map { DataError($0.rawValue) }
      throw Failure(foreign ?? error, at: session.reader.place)
    }
  }

  private mutating func read(record session: borrowing Session) throws(Failure) {
    do throws(DataError) { try Self.read(session.reader.record, into: &ledger, network, wanted, isLine: false) } catch {
      throw Failure(error, at: session.reader.place)
    }
  }

  private static func read(
    _ line: borrowing LedgerLine, into ledger: inout LedgerCloseMeta, _ network: Network?, _ wanted: LedgerRanges
  ) throws(DataError) {
    try read(line.current, into: &ledger, network, wanted, isLine: true)
  }

  /// Reads one LedgerCloseMeta, which must be all of `bytes`.
  private static func read(
    _ bytes: RawSpan, into ledger: inout LedgerCloseMeta, _ network: Network?, _ wanted: LedgerRanges, isLine: Bool
  ) throws(DataError) {
    if let refusal = RecordKind(bytes)?.refusal(by: .ledgerSplit) { throw DataError(refusal) }
    do throws(XDRError) {
      var cursor = Cursor(bytes)
      try read(&cursor, into: &ledger, network, wanted)
      try Schema.shared.expectEnd(ledgerType, cursor)
    } catch {
      if let refusal = RecordKind(whole: bytes)?.refusal(by: .ledgerSplit) { throw DataError(refusal) }
      // A line contains base64, so an offset in the decoded bytes would mislead.
      let what = Schema.shared.message(for: error, in: ledgerType, bytes)
      throw DataError(what, at: isLine ? nil : error.offset, ledger: ledger.sequence == 0 ? nil : ledger.sequence)
    }
  }

  /// Envelopes are hashed only in wanted ledgers.
  private static func read(
    _ cursor: inout Cursor, into ledger: inout LedgerCloseMeta, _ network: Network?, _ wanted: LedgerRanges
  ) throws(XDRError) {
    try ledger.readHeader(&cursor)
    try ledger.readBody(&cursor, network: wanted.contains(ledger.sequence) ? network : nil)
  }

  private static let ledgerType = Schema.shared.id("LedgerCloseMeta")

  // MARK: bytes without framing

  /// The extent of the next ledger, which this also reads.
  private mutating func extent(_ session: borrowing Session, atEnd: Bool) throws(Failure) -> Extent {
    let bytes = session.reader.unframed
    let framer = session.hasOwnFiles ? ownFramer : framer
    var batch = framer.batch
    let skip: Int
    switch batch.begin(bytes) {
    case .ledger(let start): skip = start
    case .more(let missing): return .more(atLeast: missing)
    case .neither:
      if let error = session.reader.foreignError { throw Failure(error) }
      throw Failure(
        Diagnostic("neither a LedgerCloseMeta nor a LedgerCloseMetaBatch begins here", at: session.reader.unframedPlace))
    }
    let ledgerBytes = bytes.extracting(skip..<bytes.byteCount)
    var cursor = Cursor(ledgerBytes)
    do throws(XDRError) {
      try Self.read(&cursor, into: &ledger, network, wanted)
    } catch {
      if error.isTruncation { return .more(atLeast: max(1, Int64(skip) + error.value - Int64(bytes.byteCount))) }
      let what = Schema.shared.message(for: error, in: Self.ledgerType, ledgerBytes)
      throw Failure(DataError(what, at: skip + error.offset), at: session.reader.unframedPlace)
    }
    guard batch.count(ledger.sequence) else {
      throw Failure(
        Diagnostic(
          "a batch that should hold ledger \(batch.next) here", at: session.reader.unframedPlace, within: skip,
          ledger: ledger.sequence))
    }
    framer.batch = batch
    isRead = true
    return .record(skip: skip, length: cursor.position, moreFollow: batch.remaining > 0)
  }
}
