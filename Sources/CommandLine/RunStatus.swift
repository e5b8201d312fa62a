import Streams

/// What a run knows about itself while it goes on, for whoever asks: the meter, SIGUSR1, and a signal that ends it.
final class RunStatus: RunMonitor {
  let meter: Meter
  let messages: Messages
  private var metrics: Metrics?
  private let printsStats: Bool
  // One thread only, several times for each record.
  @exclusivity(unchecked) var counters = Counters()
  /// The records that are given to a second thread, if there are any.
  var turns: Session.Turns?

  init(meter: Meter, messages: Messages, metrics: Metrics?, printsStats: Bool) {
    self.meter = meter
    self.metrics = metrics
    self.messages = messages
    self.printsStats = printsStats
  }

  func isWaiting(bytesRead: Int, bytesWritten: Int) -> Duration? {
    let meterDue = meter.isOn ? meter.drawIfDue(countersNow, bytesIn: bytesRead) : nil
    let next = [meterDue, messages.countLeftOut(), writeMetricsIfDue(bytesRead, bytesWritten)]
    return next.compactMap(\.self).min()
  }

  /// Whether `update` has anything to do.
  var isWatched: Bool { meter.isOn || messages.hasLeftOut || metrics != nil }

  /// Does what is due in time, between records.
  func update(bytesRead: Int, bytesWritten: Int) {
    if meter.isOn { _ = meter.drawIfDue(unsafe counters, bytesIn: bytesRead) }
    messages.countLeftOut()
    _ = writeMetricsIfDue(bytesRead, bytesWritten)
  }

  // MARK: metrics

  /// Writes the metrics for the first time, so that a file that cannot be written is known before anything is read.
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

  /// The metrics of a run that ended with a status.
  func endMetrics(_ status: Int32, _ bytesRead: Int, _ bytesWritten: Int) {
    do throws(StreamError) { try metrics?.write(snapshot(bytesRead, bytesWritten), end: status) } catch {
      messages.warn("metrics not written", error.diagnostic)
    }
  }

  private func snapshot(_ bytesRead: Int, _ bytesWritten: Int) -> MetricsSnapshot {
    MetricsSnapshot(counters: countersNow, bytesRead: bytesRead, bytesWritten: bytesWritten, warnings: messages.counts)
  }

  // MARK: signals and the end

  func isMissing(_ ledger: UInt32, of directory: String) {
    messages.warn(
      "missing objects", Diagnostic("waiting for the object of ledger \(ledger), although later ones exist", file: directory))
  }

  func received(_ request: Signals.Request, bytesRead: Int, bytesWritten: Int) {
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

  /// The counters, with the records of batches that were written and not accounted for.
  private var countersNow: Counters {
    var counters = unsafe counters
    counters.recordsOut += turns?.unaccounted ?? 0
    return counters
  }

  private func printCounters(_ bytesRead: Int, _ bytesWritten: Int) {
    messages.line(countersNow.json(tool: messages.tool, elapsed: meter.elapsed, bytesIn: bytesRead, bytesOut: bytesWritten))
  }
}
