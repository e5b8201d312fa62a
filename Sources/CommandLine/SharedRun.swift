import Bytes
import Streams

/// The loop of a tool over the records of a session. Each thread has its own.
package protocol RecordLoop: AnyObject {
  /// Finds the records of FILEs without framing that the loop's own thread reads.
  var framer: any BareFramer { get }
  /// Processes all records of the session.
  func run(_ session: inout Session) throws
}

/// The state that the threads of a run share. The input belongs to the thread that reads; the output and all counters belong to
/// the thread that writes.
final class SharedRun: @unchecked Sendable {
  /// The size of a batch's records in bytes.
  static let batchSize = 512 << 10
  /// A larger record is not copied to a batch: the thread that read it waits for its turn to write, and processes it in place.
  static let largestInBatch = 3 << 20

  let turns = Turns()
  let keepGoing: Bool

  // Used by the thread that reads.
  var reader: RecordReader
  /// What the reader returned last, or its error, if that was not processed yet.
  var pendingResult: Bool?
  private(set) var pendingError: StreamError?
  /// Bytes that were read up to the end of the last batch.
  var bytesSeen: Int
  /// Whether threads took compressed frames since records were last read in order.
  private var framesWereTaken = false
  /// The number of the FILE that is read in order, because its records cross frames or cannot be read.
  private var fileInOrder = -1

  // Used by the thread that writes.
  let status: RunStatus
  var output: Output
  /// The number of records in the batches that are written.
  var records: Int
  /// Decompressed size of the frames that other threads read and that are written.
  private var sizeOfFrames: Int64 = 0
  /// Compressed frames that must be read in order.
  private var returnedFrames = ByteBuffer(capacity: 16)
  /// Bytes of the input that these threads read.
  var bytesRead: Int
  /// Bytes that threads wrote without `output`.
  var bytesWrittenByOthers = 0
  private(set) var failure: (any Error)?
  private(set) var isStopped = false

  // Used by the thread that started the run.
  var threads: [WorkerThread] = []
  var loops: [any RecordLoop] = []

  init(
    _ reader: consuming RecordReader, _ output: consuming Output, _ status: RunStatus, keepGoing: Bool, bytesRead: Int
  ) {
    bytesSeen = reader.bytesRead
    records = reader.count
    self.bytesRead = bytesRead
    self.reader = reader
    self.output = output
    self.status = status
    self.keepGoing = keepGoing
  }

  /// Only for the thread whose turn to write it is.
  var isOver: Bool { isStopped || failure != nil }

  // MARK: compressed frames

  /// Whether the next records are in frames that a thread may decompress and read by itself.
  var isAtFrames: Bool {
    pendingResult == nil && pendingError == nil && reader.isAtFrames && fileInOrder != reader.filesOpened
      && !turns.isReturningFrames
  }

  /// Moves the next frames to a thread's reader. Returns false if there are none at the moment.
  func moveFrames(to other: inout RecordReader) -> Bool {
    guard isAtFrames, other.takeFrames(of: &reader) else { return false }
    framesWereTaken = true
    return true
  }

  /// Adds the size of frames that were read, in the turn to write.
  func countFrames(_ size: Int64) { sizeOfFrames += size }

  /// Takes back frames that must be read in order: they contain parts of records, cannot be read, or follow such frames.
  func returnFrames(_ other: borrowing RecordReader) {
    turns.isReturningFrames = true
    Self.append(other, to: &returnedFrames)
  }

  private static func append(_ reader: borrowing RecordReader, to returnedFrames: inout ByteBuffer) {
    returnedFrames.append(reader.frames)
  }

  /// Call this before records are read in order. Waits until all earlier frames are written, then puts back the returned ones.
  func finishFrames(_ wait: () -> Void) {
    guard framesWereTaken else { return }
    wait()
    if turns.isReturningFrames {
      Self.returnFrames(returnedFrames, &reader)
      returnedFrames = ByteBuffer(capacity: 16)
      turns.isReturningFrames = false
      fileInOrder = reader.filesOpened
    }
    reader.advanceOffset(by: sizeOfFrames)
    (sizeOfFrames, framesWereTaken) = (0, false)
  }

  private static func returnFrames(_ frames: borrowing ByteBuffer, _ reader: inout RecordReader) {
    reader.returnFrames(frames.bytes)
  }

  func stop() {
    isStopped = true
    turns.stop()
  }

  func fail(_ error: any Error) {
    failure = failure ?? error
    turns.stop()
  }

  func count(_ counts: BatchCounts) {
    unsafe status.counters.recordsIn += counts.recordsIn
    unsafe status.counters.recordsOut += counts.recordsOut
    status.add(counts.invocations)
    status.add(events: counts.events)
    status.omissions += counts.omissions
  }

  /// Handles a thread's notes about a batch in its turn, and writes the finished records.
  func handle(_ notes: [Note], _ last: BatchCounts, _ made: inout Output) {
    var start = 0
    var isDropping = false
    func write(upTo end: Int) {
      guard end > start, failure == nil else { return }
      do throws(StreamError) { try output.write(made.buffer.bytes(start..<end)) } catch { fail(RunError.stream(error)) }
      start = end
    }
    for note in notes where !isOver {
      var counts = note.counts
      if isDropping { counts.dropResults() }
      count(counts)
      switch note.kind {
      case .checked:
        if isDropping { start = note.position }
        isDropping = false
      case .check(let check, let number, let ledger, let closedAt):
        do throws(Failure) {
          isDropping = try !check.check(
            number, LedgerOrder(keepGoing: keepGoing, recordsBefore: records, offset: sizeOfFrames, messages: status.messages))
          if !isDropping { unsafe status.counters.count(ledger: ledger, closedAt: closedAt) }
        } catch {
          unsafe status.counters.count(ledger: ledger, closedAt: closedAt)
          isDropping = true
          write(upTo: note.position)
          handle(error)
        }
        if isDropping { write(upTo: note.position) }
      case _ where isDropping: break
      case .failure(let error):
        write(upTo: note.position)
        handle(error)
      case .fatal(let error):
        write(upTo: note.position)
        fail(numbered(error))
      case .warning(let kind, let diagnostic): status.messages.warn(kind, numbered(diagnostic))
      case .warnOnce(let kind, let name, let diagnostics):
        status.warnOnce(kind, name, diagnostics.map(numbered))
      case .ledger(let ledger, let closedAt): unsafe status.counters.count(ledger: ledger, closedAt: closedAt)
      case .found(let limit):
        status.found += 1
        if status.found >= limit { stop() }
      case .stop: stop()
      }
      if isStopped { write(upTo: note.position) }
    }
    if !isOver {
      var counts = last
      if isDropping { counts.dropResults() }
      count(counts)
      if !isDropping { write(upTo: made.finished) }
    }
    made.removeFinished()
  }

  /// Reports a record or input that cannot be read, and ends the run unless the record can be skipped.
  private func handle(_ error: any ReportableError) {
    let error = numbered(error)
    let isSkippable = (error as? StreamError)?.isSkippable ?? true
    guard keepGoing, isSkippable, let failure = error as? any ReportableError, failure.status == .badData else {
      return fail(error)
    }
    status.report(skipped: failure)
  }

  /// An error with the record's number in the whole input.
  private func numbered(_ error: any Error) -> any Error {
    switch error {
    case RunError.stream(let error): return RunError.stream(numbered(error))
    case let error as StreamError: return numbered(error)
    case RunError.failure(let failure): return RunError.failure(numbered(failure))
    case let failure as Failure: return numbered(failure)
    case let error as any ReportableError: return numbered(Failure(error))
    default: return error
    }
  }

  private func numbered(_ error: StreamError) -> StreamError {
    var result = error
    result.record = error.record.map { $0 + records }
    result.offset = error.offset.map { $0 + sizeOfFrames }
    return result
  }

  private func numbered(_ failure: Failure) -> Failure {
    Failure(numbered(failure.diagnostic), status: failure.status)
  }

  private func numbered(_ diagnostic: Diagnostic) -> Diagnostic { diagnostic.numbered(from: records, offset: sizeOfFrames) }

  /// Moves the reader to the next record; returns false at the end. Throws `waiting` before an object of a data lake, which
  /// `takeSeparate` returns.
  func next() throws(StreamError) -> Bool {
    if reader.hasSeparate { throw StreamError(.waiting) }
    defer { (pendingResult, pendingError) = (nil, nil) }
    if let pendingError { throw pendingError }
    return if let pendingResult { pendingResult } else { try reader.next() }
  }

  /// Whether another thread may process the current record while the next ones are read.
  var mayBeBatched: Bool { reader.recordSize <= Self.largestInBatch }

  /// Whether the next batch can be read without waiting.
  var isReady: Bool { pendingResult != nil || pendingError != nil || reader.isReady }

  /// The next object of a data lake, if that is what follows.
  func nextSeparate() -> InputFiles.File? {
    do throws(StreamError) { pendingResult = try next() } catch {
      if error.kind != .waiting { pendingError = error }
    }
    return reader.takeSeparate()
  }

  /// The number of bytes read since the last call.
  func takeBytes() -> Int {
    defer { bytesSeen = reader.bytesRead }
    return reader.bytesRead - bytesSeen
  }

  /// Waits for input.
  func wait() {
    updateStatus()
    reader.wait(atMost: status.updateIfDue(bytesRead: bytesRead, bytesWritten: output.bytesWritten + bytesWrittenByOthers))
    updateStatus()
  }

  /// Answers pending signals and updates the meter and the metrics, in the turn to write, after everything before was written.
  func updateStatus() {
    let written = output.bytesWritten + bytesWrittenByOthers
    if status.needsUpdates { status.update(bytesRead: bytesRead, bytesWritten: written) }
    while Signals.isPending, let request = Signals.take() {
      status.answer(request, bytesRead: bytesRead, bytesWritten: written)
    }
  }
}
