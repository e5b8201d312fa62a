import Bytes
import CommandLineTools
import Ledgers
import Streams

/// The ledgers of a session, in any container, checked in the order of the input.
final class SessionLedgers: LedgerCheck {
  let reader: LedgerReader
  private let wanted: LedgerRanges
  private let verifies: Bool
  private let sequence: LedgerSequence
  /// The ledgers of the current batch, until they are checked.
  private var ledgers: [(read: ReadLedger, place: Place)] = []
  private var batch: Int?

  /// `sequence` is shared by all threads.
  init(_ reader: LedgerReader, wanted: LedgerRanges, verifies: Bool, sequence: LedgerSequence) {
    self.reader = reader
    self.wanted = wanted
    self.verifies = verifies
    self.sequence = sequence
  }

  /// Discards the rest of the current line.
  func begin() { reader.discardLine() }

  /// Moves to the next ledger. Returns false if it is skipped: not wanted, a repetition, or (with `-k`) damaged. Nil at the end.
  func next(_ session: inout Session) throws(RunError) -> Bool? {
    session.endLedger()
    do throws(RunError) {
      let isInLine = reader.hasMoreOfLine
      if !isInLine, try !session.next() { return nil }
      if session.batchNumber != batch || session.batchNumber == nil {
        batch = session.batchNumber
        ledgers.removeAll(keepingCapacity: true)
      }
      do throws(DataError) { if try !read(session, isInLine: isInLine) { return false } } catch {
        throw .failure(Failure(error, at: session.reader.place))
      }
    } catch {
      if session.reader.isFollowing {
        // The object may be incomplete.
        guard error.status == .badData, try session.readAgain() else { throw error }
        return false
      }
      guard case .failure(let failure) = error, session.reader.framing != .bare else { throw error }
      try session.skip(failure)
      return false
    }
    return try admit(&session) && wanted.contains(reader.ledger.sequence)
  }

  /// Reads the next ledger of the session's current record or line. Returns false for a line without ledgers.
  private func read(_ session: borrowing Session, isInLine: Bool) throws(DataError) -> Bool {
    let record = session.reader.record
    guard session.reader.framing == .lines else {
      // A ledger without framing was read to find its end.
      if !session.reader.isFramed(by: reader) { try reader.read(record: record) }
      return true
    }
    do throws(DataError) { return isInLine ? try reader.readNextOfLine() : try reader.read(line: record) } catch {
      throw ForeignFormat(insteadOfValue: record).map { DataError($0.rawValue) } ?? error
    }
  }

  /// Checks whether the current ledger is wanted, given the ledgers before it, and counts it. Returns false for a ledger that is
  /// not wanted or was skipped because it cannot be accepted. Before this thread's turn it returns true, and the results up to
  /// `endLedger` are discarded later if the check fails.
  private func admit(_ session: inout Session) throws(RunError) -> Bool {
    let (sequence, closedAt, number) = (reader.ledger.sequence, reader.ledger.closedAt, ledgers.count)
    let object = session.reader.lakeObject.map {
      LedgerObject(
        directory: $0.directory, path: $0.path, first: $0.ledgers.lowerBound, isFollowed: session.reader.isFollowing)
    }
    ledgers.append((ReadLedger(reader.ledger, mismatch: mismatch(session), object: object), session.reader.place))
    if session.defers(self, number, ledger: sequence, closedAt: closedAt) { return true }
    do throws(Failure) {
      guard try check(number, session.ledgerOrder) else { return false }
    } catch {
      session.counters.count(ledger: sequence, closedAt: closedAt)
      try session.skip(error)
      return false
    }
    session.counters.count(ledger: sequence, closedAt: closedAt)
    return true
  }

  /// The first wrong hash of the current ledger, except for that of the previous ledger.
  private func mismatch(_ session: borrowing Session) -> HashMismatch? {
    guard verifies else { return nil }
    do throws(HashMismatch) {
      try reader.withBytes(session.reader.record) { bytes throws(HashMismatch) in
        try reader.ledger.verify(bytes, previous: nil)
      }
    } catch { return error }
    return nil
  }

  func check(_ number: Int, _ order: LedgerOrder) throws(Failure) -> Bool {
    let (ledger, place) = ledgers[number]
    do throws(SequenceProblem) {
      return try sequence.check(ledger) { problem in
        order.warn(problem.kind, Diagnostic(problem.description, at: place, ledger: ledger.sequence))
      }
    } catch {
      throw error.isAboutLedger
        ? Failure(Diagnostic(error.description, at: place, ledger: ledger.sequence)) : Failure(error)
    }
  }
}

extension Failure {
  /// A problem of the whole input.
  init(_ problem: SequenceProblem) {
    var directory: String?
    if case .notInLake(_, let lake) = problem { directory = lake }
    self.init(Diagnostic(problem.description, file: directory))
  }
}
