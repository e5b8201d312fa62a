import Bytes
import Streams

/// Records that are made beside the loop.
package protocol RecordBatch: RecordMaker {
  /// Forgets all its records, and what became of them.
  func clear()
  /// How many were made, and what was wrong with others.
  var made: Int { get }
  var failures: [Failure] { get }
}

/// One run of a tool: its input, its output, and what there is to say about them.
package struct Session: ~Copyable {
  package var reader: RecordReader
  package var output: Output
  private let status: RunStatus

  // Not the options themselves: to read one costs the parser a search, too much for each record.
  package let keepGoing: Bool
  private let force: Bool

  /// Records in two threads: batches of them are given away, and while enough of those wait, the loop makes some itself.
  final class Turns {
    /// Bytes of input in a batch, and the most that the loop makes without giving any away.
    static let share = 3 << 18
    /// To keep a record's place, and what is wrong with it, takes memory as well: each counts for some bytes more.
    static let more = 1 << 10
    /// Memory should not hold several records that are larger.
    static let largest = 4 << 20

    /// One is being made while the other one is filled, or waits.
    let batches: [any RecordBatch]
    /// How many were taken to be filled, and how many of them are accounted for; counted as `Output` counts those that ended.
    private(set) var taken: Int
    var accounted: Int
    /// Bytes of the one that was taken last, and those that the loop made since.
    var given = 0
    var own = 0
    /// Records that the loop made before each batch, and since the last.
    var before = [0, 0]
    var since = 0

    init(_ batches: [any RecordBatch], ended: Int) {
      precondition(batches.count == before.count)
      self.batches = batches
      (taken, accounted) = (ended, ended)
    }

    /// Records of batches that are written and not accounted for; the loop's own since the last batch are among them.
    var unaccounted: Int {
      (accounted..<taken).reduce(since) { $0 + before[$1 % batches.count] + batches[$1 % batches.count].made }
    }

    /// The batch that was taken last.
    var latest: Int { (taken - 1) % batches.count }

    /// The next batch, empty.
    func take() -> any RecordBatch {
      taken += 1
      before[latest] = since
      (given, own, since) = (0, 0, 0)
      batches[latest].clear()
      return batches[latest]
    }
  }
  private var turns: Turns? {
    get { status.turns }
    set { status.turns = newValue }
  }

  package var messages: Messages { status.messages }

  package var counters: Counters {
    get { unsafe status.counters }
    _modify { yield unsafe &status.counters }
  }

  init(tool: String, options: StreamOptions, files: InputFiles) {
    keepGoing = options.keepGoing
    force = options.force
    reader = RecordReader(files, format: options.input, maximumRecord: options.maximumRecord.bytes, joining: .xdr)
    output = Output()
    let meter = Meter(options.progress, tool: tool)
    let metrics = options.metrics.map { Metrics($0, tool: tool, interval: options.metricsInterval.duration) }
    status = RunStatus(
      meter: meter, messages: Messages(tool: tool, quiet: options.quiet, meter: meter), metrics: metrics,
      printsStats: options.stats)
    output.monitor = status
    Signals.watch()
    if meter.isOn || metrics != nil { surviveClosedPipes() }
    if meter.isOn {
      meter.totalSize = files.totalSize
      meter.lastLedgerExpected = files.lastLedger
    }
  }

  /// No ledger after this one is wanted: for the meter's ETA.
  package func expect(lastLedger: UInt32) {
    status.meter.lastLedgerExpected = min(lastLedger, status.meter.lastLedgerExpected ?? .max)
  }

  /// Moves the reader on; with `-k` past what it can skip. Before it waits for input, what is finished is written.
  package mutating func next() throws(RunError) -> Step {
    if Signals.isPending { try answerSignals() }
    if status.isWatched { status.update(bytesRead: reader.bytesRead, bytesWritten: output.bytesWritten) }
    while true {
      let step: Step
      do throws(StreamError) { step = try reader.next(&output) } catch {
        try settle()
        guard error.isSkippable, keepGoing else { throw .stream(error) }
        counters.recordsIn += 1
        report(skipped: error)
        continue
      }
      if step == .record { counters.recordsIn += 1 } else { try settle() }
      return step
    }
  }

  /// After an error in an object of a data lake that is followed: waits until it changes, and begins it again. False if it stays broken for as
  /// long as the user's patience, and for any other input.
  package mutating func readAgain() throws(RunError) -> Bool {
    while true {
      do throws(StreamError) { return try reader.readAgain(&output) } catch {
        if !error.isBadData { throw .stream(error) }
      }
    }
  }

  private mutating func answerSignals() throws(RunError) {
    // Nothing that is finished is lost, and what is counted was written.
    try settle()
    try flush()
    while let request = Signals.take() {
      status.received(request, bytesRead: reader.bytesRead, bytesWritten: output.bytesWritten)
    }
  }

  /// Everything in the output's buffer is whole records now: `count` of them since the last time.
  package mutating func finishRecords(_ count: Int = 1) throws(StreamError) {
    if turns == nil { counters.recordsOut += count } else { turns?.since += count }
    try output.finishRecord()
  }

  /// The record goes on in another part.
  package mutating func finishPart() throws(StreamError) { try output.finishRecord() }

  /// The current record cannot be read: without `-k` that ends the run; with it, it is reported,
  /// nothing of it is written, and the run goes on with the next record.
  package mutating func skip(_ error: some ReportableError) throws(RunError) {
    output.abandonRecord()
    try settle()
    try report(ifKeepingGoing: error)
  }

  /// Of a long stream, gives records away to be made beside the loop; false for one that the loop is to make.
  /// What is wrong with a record that was given away is said when all that came before is written, and later ones are there.
  /// Two batches, the same ones each time; `add` adds the reader's record, of so many bytes, to one of them. Parts of a record are given
  /// away in a short stream, too.
  package mutating func give<Batch: RecordBatch>(
    _ size: Int, isPart: Bool = false, to batches: [Batch], add: (Batch, borrowing RecordReader) -> Void
  ) throws -> Bool {
    // While there was nothing to read, all was made.
    if turns != nil, !output.isMaking { try settle() }
    guard turns != nil || isPart || output.isLong && reader.isReady else { return false }
    if isPart { output.beginParts() }
    let turns = self.turns ?? Turns(batches, ended: output.makersEnded)
    self.turns = turns
    if size > Turns.largest || !output.hasMaker && !output.hasRoom && turns.own < Turns.share {
      try make(size)
      return false
    }
    if !output.hasMaker {
      try account(turns)
      output.take(turns.take())
    }
    add(batches[turns.latest], reader)
    turns.given += size + Turns.more
    if turns.given >= Turns.share { try output.startMaking() }
    return true
  }

  /// Has the loop make a record of so many bytes: what was given away before it begins to be made.
  package mutating func make(_ size: Int) throws {
    try output.startMaking()
    turns?.own += size + Turns.more
  }

  /// Has everything made that was given away, and accounts for it, before anything that comes behind it is said.
  private mutating func settle() throws(RunError) {
    guard let turns else { return }
    try flush()
    try account(turns)
    counters.recordsOut += turns.since
    self.turns = nil
  }

  /// Counts and reports what became of the batches that ended: all but one at most.
  private mutating func account(_ turns: Turns) throws(RunError) {
    do throws(StreamError) { try output.makeRoom() } catch { throw .stream(error) }
    while turns.accounted < output.makersEnded {
      let index = turns.accounted % turns.batches.count
      turns.accounted += 1
      counters.recordsOut += turns.before[index] + turns.batches[index].made
      for failure in turns.batches[index].failures { try report(ifKeepingGoing: failure) }
    }
  }

  private mutating func report(ifKeepingGoing error: some ReportableError) throws(RunError) {
    guard keepGoing, error.status == .badData else { throw RunError(error) }
    report(skipped: error)
  }

  private mutating func flush() throws(RunError) {
    do throws(StreamError) { try output.flush() } catch { throw .stream(error) }
  }

  /// Refuses to write binary data to a terminal.
  /// A tool that learns only from its input what it writes asks before its first record.
  package func checkOutput(_ format: OutputFormat) throws(Failure) {
    guard format == .xdr, !force, StandardStream.output.isTerminal else { return }
    throw .usage("standard output is a terminal, and this is binary data; redirect it, use -o ndjson, or --force")
  }

  private mutating func report(skipped error: any ReportableError) {
    counters.skipped += 1
    report(error)
  }

  // MARK: for `Tool.main`

  func begin() throws(StreamError) { try status.beginMetrics() }

  mutating func report(_ error: any ReportableError) {
    if case .stream(let error)? = error as? RunError { return report(error) }
    if let error = error as? StreamError, error.isClosedPipe {
      // Silently, but not with the meter in the way of the prompt.
      status.meter.clear()
      status.endMetrics(128 + closedPipeSignal, reader.bytesRead, output.bytesWritten)
      dieOfClosedPipe()
    }
    counters.errors += 1
    messages.error(error.diagnostic)
  }

  /// Writes what is left to be written and said; the status is that of the run, or a worse one.
  mutating func end(_ status: ExitStatus) -> ExitStatus {
    var status = status
    do throws(StreamError) {
      try output.close()
    } catch {
      report(error)
      status = max(status, error.status)
    }
    // One that came while the last records were written.
    while let request = Signals.take() {
      self.status.received(request, bytesRead: reader.bytesRead, bytesWritten: output.bytesWritten)
    }
    self.status.end(status, bytesRead: reader.bytesRead, bytesWritten: output.bytesWritten)
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
