import Bytes
import Streams

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
  package mutating func next() throws(StreamError) -> Step {
    if meter.isOn { meter.update(counters, bytesIn: reader.bytesRead) }
    while true {
      do throws(StreamError) {
        let step = try reader.next(&output)
        if step == .record { counters.recordsIn += 1 }
        return step
      } catch {
        guard error.isSkippable, keepGoing else { throw error }
        counters.recordsIn += 1
        report(skipped: error)
      }
    }
  }

  /// Everything in the output's buffer is whole records now: `count` of them since the last time.
  package mutating func finishRecords(_ count: Int = 1) throws(StreamError) {
    counters.recordsOut += count
    try output.finishRecord()
  }

  /// The current record cannot be read: without `-k` that ends the run; with it, it is reported,
  /// nothing of it is written, and the run goes on with the next record.
  package mutating func skip<E: ReportableError>(_ error: E) throws(E) {
    output.abandonRecord()
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
