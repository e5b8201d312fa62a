import Bytes
import Streams

/// The meter of `--progress`: position and speed of the stream, and the remaining time if it is known.
///
/// On a terminal it is one line. It is drawn between records and while the tool waits for input, and leaves the cursor at the
/// start of the line, so that output of another program of the pipeline overwrites it. In a file or journal it is a line every
/// ten seconds.
final class Meter {
  let isOn: Bool
  /// The size of all input in bytes and its last ledger, as far as they are known.
  var totalSize: Int?
  var lastLedgerExpected: UInt32?
  private let tool: String
  private let now: () -> ContinuousClock.Instant
  private let isTerminal = StandardStream.error.isTerminal
  private let isAutomatic: Bool
  private let begun: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  private var isShown = false

  /// `now` is the clock; tests use their own.
  init(_ mode: ProgressMode, tool: String = "", now: @escaping () -> ContinuousClock.Instant = { .now }) {
    self.tool = tool
    self.now = now
    begun = now()
    drawn = begun
    isAutomatic = mode == .auto
    isOn =
      switch mode {
      case .always: true
      case .never: false
      case .auto:
        // In a pipeline only the first tool shows a meter, because several would overwrite each other.
        isTerminal && environment("TERM") != "dumb" && !StandardStream.input.isPipe
      }
  }

  var elapsed: Duration { now() - begun }

  private var interval: Duration { isTerminal ? .milliseconds(200) : .seconds(10) }

  /// Draws the meter if the interval has passed. Returns the time until the next drawing.
  func drawIfDue(_ counters: Counters, bytesIn: Int) -> Duration {
    let now = now()
    let age = now - drawn
    guard age >= interval else { return interval - age }
    drawn = now
    if !isTerminal {
      put("\(tool): \(text(counters, bytesIn: bytesIn, columns: .max))\n")
    } else if canDraw {
      put("\r" + text(counters, bytesIn: bytesIn, columns: StandardStream.error.columns ?? 80) + "\u{1B}[K\r")
      isShown = true
    }
    return interval
  }

  /// A pipeline in the background does not disturb the user's input. Without `--progress always` the meter is not drawn if a
  /// program of the pipeline prints to the terminal.
  private var canDraw: Bool {
    StandardStream.error.isInForeground && !(isAutomatic && StandardStream.error.isPrintedToByGroup)
  }

  func clear() {
    if isShown { put("\u{1B}[K") }
    isShown = false
  }

  private func put(_ text: String) {
    var bytes = ByteBuffer(capacity: text.utf8.count)
    bytes.append(utf8: text)
    writeMessage(bytes)
  }

  // MARK: text

  /// The line to show, shorter than `columns`: a character in the last column makes some terminals go to the next line.
  func text(_ counters: Counters, bytesIn: Int, columns: Int) -> String {
    let seconds = max(elapsed.seconds, 0.001)
    // Each part with its importance: if the line is too long, the least important part is removed first.
    var parts: [(importance: Int, text: String)] = []
    if let ledger = counters.lastLedger {
      parts = [(5, "ledger \(ledger)"), (2, "\(Self.rate(Double(counters.ledgers) / seconds)) ledgers/s")]
    }
    parts.append((1, "\(Self.rate(Double(bytesIn) / seconds / 1e6)) MB/s"))
    parts.append((3, "\(counters.recordsOut) records out"))
    if let done = done(counters, bytesIn: bytesIn) { parts.append((4, "ETA \(Self.clock(seconds / done - seconds))")) }
    while true {
      let line = parts.map(\.text).joined(separator: "  ")
      let least = parts.indices.min { parts[$0].importance < parts[$1].importance }
      guard line.utf8.count >= columns, parts.count > 1, let least else { return String(line.prefix(max(columns - 1, 0))) }
      parts.remove(at: least)
    }
  }

  /// The finished fraction of the work, if its end is known: of the bytes or of the ledgers, whichever is larger.
  private func done(_ counters: Counters, bytesIn: Int) -> Double? {
    var parts: [Double] = []
    if let totalSize, totalSize > 0 { parts.append(Double(bytesIn) / Double(totalSize)) }
    if let end = lastLedgerExpected, let first = counters.firstLedger, let last = counters.lastLedger, end >= first, last >= first
    {
      parts.append(Double(last - first + 1) / Double(end - first + 1))
    }
    return parts.max().flatMap { $0 > 0 ? min($0, 1) : nil }
  }

  /// With one decimal for values below 100.
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
