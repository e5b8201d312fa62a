import Bytes
import Streams

/// The file of `--metrics`: counters in the text format of Prometheus, replaced atomically (specification, section 1).
///
/// Its samples have no timestamps, and each metric has the same HELP in all tools, because a collector of such files refuses
/// anything else. The label `name` is the file's name; it distinguishes pipelines whose files are in one directory.
final class Metrics {
  let interval: Duration
  private let path: String
  private let labels: String
  private let tool: String
  private let started = unixTime()
  private let now: () -> ContinuousClock.Instant
  private var written: ContinuousClock.Instant?

  init(_ path: String, tool: String, interval: Duration, now: @escaping () -> ContinuousClock.Instant = { .now }) {
    self.path = path
    self.tool = tool
    self.interval = interval
    self.now = now
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let name = file.hasSuffix(".prom") ? String(file.dropLast(5)) : file
    labels = "tool=\"\(tool)\",name=\"\(Self.escaped(name))\""
  }

  /// Writes the file if the interval has passed. Returns the time until the next write.
  func writeIfDue(_ snapshot: () -> MetricsSnapshot) throws(StreamError) -> Duration {
    let now = now()
    if let written, now - written < interval { return interval - (now - written) }
    try write(snapshot())
    return interval
  }

  /// Writes the file. `end` is the exit status of the run, if it has ended.
  func write(_ snapshot: MetricsSnapshot, end: Int32? = nil) throws(StreamError) {
    written = now()
    var text = ByteBuffer(capacity: 4096)
    text.append(utf8: self.text(snapshot, end: end))
    try replaceFile(path, text.bytes)
  }

  // MARK: text

  private func text(_ snapshot: MetricsSnapshot, end: Int32?) -> String {
    let counters = snapshot.counters
    var text = ""
    func add(_ metric: Metric, _ value: String?, _ more: String = "") {
      guard let value else { return }
      if !text.contains("# TYPE \(metric.name) ") {
        text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) \(metric.type)\n"
      }
      text += "\(metric.name){\(labels)\(more)} \(value)\n"
    }
    add(.buildInfo, "1", ",version=\"\(Version.number)\",commit=\"\(Version.commit ?? "")\"")
    add(.started, "\(started)")
    add(.bytesRead, "\(snapshot.bytesRead)")
    add(.bytesWritten, "\(snapshot.bytesWritten)")
    add(.recordsRead, "\(counters.recordsIn)")
    add(.recordsWritten, "\(counters.recordsOut)")
    add(.skipped, "\(counters.skipped)")
    add(.errors, "\(counters.errors)")
    for (kind, count) in snapshot.warnings { add(.warnings, "\(count)", ",kind=\"\(Self.escaped(kind))\"") }
    add(.ledgers, "\(counters.ledgers)")
    add(.firstLedger, counters.firstLedger.map { "\($0)" })
    add(.lastLedger, counters.lastLedger.map { "\($0)" })
    add(.lastClosed, counters.lastClosedAt.map { "\($0)" })
    if let invocations = counters.invocations {
      for (kind, outcomes) in invocations.kinds {
        add(.invocations, "\(outcomes.succeeded)", ",kind=\"\(kind)\",outcome=\"succeeded\"")
        add(.invocations, "\(outcomes.failed)", ",kind=\"\(kind)\",outcome=\"failed\"")
      }
      add(.restorations, "\(invocations.restorations)")
    }
    if let end {
      add(.ended, "\(unixTime())")
      add(.exitStatus, "\(end)")
    }
    return text
  }

  private static func escaped(_ label: String) -> String {
    label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

/// The state of a run at one moment.
struct MetricsSnapshot {
  var counters: Counters
  var bytesRead: Int
  var bytesWritten: Int
  var warnings: [(kind: String, count: Int)]
}

/// A metric with its type and help text.
struct Metric {
  let name: String
  let type: String
  let help: String

  private init(_ name: String, _ type: String, _ help: String) {
    self.name = "soroban_pipes_\(name)"
    self.type = type
    self.help = help
  }

  static let buildInfo = Metric("build_info", "gauge", "The version and the commit that the tool was built from; always 1.")
  static let started = Metric("process_start_time_seconds", "gauge", "When the run began, in Unix time.")
  static let bytesRead = Metric("read_bytes_total", "counter", "Bytes read, compressed ones where the input is compressed.")
  static let bytesWritten = Metric("written_bytes_total", "counter", "Bytes written to standard output.")
  static let recordsRead = Metric("read_records_total", "counter", "Records read.")
  static let recordsWritten = Metric("written_records_total", "counter", "Records written.")
  static let skipped = Metric(
    "skipped_records_total", "counter", "Records that could not be read and were skipped (--keep-going).")
  static let errors = Metric("errors_total", "counter", "Errors reported.")
  static let warnings = Metric("warnings_total", "counter", "Warnings, by kind, shown or not.")
  static let ledgers = Metric("ledgers_total", "counter", "Ledgers that the records are of.")
  static let firstLedger = Metric("first_ledger", "gauge", "The sequence number of the first ledger.")
  static let lastLedger = Metric("last_ledger", "gauge", "The sequence number of the last ledger so far.")
  static let lastClosed = Metric("last_ledger_close_time_seconds", "gauge", "When the last ledger so far closed, in Unix time.")
  static let invocations = Metric("invocations_total", "counter", "Contract invocations, by kind and outcome.")
  static let ended = Metric("end_time_seconds", "gauge", "When the run ended, in Unix time; absent while it goes on.")
  static let exitStatus = Metric(
    "exit_status", "gauge", "The exit status of the run, 128 and its number for a signal; absent while it goes on.")
  static let restorations = Metric("restorations_total", "counter", "Entries restored from the archive.")
}
