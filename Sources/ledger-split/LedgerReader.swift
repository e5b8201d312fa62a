import Bytes
import CommandLineTools
import Ledgers
import StellarJSON
import StellarXDR
import Streams

/// Ledgers, one after the other, out of whatever container they come in. Each is checked as a whole before it is given out.
struct LedgerReader: ~Copyable {
  /// The ledger that was read last; its positions are in `bytes`.
  private(set) var ledger = LedgerCloseMeta()

  private let network: Network?
  private let wanted: LedgerRanges
  private let verifies: Bool
  private var anchors: Anchors
  private var sequence: SequenceCheck
  private var batch = Batch()
  private var line = LedgerLine()
  /// The current record was read when its extent was asked for.
  private var isRead = false

  /// What the header of a LedgerCloseMetaBatch announced.
  private struct Batch {
    var remaining: UInt32 = 0
    var next: UInt32 = 0
  }

  /// Without a network the envelopes are not hashed. `countsEvents`: of each transaction, the events of those before it.
  init(network: Network?, wanted: LedgerRanges, verifies: Bool, anchors: Anchors, countsEvents: Bool) {
    self.anchors = anchors
    ledger.countsEvents = countsEvents
    self.network = network
    self.wanted = wanted
    self.verifies = verifies
    sequence = SequenceCheck(wanted: wanted, isStrict: verifies)
  }

  /// The bytes of a ledger that came in a line; of others the session's record is it.
  var lineBytes: RawSpan {
    @_lifetime(borrow self)
    get { line.current }
  }

  /// Moves to the next ledger. False if it is passed over: not wanted, the one before again, or (with `-k`) damaged. Nil at the end.
  mutating func next(_ session: inout Session) throws(RunError) -> Bool? {
    do throws(RunError) {
      if session.reader.framing == .lines, line.advance() {
        do throws(Failure) { try read(line: session) } catch { throw .failure(error) }
      } else {
        switch try move(&session) {
        case nil: return nil
        case false?: return false
        case true?: break
        }
      }
    } catch {
      if session.reader.isFollowing {
        // The object may not be whole yet.
        guard error.status == .badData, try session.readAgain() else { throw error }
        (batch, isRead) = (Batch(), false)
        return false
      }
      guard case .failure(let failure) = error, session.reader.framing != .bare else { throw error }
      try session.skip(failure)
      return false
    }
    do throws(Failure) {
      if verifies {
        try verify(session)
        try anchors.check(ledger, at: session.reader.place)
      }
      guard try sequence.check(ledger, session.reader.lakeObject, &session) else { return false }
      session.counters.count(ledger: ledger.sequence, closedAt: ledger.closedAt)
      return wanted.contains(ledger.sequence)
    } catch {
      session.counters.count(ledger: ledger.sequence, closedAt: ledger.closedAt)
      try session.skip(error)
      return false
    }
  }

  private func verify(_ session: borrowing Session) throws(Failure) {
    let previous = sequence.previousHash(of: ledger)
    do throws(HashMismatch) {
      if session.reader.framing == .lines {
        try ledger.verify(line.current, previous: previous)
      } else {
        try ledger.verify(session.reader.record, previous: previous)
      }
    } catch {
      throw Failure(Diagnostic("\(error)", at: session.reader.place, ledger: ledger.sequence))
    }
  }

  /// What is missing at the end of the input.
  func checkEnd(_ session: borrowing Session) throws(Failure) { try sequence.checkEnd(session) }

  /// What `--anchor` names and was not read.
  func checkAnchors() throws(Failure) { try anchors.checkEnd() }

  /// Moves to the next record; false if it holds no ledger to look at, nil at the end.
  private mutating func move(_ session: inout Session) throws(RunError) -> Bool? {
    while true {
      let step = try session.next()
      do throws(Failure) {
        switch step {
        case .end: return nil
        case .unframed(let atEnd): session.reader.frame(try extent(session, atEnd: atEnd))
        case .record where session.reader.framing == .lines:
          try line.read(session)
          guard line.advance() else { return false }
          try read(line: session)
          return true
        case .record:
          if isRead { isRead = false } else { try read(record: session) }
          return true
        }
      } catch { throw .failure(error) }
    }
  }

  // MARK: one ledger

  private mutating func read(line session: borrowing Session) throws(Failure) {
    do throws(Failure) { try Self.read(line, into: &ledger, network, wanted, at: session.reader.place) } catch {
      if let foreign = Foreign(insteadOfValue: session.reader.record) {
        throw Failure(Diagnostic(foreign.rawValue, at: session.reader.place))
      }
      throw error
    }
  }

  private mutating func read(record session: borrowing Session) throws(Failure) {
    try Self.read(session.reader.record, into: &ledger, network, wanted, at: session.reader.place, isLine: false)
  }

  private static func read(
    _ line: borrowing LedgerLine, into ledger: inout LedgerCloseMeta, _ network: Network?, _ wanted: LedgerRanges, at place: Place
  ) throws(Failure) {
    try read(line.current, into: &ledger, network, wanted, at: place, isLine: true)
  }

  /// Reads one LedgerCloseMeta, which must be all of `bytes`.
  private static func read(
    _ bytes: RawSpan, into ledger: inout LedgerCloseMeta, _ network: Network?, _ wanted: LedgerRanges, at place: Place,
    isLine: Bool
  ) throws(Failure) {
    if let refusal = RecordKind(bytes)?.refusal(by: .ledgerSplit) { throw Failure(Diagnostic(refusal, at: place)) }
    do throws(XDRError) {
      var cursor = Cursor(bytes)
      try read(&cursor, into: &ledger, network, wanted)
      try Schema.shared.expectEnd(ledgerType, cursor)
    } catch {
      if let refusal = RecordKind(whole: bytes)?.refusal(by: .ledgerSplit) { throw Failure(Diagnostic(refusal, at: place)) }
      // In a line the bytes were base64, so that an offset in them would mislead.
      let within = isLine ? -error.offset : 0
      throw Failure(diagnostic(error, bytes, at: place, within: within, ledger: ledger.sequence == 0 ? nil : ledger.sequence))
    }
  }

  /// Envelopes are only hashed in a ledger that is wanted.
  private static func read(
    _ cursor: inout Cursor, into ledger: inout LedgerCloseMeta, _ network: Network?, _ wanted: LedgerRanges
  ) throws(XDRError) {
    try ledger.readHeader(&cursor)
    try ledger.readBody(&cursor, network: wanted.contains(ledger.sequence) ? network : nil)
  }

  private static let ledgerType = Schema.shared.id("LedgerCloseMeta")

  // MARK: bytes without framing

  /// How far the next ledger goes. It is read at the same time.
  private mutating func extent(_ session: borrowing Session, atEnd: Bool) throws(Failure) -> Extent {
    let bytes = session.reader.unframed
    var skip = 0
    var batch = batch
    if batch.remaining == 0 {
      if bytes.byteCount < 12 { return .more(atLeast: Int64(12 - bytes.byteCount)) }
      if LedgerCloseMeta.isBatch(bytes) {
        let (first, last, count) = (bytes.word(at: 0), bytes.word(at: 4), bytes.word(at: 8))
        guard last >= first, last - first < .max, count == last - first + 1 else {
          if let error = session.reader.foreignError { throw Failure(error) }
          throw Failure(
            Diagnostic("neither a LedgerCloseMeta nor a LedgerCloseMetaBatch begins here", at: session.reader.unframedPlace))
        }
        (batch, skip) = (Batch(remaining: count, next: first), 12)
      }
    }
    let ledgerBytes = bytes.extracting(skip..<bytes.byteCount)
    var cursor = Cursor(ledgerBytes)
    do throws(XDRError) {
      try Self.read(&cursor, into: &ledger, network, wanted)
    } catch {
      if error.isTruncation { return .more(atLeast: max(1, Int64(skip) + error.value - Int64(bytes.byteCount))) }
      throw Failure(Self.diagnostic(error, ledgerBytes, at: session.reader.unframedPlace, within: skip))
    }
    if batch.remaining > 0 {
      guard ledger.sequence == batch.next else {
        throw Failure(
          Diagnostic(
            "a batch that should hold ledger \(batch.next) here", at: session.reader.unframedPlace, within: skip,
            ledger: ledger.sequence))
      }
      batch.remaining -= 1
      batch.next &+= 1
    }
    self.batch = batch
    isRead = true
    return .record(skip: skip, length: cursor.position, moreFollow: batch.remaining > 0)
  }

  private static func diagnostic(
    _ error: XDRError, _ bytes: RawSpan, at place: Place, within: Int, ledger: UInt32? = nil
  ) -> Diagnostic {
    let what = Schema.shared.message(for: error, in: ledgerType, bytes)
    return Diagnostic(what, at: place, within: within + error.offset, ledger: ledger)
  }
}
