// The documentation, and how its examples are run.

import Foundation
import TestSupport

/// The README, the manual and the recipes of the checkout.
enum Documentation {
  static let tools = ["ledger-split", "invocation-extract", "event-filter", "scval-json"]

  /// The pages of the manual, as paths from the root.
  static let pages =
    ["ledger-split.1", "invocation-extract.1", "event-filter.1", "scval-json.1"].map { "man/\($0)" } + formats + guides + [
      "man/soroban-deploy.7", "man/soroban-pipes.7", "man/soroban-serve.7", "man/soroban-wasm.7", "man/soroban-backfill.1",
      "man/soroban-messages.7",
    ]
  /// The guides: one page per task, of at most 300 lines each.
  static let guides = ["start", "filters", "consumers", "operations", "history", "protocols", "from", "trouble"].map {
    "man/soroban-\($0).7"
  }
  static let formats = ["man/ledger-transaction.5", "man/contract-invocation.5", "man/contract-event.5"]

  static func lines(_ page: String) -> [String] {
    Repository.lines("\(Repository.root)/\(page)").map { String(decoding: $0, as: UTF8.self) }
  }

  /// Lines of mdoc as they are printed, as far as the examples need it.
  static func printed(_ line: String) -> String {
    var text = line
    for (escape, character) in [("\\&", ""), ("\\(aq", "'"), ("\\(dq", "\""), ("\\-", "-"), ("\\e", "\\")] {
      text = text.replacingOccurrences(of: escape, with: character)
    }
    return text
  }

  /// The folder of the tools that were built with these tests.
  static let toolFolder: String = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    return FileManager.default.isExecutableFile(atPath: "\(own)/ledger-split") ? own : "\(Repository.root)/.build/debug"
  }()

  /// The first missing external program of an example. Such an example is skipped, with a message.
  static func missingProgram(in command: String) -> String? {
    let words = Set(command.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }.map(String.init))
    // The folder that only root has on its path.
    let sbin = FileManager.default.isExecutableFile(atPath: "/usr/sbin/lighttpd")
    if command.contains("serve/start"), !sbin, !isInstalled("lighttpd") { return "lighttpd" }
    return ["jq", "zstd", "sqlite3", "cmp", "xargs", "dot", "curl", "python3"].first { words.contains($0) && !isInstalled($0) }
  }

  /// The search path: the tools first, and last the programs that `scripts/setup` installed for the tests.
  static let path =
    "\(toolFolder):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"):\(Repository.root)/.build/programs/bin"

  static func isInstalled(_ program: String) -> Bool {
    path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }

  struct Outcome {
    let status: Int32
    /// Standard output and standard error, as a terminal shows them.
    let text: String

    var lines: [String] {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return lines.last == "" ? lines.dropLast() : lines
    }
  }

  /// Runs a command line in the root of the checkout, with the tools first on the path.
  static func run(_ command: String, environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", "-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: Repository.root)
    var variables = ProcessInfo.processInfo.environment.merging(Shell.profile) { $1 }.merging(environment) { $1 }
    variables["PATH"] = environment["PATH"] ?? path
    variables["LC_ALL"] = "C.UTF-8"
    variables["NETWORK_PASSPHRASE"] = nil
    process.environment = variables
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    // The test's threads block signals, and a child inherits that.
    var (none, before) = (sigset_t(), sigset_t())
    _ = unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, text: String(decoding: text, as: UTF8.self))
  }
}
