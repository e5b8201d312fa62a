import Streams

/// The one-line meter of `--progress`: where the stream is, how fast it goes, and when it will end if that can be known.
struct Meter: Sendable {
  private static let interval = Duration.milliseconds(100)

  let isOn: Bool
  private let begun: ContinuousClock.Instant
  private var shown: ContinuousClock.Instant

  init(_ mode: ProgressMode) {
    begun = .now
    shown = begun
    isOn =
      switch mode {
      case .always: true
      case .never: false
      case .auto:
        // Of a pipeline only the first tool shows one: the others would write over it.
        StandardStream.error.isTerminal && !StandardStream.output.isSameTerminal(as: .error)
          && !StandardStream.input.isPipe
      }
  }

  var elapsed: Duration { .now - begun }

  /// Whether it is time to show something again; then the caller does.
  mutating func isDue() -> Bool {
    guard isOn else { return false }
    let now = ContinuousClock.now
    if now - shown < Self.interval { return false }
    shown = now
    return true
  }

  /// What to show. `done` is the part of the work that is done, if its end is known.
  func text(_ counters: Counters, bytesIn: Int, done: Double?) -> String {
    let seconds = max(elapsed.seconds, 0.001)
    var parts: [String] = []
    if let ledger = counters.lastLedger {
      parts = ["ledger \(ledger)", "\(Self.rate(Double(counters.ledgers) / seconds)) ledgers/s"]
    }
    parts.append("\(Self.rate(Double(bytesIn) / seconds / 1e6)) MB/s")
    parts.append("\(counters.recordsOut) records out")
    if let done, done > 0 { parts.append("ETA \(Self.clock(seconds / done - seconds))") }
    return parts.joined(separator: "  ")
  }

  /// With one decimal below a hundred.
  private static func rate(_ value: Double) -> String {
    if value >= 100 { return "\(Int(value))" }
    let tenths = Int(value * 10)
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// As 1:02:03 or 2:03.
  private static func clock(_ seconds: Double) -> String {
    guard seconds < 1e8 else { return "-" }
    let whole = Int(max(seconds, 0))
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
