import Bytes
import Streams

/// Everything a tool says on standard error goes through here: one write(2) for each message, so that those of a
/// pipeline do not mix.
package struct Messages {
  /// A stream with a million gaps is reported with ten, and their number at the end.
  private static let warningsOfAKind = 10

  package let tool: String
  private let isQuiet: Bool
  private let isTerminal = StandardStream.error.isTerminal
  private let meter: Meter?
  private var warnings: [(kind: String, count: Int)] = []

  init(tool: String, quiet: Bool = false, meter: Meter? = nil) {
    self.tool = tool
    isQuiet = quiet
    self.meter = meter
  }

  package mutating func error(_ diagnostic: Diagnostic) { write("\(tool): \(diagnostic.text)") }

  /// Warns, unless that was not wanted (`-q`) or has happened often enough: of each kind the first ten are shown.
  /// `kind` is how they are called when they are counted: "sequence gaps".
  package mutating func warn(_ kind: String, _ diagnostic: @autoclosure () -> Diagnostic) {
    if isQuiet { return }
    let index = warnings.firstIndex { $0.kind == kind } ?? warnings.endIndex
    if index == warnings.endIndex { warnings.append((kind, 0)) }
    warnings[index].count += 1
    if warnings[index].count <= Self.warningsOfAKind { write("\(tool): \(diagnostic().text)") }
  }

  /// Says how many warnings there were in all, of the kinds that were not all shown.
  package mutating func summarizeWarnings() {
    for (kind, count) in warnings where count > Self.warningsOfAKind {
      write("\(tool): \(count) \(kind) in all, the first \(Self.warningsOfAKind) are shown above")
    }
    warnings = []
  }

  /// Writes a line as it is: for machines (`--stats`).
  package mutating func line(_ text: String) { write(text) }

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
