import Bytes
import Streams

/// The meter of `--progress`: where the stream is, how fast it goes, and when it will end if that can be known.
///
/// On a terminal it is one line. It is drawn when a record was read or while the tool waits for input, and leaves the cursor where its line
/// begins: what another program of the pipeline writes goes over it, instead of behind it. In a file or journal it is a line every ten seconds.
final class Meter {
  let isOn: Bool
  /// The bytes of all input, and the last ledger of it, as far as they are known.
  var totalSize: Int?
  var lastLedgerExpected: UInt32?
  private let tool: String
  private let now: () -> ContinuousClock.Instant
  private let isTerminal = StandardStream.error.isTerminal
  private let isAutomatic: Bool
  private let begun: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant
  private var isShown = false

  /// `now` is the clock; tests have their own.
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
        // Of a pipeline only the first tool shows one: the others would write over it.
        isTerminal && environment("TERM") != "dumb" && !StandardStream.input.isPipe
      }
  }

  var elapsed: Duration { now() - begun }

  private var interval: Duration { isTerminal ? .milliseconds(200) : .seconds(10) }

  /// Draws if the last time is long enough ago; returns how long it is until the next time.
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

  /// A pipeline in the background stays out of the way of what is typed; and unless it is asked for, a meter is never drawn over what any
  /// program of the pipeline prints.
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

  /// What to show, in less than `columns`: the last one would move some terminals to the next line.
  func text(_ counters: Counters, bytesIn: Int, columns: Int) -> String {
    let seconds = max(elapsed.seconds, 0.001)
    // Each with its importance: where there is no room, the least important goes first.
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

  /// The part of the work that is done, if its end is known: that of the bytes or that of the ledgers, whichever ends first.
  private func done(_ counters: Counters, bytesIn: Int) -> Double? {
    var parts: [Double] = []
    if let totalSize, totalSize > 0 { parts.append(Double(bytesIn) / Double(totalSize)) }
    if let end = lastLedgerExpected, let first = counters.firstLedger, let last = counters.lastLedger, end >= first, last >= first
    {
      parts.append(Double(last - first + 1) / Double(end - first + 1))
    }
    return parts.max().flatMap { $0 > 0 ? min($0, 1) : nil }
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
