import Bytes
import Streams

/// Everything a tool says on standard error goes through here: one write(2) for each message, so that those of a
/// pipeline do not mix.
///
/// Warnings of one kind are limited in time (specification, section 1): a stream with a million gaps gets ten lines a minute and a count, and a
/// service that runs for months still reports the gap of today.
package final class Messages {
  /// How many warnings of a kind are shown in a minute.
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
  /// All warnings so far, shown or not.
  private(set) var counts: [(kind: String, count: Int)] = []
  /// Whether warnings were left out that are not counted on standard error yet.
  private(set) var hasLeftOut = false

  /// `now` is the clock; tests have their own.
  init(tool: String, quiet: Bool = false, meter: Meter? = nil, now: @escaping () -> ContinuousClock.Instant = { .now }) {
    self.tool = tool
    isQuiet = quiet
    self.meter = meter
    self.now = now
  }

  package func error(_ diagnostic: Diagnostic) { write("\(tool): \(diagnostic.text)") }

  /// Warns, unless warnings are silenced (`-q`) or ten of this kind were shown within a minute.
  /// `kind` is what they are called when they are counted: "sequence gaps".
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

  /// Counts, one line for each kind, what was left out in minutes that are over. Returns how long it is until the next such minute is.
  @discardableResult
  func countLeftOut() -> Duration? {
    guard hasLeftOut else { return nil }
    let now = now()
    var next: Duration?
    for index in kinds.indices where kinds[index].leftOut > 0 {
      let rest = .seconds(60) - (now - kinds[index].begun)
      if rest > .zero { next = min(rest, next ?? rest) } else { sayLeftOut(index) }
    }
    hasLeftOut = next != nil
    return next
  }

  /// Counts everything that was left out, at the end of a run.
  func countAllLeftOut() {
    for index in kinds.indices where kinds[index].leftOut > 0 { sayLeftOut(index) }
    hasLeftOut = false
  }

  private func sayLeftOut(_ index: Int) {
    write("\(tool): \(kinds[index].leftOut) more \(kinds[index].name) (at most \(Self.shownPerMinute) are shown per minute)")
    kinds[index].leftOut = 0
  }

  /// Writes a line as it is: for machines (`--stats`).
  package func line(_ text: String) { write(text) }

  private func write(_ text: String) {
    meter?.clear()
    // The line may hold the meter of another tool of the pipeline.
    let line = isTerminal ? (environment("TERM") == "dumb" ? "" : "\u{1B}[K") + Self.harmless(text) : text
    var bytes = ByteBuffer(capacity: line.utf8.count + 1)
    bytes.append(utf8: line)
    bytes.append(UInt8(ascii: "\n"))
    writeMessage(bytes)
  }

  /// The text as it may be shown to a terminal: names of files and data can hold anything, escape sequences too.
  static func harmless(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return result
  }
}
