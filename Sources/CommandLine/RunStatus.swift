import Streams

/// The state of a run, for the meter, the metrics, SIGUSR1, and a signal that ends it.
final class RunStatus {
  let meter: Meter
  let messages: Messages
  private var metrics: Metrics?
  private let printsStats: Bool
  // Only one thread at a time uses it (the one that writes), several times per record.
  @exclusivity(unchecked) var counters = Counters()
  /// Records that were found (`Session.found`).
  var found = 0
  /// Values that could not be written as requested (`Session.count(omissions:)`).
  var omissions = 0
  /// The names of warnings that were given and are given only once.
  private var givenNames: Set<String> = []

  init(meter: Meter, messages: Messages, metrics: Metrics?, printsStats: Bool) {
    self.meter = meter
    self.metrics = metrics
    self.messages = messages
    self.printsStats = printsStats
  }

  /// Updates meter, messages and metrics if it is time to. Returns the time until the next update; nil if there is none.
  func updateIfDue(bytesRead: Int, bytesWritten: Int) -> Duration? {
    let meterDue = meter.isOn ? meter.drawIfDue(unsafe counters, bytesIn: bytesRead) : nil
    let next = [meterDue, messages.countLeftOut(), writeMetricsIfDue(bytesRead, bytesWritten)]
    return next.compactMap(\.self).min()
  }

  /// Whether `update` has anything to do.
  var needsUpdates: Bool { meter.isOn || messages.hasLeftOut || metrics != nil }

  /// Does the same as `updateIfDue` between records.
  func update(bytesRead: Int, bytesWritten: Int) {
    if meter.isOn { _ = meter.drawIfDue(unsafe counters, bytesIn: bytesRead) }
    messages.countLeftOut()
    _ = writeMetricsIfDue(bytesRead, bytesWritten)
  }

  // MARK: metrics

  /// Writes the metrics for the first time, so that a file that cannot be written is noticed before anything is read.
  func beginMetrics() throws(StreamError) {
    do throws(StreamError) { try metrics?.write(snapshot(0, 0)) } catch {
      metrics = nil
      throw error
    }
  }

  private func writeMetricsIfDue(_ bytesRead: Int, _ bytesWritten: Int) -> Duration? {
    guard let metrics else { return nil }
    do throws(StreamError) { return try metrics.writeIfDue { snapshot(bytesRead, bytesWritten) } } catch {
      messages.warn("metrics not written", error.diagnostic)
      return metrics.interval
    }
  }

  /// Writes the metrics of a run that ended with a status.
  func endMetrics(_ status: Int32, _ bytesRead: Int, _ bytesWritten: Int) {
    do throws(StreamError) { try metrics?.write(snapshot(bytesRead, bytesWritten), end: status) } catch {
      messages.warn("metrics not written", error.diagnostic)
    }
  }

  private func snapshot(_ bytesRead: Int, _ bytesWritten: Int) -> MetricsSnapshot {
    MetricsSnapshot(counters: unsafe counters, bytesRead: bytesRead, bytesWritten: bytesWritten, warnings: messages.counts)
  }

  /// Gives these warnings unless warnings with the same name were given before.
  func warnOnce(_ kind: String, _ name: String, _ diagnostics: [Diagnostic]) {
    guard givenNames.insert(name).inserted else { return }
    for diagnostic in diagnostics { messages.warn(kind, diagnostic) }
  }

  /// Counts and reports a record that could not be read.
  func report(skipped error: any ReportableError) {
    unsafe counters.skipped += 1
    report(error)
  }

  func report(_ error: any ReportableError) {
    unsafe counters.errors += 1
    messages.error(error.diagnostic)
  }

  func add(_ counts: InvocationCounts?) {
    guard let counts else { return }
    unsafe counters.invocations = counters.invocations ?? InvocationCounts()
    unsafe counters.invocations? += counts
  }

  func add(events: Int?) {
    guard let events else { return }
    if unsafe counters.more.isEmpty { unsafe counters.more = [("events", 0)] }
    unsafe counters.more[0].value += events
  }

  // MARK: signals and the end

  func warnMissing(_ ledger: UInt32, of directory: String) {
    messages.warn(
      "missing objects", Diagnostic("waiting for the object of ledger \(ledger), although later ones exist", file: directory))
  }

  func answer(_ request: Signals.Request, bytesRead: Int, bytesWritten: Int) {
    switch request {
    case .report: printCounters(bytesRead, bytesWritten)
    case .end(let signal):
      meter.clear()
      messages.countAllLeftOut()
      if printsStats { printCounters(bytesRead, bytesWritten) }
      endMetrics(128 + signal, bytesRead, bytesWritten)
      Signals.die(of: signal)
    }
  }

  func end(_ status: ExitStatus, bytesRead: Int, bytesWritten: Int) {
    meter.clear()
    endMetrics(status.rawValue, bytesRead, bytesWritten)
    messages.countAllLeftOut()
    if printsStats { printCounters(bytesRead, bytesWritten) }
  }

  private func printCounters(_ bytesRead: Int, _ bytesWritten: Int) {
    messages.line(unsafe counters.json(tool: messages.tool, elapsed: meter.elapsed, bytesIn: bytesRead, bytesOut: bytesWritten))
  }
}
