// Complete runs of a tool, each in its own process.

import Foundation
import Testing

@testable import CommandLineTools

private func output(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
}

private func errors(_ result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}

/// The tool's lines on standard error; the test runner also writes there.
private func messages(_ result: ExitTest.Result?) -> [String] {
  errors(result).split(separator: "\n").map(String.init)
    .filter { $0.hasPrefix("copy: ") || $0.hasPrefix("{") }
}

@Suite struct ToolTests {
  @Test func recordsAreCopied() async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]) {
      try runCopy([], text: "{}\n[1]\n")
    }
    #expect(output(result).hasSuffix("{}\n[1]\n"))
    #expect(messages(result) == [])
  }

  @Test(arguments: [["--bogus"], ["-i", "json"], ["--ledgers", "7-5"], ["--max-record", "0"], ["--progress"]])
  func wrongUsageIsStatus2(arguments: [String]) async {
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      [arguments = arguments as [String]] in
      try runCopy(arguments)
    }
    #expect(messages(result).count == 1)
    #expect(errors(result).contains("See 'copy --help'."))
  }

  /// A value may follow its letter directly, alone or in a group of letters, as in getopt(3).
  @Test(arguments: [["-ondjson"], ["-kondjson"], ["-qkindjson", "-ondjson"]]) func aValueMayFollowItsLetter(arguments: [String])
    async
  {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
      [arguments = arguments as [String]] in
      try runCopy(arguments, text: "{}\n")
    }
    #expect(output(result).hasSuffix("{}\n"))
  }

  /// An option with an empty value does not consume the next argument.
  @Test func anEmptyValueIsAValue() async {
    for arguments in [["--max-record=", "64KiB"], ["--input=", "xdr"]] {
      let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
        [arguments = arguments as [String]] in
        try runCopy(arguments)
      }
      #expect(
        messages(result).first?.contains("The value '' is invalid for '\(arguments[0].dropLast())") == true, "\(messages(result))"
      )
    }
  }

  @Test func theRightOptionIsSuggested() async {
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      try runCopy(["--stat"])
    }
    #expect(messages(result) == ["copy: Unknown option '--stat'. Did you mean '--stats'?"])
  }

  @Test func helpEndsWithExamples() async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
      try runCopy(["--help"])
    }
    let help = output(result)
    #expect(help.contains("USAGE: copy [options] [FILE ...]"))
    #expect(help.hasSuffix("EXAMPLES:\n  # Copy \"a\" to b.\n  copy < a > b\n\n  # Again.\n  copy < b\n"))
  }

  @Test(arguments: [
    (["--version"], "copy \(Version.current)\n"), (["-V"], "copy \(Version.current)\n"), (["-qV"], "copy \(Version.current)\n"),
    (["--generate-completion-script", "fish"], "copy"),
    (["--generate-completion-script", "zsh"], "#compdef copy"), (["--generate-completion-script", "bash"], "_copy()"),
  ]) func otherOutput(arguments: [String], expected: String) async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
      [arguments = arguments as [String]] in
      try runCopy(arguments)
    }
    #expect(output(result).contains(expected))
  }

  @Test func theDescriptionHasAllOptions() throws {
    struct Description: Decodable {
      struct Flag: Decodable {
        let name: String
        let type: String
        let required: Bool
        let values: [String]?
      }
      let name: String, type: String, version: String
      let schema: [String: String]
      let flags: [Flag]
      let examples: [[String: String]]
    }
    let json = CopyTool.about.json(of: CopyTool.self)
    let description = try JSONDecoder().decode(Description.self, from: Data(json.utf8))
    #expect(description.name == "copy" && description.type == "transform" && description.version == Version.number)
    #expect(description.schema == ["id": "test.b.v1"])
    #expect(description.examples.first == ["comment": "Copy \"a\" to b.", "command": "copy < a > b"])
    let names = [
      "describe-json", "force", "help", "input", "jobs", "keep-going", "ledgers", "max-record", "metrics", "metrics-interval",
      "output",
      "progress", "quiet",
      "stats", "version",
    ]
    #expect(description.flags.map(\.name).sorted() == names)
    #expect(description.flags.first { $0.name == "output" }?.values == ["xdr", "ndjson"])
    #expect(description.flags.first { $0.name == "ledgers" }?.type == "stringSlice")
    #expect(description.flags.allSatisfy { !$0.required })
  }

  @Test func aDamagedRecordEndsTheRunAfterEarlierRecords() async {
    let result = await #expect(processExitsWith: .exitCode(3), observing: [\.standardOutputContent, \.standardErrorContent]) {
      try runCopy(["-i", "ndjson", "--stats"], text: "{}\nX\n[1]\n")
    }
    #expect(output(result).hasSuffix("{}\n"))
    let said = messages(result)
    #expect(said.first?.hasSuffix(": begins with X (byte 3, record 2, ledger 7)") == true)
    #expect(said.count == 2 && said[1].contains("\"records_in\":2,\"records_out\":1,\"skipped\":0,\"errors\":1,"))
  }

  @Test func damagedRecordsAreSkippedAndCounted() async {
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]) {
      try runCopy(["-k", "-q", "-i", "ndjson", "--stats"], text: "{}\nX\n[1]\n")
    }
    #expect(output(result).hasSuffix("{}\n[1]\n"))
    let said = messages(result)
    #expect(said.count == 2 && said[1].contains("\"records_in\":3,\"records_out\":2,\"skipped\":1,\"errors\":1,"))
  }

  @Test func theFirstTenWarningsAreShown() async {
    let input = String(repeating: "Word\n", count: 25)
    let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
      [input = input as String] in
      try runCopy([], text: input)
    }
    let said = messages(result)
    #expect(said.count == 11)
    #expect(said.last == "copy: 15 more words (at most 10 are shown per minute)")
    let quiet = await #expect(processExitsWith: .exitCode(0), observing: [\.standardErrorContent]) {
      [input = input as String] in
      try runCopy(["-q"], text: input)
    }
    #expect(messages(quiet) == [])
  }

  @Test func aFullDiskIsReportedOnce() async {
    for arguments in [["--stats"], ["--help"]] {
      let result = await #expect(processExitsWith: .exitCode(4), observing: [\.standardErrorContent]) {
        [arguments = arguments as [String]] in
        dup2(unsafe open("/dev/full", O_WRONLY), 1)
        try runCopy(arguments, text: "{}\n")
      }
      #expect(messages(result).filter { $0.hasPrefix("copy: ") } == ["copy: standard output: No space left on device"])
    }
  }

  @Test func aMissingFileIsStatus4() async {
    let result = await #expect(processExitsWith: .exitCode(4), observing: [\.standardErrorContent]) {
      try runCopy(["/no/such\nfile"])
    }
    #expect(errors(result).contains("copy: /no/such\nfile: No such file or directory\n"))
  }

  @Test(arguments: [([], 0), (["-o", "xdr"], 2), (["-o", "xdr", "--force"], 0)] as [([String], Int32)])
  func binaryOutputToATerminalIsRefused(arguments: [String], status: Int32) async {
    let result = await #expect(processExitsWith: .exitCode(status), observing: [\.standardErrorContent]) {
      [arguments = arguments as [String]] in
      openTerminal(as: 1)
      try runCopy(arguments, text: "{}\n")
    }
    #expect(messages(result).contains { $0.contains("--force") } == (status == 2))
  }

  @Test(arguments: [[], ["-i", "xdr"]] as [[String]]) func terminalInputIsRefused(arguments: [String]) async {
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      [arguments = arguments as [String]] in
      openTerminal(as: 0)
      try runCopy(arguments)
    }
    #expect(messages(result).first?.contains("standard input is a terminal") == true)
  }
}

/// Replaces a standard descriptor by a terminal.
private func openTerminal(as descriptor: Int32) {
  var (controller, terminal): (Int32, Int32) = (0, 0)
  _ = unsafe openpty(&controller, &terminal, nil, nil, nil)
  dup2(terminal, descriptor)
}
