import ArgumentParser
import Streams

package enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case xdr, ndjson }

package enum ProgressMode: String, ExpressibleByArgument, CaseIterable, Sendable { case auto, always, never }

extension InputFormat: ExpressibleByArgument {}

/// The common options of all tools.
package struct StreamOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("What to read; none, or -, is standard input.", valueName: "file"), completion: .file())
  package var files: [String] = []

  @Option(name: [.short, .long], help: ArgumentHelp("What the input is; auto looks at its first bytes.", valueName: "format"))
  package var input = InputFormat.automatic

  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "What to write (default: xdr from ledger-split, the form of the input from event-filter, ndjson from the others).",
      valueName: "format"))
  package var output: OutputFormat?

  @Option(
    name: .customLong("max-record"), help: ArgumentHelp("The largest record to accept, such as 64MiB.", valueName: "size"))
  package var maximumRecord = ByteSize(256 << 20)

  @Option(
    help: ArgumentHelp(
      "Threads that work on a long input (default: the processors that this process may use, at most 4).", valueName: "number"))
  package var jobs = Jobs.default

  @Flag(name: [.short, .long], help: "Report and skip records that cannot be read.")
  package var keepGoing = false

  @Flag(name: [.short, .long], help: "Silence warnings.")
  package var quiet = false

  @Flag(help: "Print counters to standard error at the end, as one JSON object.")
  package var stats = false

  @Option(help: ArgumentHelp("Show a meter on standard error.", valueName: "when"))
  package var progress = ProgressMode.auto

  @Option(
    help: ArgumentHelp("Write counters to this file, in the text format of Prometheus (default: none).", valueName: "file"),
    completion: .file())
  package var metrics: String?

  @Option(help: ArgumentHelp("How often to write the file of --metrics.", valueName: "seconds"))
  package var metricsInterval = Seconds(5)

  @Flag(help: "Write binary output to a terminal, too.")
  package var force = false

  @Flag(name: [.customShort("V"), .long], help: "Print the name and the version.")
  package var version = false

  @Flag(help: "Describe the tool and its options as one JSON object.")
  package var describeJson = false

  package init() {}
}

/// A number of threads.
package struct Jobs: ExpressibleByArgument, Equatable, Sendable {
  /// More threads would only wait for each other.
  private static let maximum = 256

  package let number: Int

  /// One thread per processor, but at most four, because each needs memory.
  static let `default` = Jobs(number: min(availableProcessors(), 4))

  private init(number: Int) { self.number = number }

  package init?(argument: String) {
    let isNumber = argument.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isNumber, let number = Int(argument), (1...Self.maximum).contains(number) else { return nil }
    self.number = number
  }

  /// Not shown in the help, because it depends on the machine.
  package var defaultValueDescription: String { "" }
}

/// A duration in seconds: `60`, `0.5`. At least a millisecond and at most a day.
package struct Seconds: ExpressibleByArgument, Equatable, Sendable, CustomStringConvertible {
  package let duration: Duration

  package init(_ seconds: Int) { duration = .seconds(seconds) }

  package init?(argument: String) {
    let isNumber = argument.utf8.allSatisfy { ("0"..."9").contains(Character(Unicode.Scalar($0))) || $0 == UInt8(ascii: ".") }
    guard isNumber, let seconds = Double(argument), seconds >= 0.001, seconds <= 86_400 else { return nil }
    duration = .milliseconds(Int(seconds * 1000))
  }

  package var description: String {
    let whole = duration.components.seconds
    return duration == .seconds(whole) ? "\(whole)" : "\(duration.seconds)"
  }
}

/// A number of bytes: `1000`, `64KiB`, `256M`. K, M and G are powers of 1024, with or without `iB`.
package struct ByteSize: ExpressibleByArgument, Equatable, Sendable, CustomStringConvertible {
  package let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  package init?(argument: String) {
    let digits = argument.prefix { ("0"..."9").contains($0) }
    let shift: Int
    switch argument.dropFirst(digits.count).lowercased() {
    case "", "b": shift = 0
    case "k", "kib": shift = 10
    case "m", "mib": shift = 20
    case "g", "gib": shift = 30
    default: return nil
    }
    guard let number = Int(digits), number > 0 else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  package var description: String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")] where bytes > 0 && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return "\(bytes)"
  }
}
