import Bytes
import Streams

/// The counts of records that one thread processed.
struct BatchCounts {
  var recordsIn = 0
  var recordsOut = 0
  var invocations: InvocationCounts?
  /// The number of events, for a tool that writes events.
  var events: Int?
  /// The number of values that could not be written as requested.
  var omissions = 0

  /// Removes the counts of results, for records that are not wanted.
  mutating func dropResults() { (recordsOut, invocations, events) = (0, nil, nil) }
}

/// An event in a batch that must be handled in the order of the input. Numbers of records count from the batch's first.
struct Note {
  enum Kind {
    /// A record or the input could not be read.
    case failure(any ReportableError)
    /// The loop ended with an error.
    case fatal(any Error)
    case warning(String, Diagnostic)
    case warnOnce(kind: String, name: String, [Diagnostic])
    case ledger(UInt32, closedAt: UInt64?)
    /// The check decides whether the results that follow, up to `checked`, are wanted.
    case check(any LedgerCheck, number: Int, ledger: UInt32, closedAt: UInt64?)
    case checked
    /// A record was found. It is the last wanted one if `limit` records were found.
    case found(limit: Int)
    /// No record after this one is wanted.
    case stop
  }

  /// The counts since the previous note.
  let counts: BatchCounts
  /// The size of the finished records in the output at this point.
  let position: Int
  let kind: Kind
}

/// Keeps the ledgers of a thread's batch until they are checked in the order of the input.
package protocol LedgerCheck: AnyObject {
  /// Whether the ledger with this number in the batch is wanted, given the ledgers before it. Throws for a ledger that cannot be
  /// accepted.
  func check(_ number: Int, _ order: LedgerOrder) throws(Failure) -> Bool
}

/// The context of a check of the order of ledgers.
package struct LedgerOrder {
  package let keepGoing: Bool
  /// The number of records that were read before the thread's batch.
  let recordsBefore: Int
  /// Added to offsets to get those in the FILE.
  let offset: Int64
  let messages: Messages

  package func warn(_ kind: String, _ diagnostic: @autoclosure () -> Diagnostic) {
    messages.warn(kind, diagnostic().numbered(from: recordsBefore, offset: offset))
  }
}

extension Diagnostic {
  /// The diagnostic with the record's number in the whole input instead of the batch, and the offset in the FILE instead of the
  /// frames.
  func numbered(from before: Int, offset: Int64 = 0) -> Diagnostic {
    var result = self
    if let own = self.offset { result.offset = own + offset }
    if let record { result.record = record + before }
    return result
  }
}

/// The turn of one batch: collects notes about its records, and handles them when all earlier batches are written.
final class BatchTurn: OutputTurn {
  private let shared: SharedRun
  /// The number of the batch; nil between batches.
  var batch: Int?
  /// Whether it is this batch's turn, because everything before it is written.
  private(set) var isWriting = false
  /// Whether nothing may be written before the end of the batch.
  var writesAtEnd = false
  private var notes: [Note] = []
  var counts = BatchCounts()
  /// The ledger of the last note.
  private var ledger: UInt32?

  init(_ shared: SharedRun) { self.shared = shared }

  func begin(_ batch: Int) {
    self.batch = batch
    ledger = nil
  }

  /// Adds a note, which is handled in this batch's turn.
  func note(_ kind: Note.Kind, _ position: Int) {
    if case .ledger(let ledger, _) = kind {
      if ledger == self.ledger { return }
      self.ledger = ledger
    }
    notes.append(Note(counts: counts, position: position, kind: kind))
    counts = BatchCounts()
  }

  /// Whether `wait` returns at once.
  var isNext: Bool { isWriting || batch.map(shared.turns.mayWrite) ?? false }

  func wait() {
    guard let batch, !isWriting else { return }
    shared.turns.beginWriting(batch)
    isWriting = true
  }

  func begin(_ output: inout Output) throws(StreamError) {
    if writesAtEnd { throw StreamError(.stopped) }
    wait()
    handleNotes(&output)
    if shared.isOver { throw StreamError(.stopped) }
  }

  /// Handles the notes so far and writes the finished records.
  func handleNotes(_ output: inout Output) {
    shared.handle(notes, counts, &output)
    notes.removeAll(keepingCapacity: true)
    counts = BatchCounts()
  }

  /// Discards the notes, except for warnings that loops give only once: these apply also when the records are read again.
  func discard() {
    notes = notes.compactMap { note in
      if case .warnOnce = note.kind { Note(counts: BatchCounts(), position: 0, kind: note.kind) } else { nil }
    }
    counts = BatchCounts()
  }

  /// Ends the batch and its turn.
  func end() {
    isWriting = false
    batch = nil
    shared.turns.endWriting()
  }
}
