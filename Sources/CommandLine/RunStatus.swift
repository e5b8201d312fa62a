import Streams

/// What a run knows about itself while it goes on, for whoever asks: the meter, SIGUSR1, and a signal that ends it.
final class RunStatus: RunMonitor {
  let meter: Meter
  let messages: Messages
  private let printsStats: Bool
  // One thread only, several times for each record.
  @exclusivity(unchecked) var counters = Counters()
  /// The records that are given to a second thread, if there are any.
  var turns: Session.Turns?

  init(meter: Meter, messages: Messages, printsStats: Bool) {
    self.meter = meter
    self.messages = messages
    self.printsStats = printsStats
  }

  func isWaiting(bytesRead: Int, bytesWritten: Int) -> Duration? {
    let next = [meter.isOn ? meter.drawIfDue(countersNow, bytesIn: bytesRead) : nil, messages.countLeftOut()]
    return next.compactMap(\.self).min()
  }

  func isMissing(_ ledger: UInt32, of directory: String) {
    messages.warn(
      "missing objects", Diagnostic("waiting for the object of ledger \(ledger), though later ones are there", file: directory))
  }

  func received(_ request: Signals.Request, bytesRead: Int, bytesWritten: Int) {
    switch request {
    case .report: printCounters(bytesRead, bytesWritten)
    case .end(let signal):
      meter.clear()
      messages.countAllLeftOut()
      if printsStats { printCounters(bytesRead, bytesWritten) }
      Signals.die(of: signal)
    }
  }

  /// At the end of the run.
  func end(bytesRead: Int, bytesWritten: Int) {
    meter.clear()
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
