import Bytes
import Streams

/// Makes records beside the loop, in the order in which they were added.
package protocol RecordBatch: RecordMaker {
  /// Adds a record to those that the next `begin` is for.
  func add(_ record: RawSpan, _ framing: Framing, at place: Place)
  /// How many were made since this was last asked, and what was wrong with others. Not while records are being made.
  func takeResult() -> (made: Int, failures: [Failure])
}

/// One run of a tool: its input, its output, and what there is to say about them.
package struct Session: ~Copyable {
  package var reader: RecordReader
  package var output: Output
  package var messages: Messages
  package var counters = Counters()

  // Not the options themselves: to read one costs the parser a search, too much for each record.
  package let keepGoing: Bool
  private let force: Bool
  private let stats: Bool
  private let meter: Meter

  /// Records by turns: some are given to a batch, to be made beside the loop, then the loop makes some itself.
  private struct Turns {
    /// Bytes of input that are given away at once, and that the loop makes meanwhile.
    static let share = 3 << 18
    /// To keep a record's place, and what is wrong with it, takes memory as well: each counts for some bytes more.
    static let more = 1 << 10
    /// Memory should not hold two records that are larger.
    static let largest = 4 << 20

    let batch: any RecordBatch
    var given = 0
    var own = 0
    /// Records that the loop made, and that stand behind some that are not made yet.
    var held = 0
  }
  private var turns: Turns?

  init(tool: String, options: StreamOptions, files: InputFiles) {
    keepGoing = options.keepGoing
    force = options.force
    stats = options.stats
    reader = RecordReader(files, format: options.input, maximumRecord: options.maximumRecord.bytes)
    output = Output()
    let meter = Meter(options.progress)
    self.meter = meter
    messages = Messages(tool: tool, quiet: options.quiet, meter: meter)
    if meter.isOn {
      surviveClosedPipes()
      meter.totalSize = files.totalSize
      meter.lastLedgerExpected = files.lastLedger
      output.whileWaiting = { bytesRead in meter.drawIfDue(bytesIn: bytesRead) }
    }
  }

  /// No ledger after this one is wanted: for the meter's ETA.
  package func expect(lastLedger: UInt32) {
    meter.lastLedgerExpected = min(lastLedger, meter.lastLedgerExpected ?? .max)
  }

  /// Moves the reader on; with `-k` past what it can skip. Before it waits for input, what is finished is written.
  package mutating func next() throws -> Step {
    if meter.isOn { meter.update(counters, bytesIn: reader.bytesRead) }
    while true {
      do {
        let step = try reader.next(&output)
        if step == .record { counters.recordsIn += 1 } else { try settle() }
        return step
      } catch let error as StreamError {
        try settle()
        guard error.isSkippable, keepGoing else { throw error }
        counters.recordsIn += 1
        report(skipped: error)
      }
    }
  }

  /// Everything in the output's buffer is whole records now: `count` of them since the last time.
  package mutating func finishRecords(_ count: Int = 1) throws(StreamError) {
    if turns == nil { counters.recordsOut += count } else { turns?.held += count }
    try output.finishRecord()
  }

  /// The current record cannot be read: without `-k` that ends the run; with it, it is reported,
  /// nothing of it is written, and the run goes on with the next record.
  package mutating func skip(_ error: some ReportableError) throws {
    output.abandonRecord()
    try settle()
    try report(ifKeepingGoing: error)
  }

  /// Of a long stream, gives records away to be made beside the loop; false for one that the loop is to make.
  /// What is wrong with a record that was given away is said when all that came before is written, and the next record is there.
  package mutating func give(to batch: any RecordBatch) throws -> Bool {
    // While there was nothing to read, all was made.
    if turns != nil, !output.isMaking { try settle() }
    guard turns != nil || output.isLong && reader.isReady else { return false }
    var turns = self.turns ?? Turns(batch: batch)
    if turns.own >= Turns.share { (turns.given, turns.own) = (0, 0) }
    let size = reader.record.byteCount
    let isGiven = turns.given < Turns.share && turns.own == 0 && size <= Turns.largest
    if isGiven { turns.given += size + Turns.more } else { turns.own += size + Turns.more }
    self.turns = turns
    if isGiven {
      if !output.hasMaker { output.take(batch) }
      batch.add(reader.record, reader.framing, at: reader.place)
    } else if output.hasMaker {
      try account()
      try output.startMaking()
    }
    return isGiven
  }

  /// Has everything made that was given away, and accounts for it, before anything that comes behind it is said.
  private mutating func settle() throws {
    guard turns != nil else { return }
    try account()
    try output.startMaking()
    try account()
    turns = nil
  }

  /// Waits for what is being made, counts it and reports it.
  private mutating func account() throws {
    try output.finishMaking()
    guard let (made, failures) = turns?.batch.takeResult() else { return }
    counters.recordsOut += made
    for failure in failures { try report(ifKeepingGoing: failure) }
    counters.recordsOut += turns?.held ?? 0
    turns?.held = 0
  }

  private mutating func report(ifKeepingGoing error: some ReportableError) throws {
    guard keepGoing, error.status == .badData else { throw error }
    report(skipped: error)
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

  mutating func report(_ error: any ReportableError) {
    if let error = error as? StreamError, error.isClosedPipe {
      // Silently, but not with the meter in the way of the prompt.
      meter.clear()
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
    meter.clear()
    messages.summarizeWarnings()
    if stats {
      messages.line(
        counters.json(
          tool: messages.tool, elapsed: meter.elapsed, bytesIn: reader.bytesRead, bytesOut: output.bytesWritten))
    }
    return status
  }
}
