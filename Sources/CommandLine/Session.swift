import Bytes
import Streams

/// One run of a tool: its input, its output, and its messages.
///
/// In a run with several threads each has its own session, whose records come in batches (see `Session+Batches`). Effects that
/// must have the order of the input go through the session, which keeps that order.
package struct Session: ~Copyable {
  enum Mode {
    /// The run has one thread.
    case alone
    /// The records are those of a batch, or of FILEs that only this thread reads.
    case batch
    /// This thread uses the reader and output of all threads, which wait until the current record is done.
    case exclusive
  }

  package var reader: RecordReader
  package var output: Output
  let status: RunStatus
  // Copies of the options: the argument parser searches for an option at each access, which is too slow for each record.
  package let keepGoing: Bool
  private let force: Bool
  private let jobs: Int

  var mode = Mode.alone
  var shared: SharedRun?
  var turn: BatchTurn?
  /// The error after the records of the batch.
  var errorOfBatch: StreamError?
  /// Whether this thread reads FILEs by itself.
  package internal(set) var hasOwnFiles = false
  /// The offset in the FILE where this thread's compressed frames begin; nil if it reads no frames.
  var framesStart: Int64?
  /// Whether the frames must be returned, to be read in order.
  var returnsFrames = false
  /// Finds the records of FILEs without framing in the turn to read, for all threads.
  var sharedFramer: (any BareFramer)?
  /// The batch that this thread processes; nil if it reads and writes alone.
  package var batchNumber: Int? { mode == .batch ? turn?.batch : nil }
  /// Makes the loop of another thread; nil once the threads have been started.
  var copyLoop: (() -> any RecordLoop)?
  /// Bytes that were read at the last check whether to start threads.
  private var bytesAtLastCheck = 0
  /// Bytes that other readers read and other outputs wrote. In a batch: this thread's bytes that were counted already.
  var bytesReadByOthers = 0
  var bytesWrittenByOthers = 0
  /// Bytes that were read for the batch.
  var bytesOfBatch = 0
  /// Whether no more records are wanted.
  package private(set) var isStopped = false

  package var messages: Messages { status.messages }

  package var counters: Counters {
    get { unsafe status.counters }
    _modify { yield unsafe &status.counters }
  }

  /// The number of records found (`found`).
  package var foundSoFar: Int { status.found }

  /// The number of values that could not be written as requested.
  package var omissions: Int { status.omissions }

  init(tool: String, options: StreamOptions, files: InputFiles) {
    keepGoing = options.keepGoing
    force = options.force
    jobs = options.jobs.number
    reader = RecordReader(files, format: options.input, maximumRecord: options.maximumRecord.bytes, joining: .xdr)
    output = Output()
    let meter = Meter(options.progress, tool: tool)
    let metrics = options.metrics.map { Metrics($0, tool: tool, interval: options.metricsInterval.duration) }
    status = RunStatus(
      meter: meter, messages: Messages(tool: tool, quiet: options.quiet, meter: meter), metrics: metrics,
      printsStats: options.stats)
    Signals.watch()
    if meter.isOn || metrics != nil { surviveClosedPipes() }
    if meter.isOn {
      meter.totalSize = files.totalSize
      meter.lastLedgerExpected = files.lastLedger
    }
  }

  /// A session for another thread.
  init(_ shared: SharedRun, like other: borrowing Session) {
    keepGoing = other.keepGoing
    force = other.force
    jobs = other.jobs
    status = other.status
    reader = other.reader.withoutFiles()
    output = Output()
    mode = .batch
    self.shared = shared
    turn = BatchTurn(shared)
  }

  /// Tells the meter that no ledger after this one is wanted.
  package func expect(lastLedger: UInt32) {
    status.meter.lastLedgerExpected = min(lastLedger, status.meter.lastLedgerExpected ?? .max)
  }

  // MARK: reading

  /// Moves the reader to the next record, with `-k` past those that it can skip; returns false at the end. Writes the finished
  /// records before it waits for input.
  package mutating func next() throws(RunError) -> Bool {
    switch mode {
    case .alone: try nextAlone()
    case .batch: try nextOfBatch()
    case .exclusive: try nextExclusive()
    }
  }

  private mutating func nextAlone() throws(RunError) -> Bool {
    if isStopped { return false }
    if copyLoop != nil, isWorthThreads, try begin(threads: jobs, bytesRead) { return try next() }
    return try nextInOrder()
  }

  /// Moves to the next record while this thread alone reads and writes.
  private mutating func nextInOrder() throws(RunError) -> Bool {
    if isStopped { return false }
    if Signals.isPending { try answerSignals() }
    if status.needsUpdates { status.update(bytesRead: bytesRead, bytesWritten: bytesWritten) }
    while true {
      let isFound: Bool
      do throws(StreamError) { isFound = try reader.next() } catch {
        if error.kind == .waiting {
          if reader.hasSeparate {
            if try begin(threads: jobs, bytesRead) { return try next() }
            // No thread could be started.
            do throws(StreamError) { try reader.openSeparate() } catch { throw .stream(error) }
          } else {
            try waitForInput()
          }
          continue
        }
        guard error.isSkippable, keepGoing else { throw .stream(error) }
        counters.recordsIn += 1
        status.report(skipped: error)
        continue
      }
      if isFound { counters.recordsIn += 1 }
      return isFound
    }
  }

  /// Whether the input is long enough for other threads. `isReady` is checked last because it takes a system call.
  private var isWorthThreads: Bool {
    mutating get {
      guard reader.bytesRead - bytesAtLastCheck >= SharedRun.batchSize else { return false }
      bytesAtLastCheck = reader.bytesRead
      return reader.isReady
    }
  }

  /// Bytes that all threads read and wrote. Valid only while this thread alone reads and writes.
  private var bytesRead: Int {
    if let shared { shared.bytesRead + reader.bytesRead - shared.bytesSeen } else { reader.bytesRead + bytesReadByOthers }
  }
  private var bytesWritten: Int { output.bytesWritten + (shared?.bytesWrittenByOthers ?? bytesWrittenByOthers) }

  /// Whether the loop may run in several threads.
  var mayHaveThreads: Bool { jobs > 1 && !reader.isFollowing }

  /// Writes the finished records and waits for input.
  private mutating func waitForInput() throws(RunError) {
    try flush()
    try answerSignals()
    if let (ledger, directory) = reader.takeMissing() { status.warnMissing(ledger, of: directory) }
    reader.wait(atMost: status.updateIfDue(bytesRead: bytesRead, bytesWritten: bytesWritten))
    try answerSignals()
  }

  /// Call this after an error in an object of a followed data lake: waits until the object changes, and begins it again. Returns
  /// false if it stays broken beyond the user's patience, and for any other input.
  package mutating func readAgain() throws(RunError) -> Bool {
    try flush()
    let (status, read, written) = (status, bytesRead, bytesWritten)
    while true {
      do throws(StreamError) {
        return try reader.readAgain { (descriptor, limit) throws(StreamError) in
          wait(for: descriptor, atMost: min(limit, status.updateIfDue(bytesRead: read, bytesWritten: written) ?? limit))
          while let request = Signals.take() { status.answer(request, bytesRead: read, bytesWritten: written) }
        }
      } catch {
        if !error.isBadData { throw .stream(error) }
      }
    }
  }

  /// Moves another reader to its next record; returns false at the end. It reads FILEs that an option names, before the input.
  package func next(of other: inout RecordReader) throws(StreamError) -> Bool {
    while true {
      do throws(StreamError) { return try other.next() } catch {
        guard error.kind == .waiting else { throw error }
        while let request = Signals.take() { status.answer(request, bytesRead: 0, bytesWritten: 0) }
        other.wait(atMost: nil)
      }
    }
  }

  private mutating func answerSignals() throws(RunError) {
    guard Signals.isPending else { return }
    // Write the finished records first, so that none is lost and the counters are right.
    try flush()
    while let request = Signals.take() { status.answer(request, bytesRead: bytesRead, bytesWritten: bytesWritten) }
  }

  // MARK: writing

  /// Marks all bytes in the output's buffer as finished records; `count` of them are new.
  package mutating func finishRecords(_ count: Int = 1) throws(StreamError) {
    if isNoting { turn?.counts.recordsOut += count } else { counters.recordsOut += count }
    try output.finishRecord()
  }

  mutating func flush() throws(RunError) {
    do throws(StreamError) { try output.flush() } catch { throw .stream(error) }
  }

  /// Refuses to write binary data to a terminal. A tool whose output format depends on the input calls this before its first
  /// record.
  package func checkOutput(_ format: OutputFormat) throws(Failure) {
    guard format == .xdr, !force, StandardStream.output.isTerminal else { return }
    throw .usage("standard output is a terminal, and this is binary data; redirect it, use -o ndjson, or --force")
  }

  // MARK: effects in the order of the input

  /// Whether effects are recorded as notes, because it is not this thread's turn.
  var isNoting: Bool { mode == .batch && turn?.isWriting != true }

  private func note(_ kind: Note.Kind) { turn?.note(kind, output.finished) }

  /// The number of records that were read before those that this thread counts.
  private var recordsBefore: Int { mode == .batch ? shared?.records ?? 0 : 0 }

  /// Reports that the current record cannot be read. Without `-k` this ends the run; with it, nothing of the record is written,
  /// and the run continues with the next one.
  package mutating func skip(_ error: some ReportableError) throws(RunError) {
    output.abandonRecord()
    if isNoting { return note(.failure(error)) }
    guard keepGoing, error.status == .badData else { throw RunError(error) }
    status.report(skipped: Failure(error.diagnostic.numbered(from: recordsBefore), status: error.status))
  }

  package func warn(_ kind: String, _ diagnostic: Diagnostic) {
    if isNoting { note(.warning(kind, diagnostic)) } else { messages.warn(kind, diagnostic.numbered(from: recordsBefore)) }
  }

  /// Warns unless warnings with the same name were given before.
  package func warnOnce(_ kind: String, name: String, _ diagnostics: [Diagnostic]) {
    if isNoting { return note(.warnOnce(kind: kind, name: name, diagnostics)) }
    let before = recordsBefore
    status.warnOnce(kind, name, diagnostics.map { $0.numbered(from: before) })
  }

  /// Counts the ledger of a record.
  package mutating func count(ledger: UInt32, closedAt: UInt64? = nil) {
    if isNoting { note(.ledger(ledger, closedAt: closedAt)) } else { counters.count(ledger: ledger, closedAt: closedAt) }
  }

  package func count(_ invocations: InvocationCounts) {
    guard isNoting, let turn else { return status.add(invocations) }
    turn.counts.invocations = turn.counts.invocations ?? InvocationCounts()
    turn.counts.invocations? += invocations
  }

  package func count(events: Int) {
    if isNoting, let turn { turn.counts.events = (turn.counts.events ?? 0) + events } else { status.add(events: events) }
  }

  /// Counts values that could not be written as requested.
  package func count(omissions: Int) {
    if isNoting, let turn { turn.counts.omissions += omissions } else { status.omissions += omissions }
  }

  /// Before this thread's turn: notes a ledger, and returns true. The results up to `endLedger` are discarded later if the check
  /// fails. In its turn it returns false; then the ledger must be checked at once.
  package func defers(_ check: any LedgerCheck, _ number: Int, ledger: UInt32, closedAt: UInt64) -> Bool {
    guard isNoting else { return false }
    note(.check(check, number: number, ledger: ledger, closedAt: closedAt))
    return true
  }

  /// The context of a check in this thread's turn.
  package var ledgerOrder: LedgerOrder {
    LedgerOrder(keepGoing: keepGoing, recordsBefore: recordsBefore, offset: 0, messages: messages)
  }

  /// The results that follow do not belong to the ledger that was admitted last.
  package func endLedger() {
    if isNoting { note(.checked) }
  }

  /// No more records are wanted.
  package mutating func stop() {
    if isNoting { return note(.stop) }
    isStopped = true
    if mode == .batch { shared?.stop() }
  }

  /// Counts a record that was found. After `limit` records no more are wanted.
  package mutating func found(_ limit: Int) {
    if isNoting { return note(.found(limit: limit)) }
    status.found += 1
    if status.found >= limit { stop() }
  }

  /// Takes over the state of the threads.
  mutating func end(_ shared: SharedRun) {
    isStopped = shared.isStopped
    (bytesReadByOthers, bytesWrittenByOthers) = (shared.bytesRead - reader.bytesRead, shared.bytesWrittenByOthers)
  }

  // MARK: for `Tool.main`

  func begin() throws(StreamError) { try status.beginMetrics() }

  mutating func report(_ error: any ReportableError) {
    if case .stream(let error)? = error as? RunError { return report(error) }
    if let error = error as? StreamError, error.isClosedPipe {
      // Print no message, but remove the meter before the shell's prompt appears.
      status.meter.clear()
      status.endMetrics(128 + closedPipeSignal, bytesRead, bytesWritten)
      dieOfClosedPipe()
    }
    status.report(error)
  }

  /// Writes the remaining output and messages. Returns the run's status, or a worse one.
  mutating func end(_ status: ExitStatus) -> ExitStatus {
    var status = status
    do throws(StreamError) {
      try output.close()
    } catch {
      report(error)
      status = max(status, error.status)
    }
    // Signals that arrived while the last records were written.
    while let request = Signals.take() {
      self.status.answer(request, bytesRead: bytesRead, bytesWritten: bytesWritten)
    }
    self.status.end(status, bytesRead: bytesRead, bytesWritten: bytesWritten)
    return status
  }
}

extension RunError {
  init(_ error: some ReportableError) {
    switch error {
    case let error as RunError: self = error
    case let error as StreamError: self = .stream(error)
    default: self = .failure(Failure(error))
    }
  }
}
