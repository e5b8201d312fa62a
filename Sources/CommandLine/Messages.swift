import Bytes
import Streams

/// Writes all output of a tool on standard error: one write(2) for each message, so that the messages of a pipeline do not mix.
///
/// Each kind of warning is limited per minute (specification, section 1). A stream with a million gaps produces ten lines a
/// minute and a count, and a service that runs for months still reports new gaps.
package final class Messages {
  /// How many warnings of one kind are shown per minute.
  private static let shownPerMinute = 10

  private struct Kind {
    let name: String
    var begun: ContinuousClock.Instant
    var shown = 0
    var leftOut = 0
  }

  package let tool: String
  private let isQuiet: Bool
  private let isTerminal = StandardStream.error.isTerminal
  private let meter: Meter?
  private let now: () -> ContinuousClock.Instant
  private var kinds: [Kind] = []
  /// The number of warnings of each kind so far, whether shown or not.
  private(set) var counts: [(kind: String, count: Int)] = []
  /// Whether there are suppressed warnings whose number was not reported yet.
  private(set) var hasLeftOut = false

  /// `now` is the clock; tests use their own.
  init(tool: String, quiet: Bool = false, meter: Meter? = nil, now: @escaping () -> ContinuousClock.Instant = { .now }) {
    self.tool = tool
    isQuiet = quiet
    self.meter = meter
    self.now = now
  }

  package func error(_ diagnostic: Diagnostic) { write("\(tool): \(diagnostic.text)") }

  /// Warns, unless warnings are silenced (`-q`) or ten of this kind were shown within a minute. `kind` names them in counts:
  /// "sequence gaps".
  package func warn(_ kind: String, _ diagnostic: @autoclosure () -> Diagnostic) {
    if let index = counts.firstIndex(where: { $0.kind == kind }) { counts[index].count += 1 } else { counts.append((kind, 1)) }
    if isQuiet { return }
    countLeftOut()
    var index = kinds.firstIndex { $0.name == kind } ?? kinds.endIndex
    if index < kinds.endIndex, now() - kinds[index].begun >= .seconds(60) {
      kinds.remove(at: index)
      index = kinds.endIndex
    }
    if index == kinds.endIndex { kinds.append(Kind(name: kind, begun: now())) }
    if kinds[index].shown < Self.shownPerMinute {
      kinds[index].shown += 1
      write("\(tool): \(diagnostic().text)")
    } else {
      kinds[index].leftOut += 1
      hasLeftOut = true
    }
  }

  /// Reports the number of suppressed warnings, one line for each kind whose minute has ended. Returns the time until the next
  /// minute ends.
  @discardableResult
  func countLeftOut() -> Duration? {
    guard hasLeftOut else { return nil }
    let now = now()
    var next: Duration?
    for index in kinds.indices where kinds[index].leftOut > 0 {
      let rest = .seconds(60) - (now - kinds[index].begun)
      if rest > .zero { next = min(rest, next ?? rest) } else { reportLeftOut(index) }
    }
    hasLeftOut = next != nil
    return next
  }

  /// Reports the number of all suppressed warnings, at the end of a run.
  func countAllLeftOut() {
    for index in kinds.indices where kinds[index].leftOut > 0 { reportLeftOut(index) }
    hasLeftOut = false
  }

  private func reportLeftOut(_ index: Int) {
    write("\(tool): \(kinds[index].leftOut) more \(kinds[index].name) (at most \(Self.shownPerMinute) are shown per minute)")
    kinds[index].leftOut = 0
  }

  /// Writes a line unchanged, for programs (`--stats`).
  package func line(_ text: String) { write(text) }

  private func write(_ text: String) {
    meter?.clear()
    // Another tool of the pipeline may have drawn its meter on this line.
    let line = isTerminal ? (environment("TERM") == "dumb" ? "" : "\u{1B}[K") + Self.harmless(text) : text
    var bytes = ByteBuffer(capacity: line.utf8.count + 1)
    bytes.append(utf8: line)
    bytes.append(UInt8(ascii: "\n"))
    writeMessage(bytes)
  }

  /// Replaces control characters, which names of files and data can contain, so that the text is safe for a terminal.
  static func harmless(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return result
  }
}
