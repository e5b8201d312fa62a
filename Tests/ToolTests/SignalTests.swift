import Foundation
import TestSupport
import Testing

/// The output of a tool when a signal asks for its progress or ends it.
@Suite struct SignalTests {
  /// A tool that reads from a FIFO, and its output so far.
  private final class Run {
    let process: Process
    private let scratch: Scratch
    private let feed: FileHandle

    init(_ command: String) throws {
      scratch = try Scratch()
      try #require(unsafe mkfifo(scratch.path("in"), 0o600) == 0)
      process = try Shell.start(
        "exec \(command) < '\(scratch.path("in"))'", input: "/dev/null", output: scratch.file("out"),
        errors: scratch.file("errors"))
      feed = try #require(FileHandle(forWritingAtPath: scratch.path("in")))
    }

    var input: String { scratch.path("in") }
    var errors: String { String(decoding: Repository.bytes(scratch.path("errors")), as: UTF8.self) }
    var output: [UInt8] { Repository.bytes(scratch.path("out")) }

    func write(_ bytes: [UInt8]) throws { try feed.write(contentsOf: Data(bytes)) }
    func end() throws { try feed.close() }
    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for a condition, for at most a minute.
    func wait(for what: String, until isTrue: () -> Bool) {
      let end = ContinuousClock.now + .seconds(60)
      while !isTrue(), ContinuousClock.now < end { usleep(1000) }
      if !isTrue() { Issue.record("\(what) never came; \(errors)") }
    }
  }

  private static let stages: [(command: String, input: [UInt8], counted: String)] = [
    ("ledger-split --network local -o ndjson", marked(Ledgers.all[2]), "\"records_in\":1,\"records_out\":8,"),
    ("invocation-extract", transaction, "\"invocations\":1,"),
    ("event-filter", Array(Expected.invocations.prefix { $0 != "\n" }.utf8) + [10], "\"records_in\":1,\"records_out\":1,"),
    ("scval-json", Array("AAAAAQ==\n".utf8), "\"records_in\":1,\"records_out\":1,"),
  ]

  /// The transaction of the first invocation.
  private static let transaction: [UInt8] = {
    let hash =
      Expected.invocations.firstRange(of: "\"tx_hash\":\"").map { Expected.invocations[$0.upperBound...].prefix(64) } ?? ""
    return Expected.transactions.split(separator: "\n").filter { $0.contains(hash) }.flatMap { Array($0.utf8) + [10] }
  }()

  /// SIGUSR1 prints a line and the run continues, as with dd(1); the counted records were written.
  @Test(arguments: stages.indices) func progressIsPrintedOnRequest(index: Int) throws {
    let (command, input, counted) = Self.stages[index]
    let expected = try Shell.run(command, input: input).output
    let run = try Run(command)
    try run.write(input)
    run.wait(for: "output") { run.output == expected }
    for lines in 1...2 {
      run.send(SIGUSR1)
      run.wait(for: "line \(lines)") { run.errors.split(separator: "\n").count == lines }
    }
    #expect(run.errors.split(separator: "\n").allSatisfy { $0.contains(counted) }, "\(run.errors)")
    try run.end()
    run.process.waitUntilExit()
    #expect(run.process.terminationReason == .exit && run.process.terminationStatus == 0)
    #expect(run.errors.split(separator: "\n").count == 2)
  }

  /// `--stats` is printed before a signal ends the run, and only then.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP], stages.indices) func countersSurviveASignal(signal: Int32, index: Int) throws {
    let (command, input, counted) = Self.stages[index]
    for options in ["--stats", ""] {
      let expected = try Shell.run(command, input: input).output
      let run = try Run("\(command) \(options)")
      try run.write(input)
      run.wait(for: "output") { run.output == expected }
      run.send(signal)
      run.process.waitUntilExit()
      #expect(run.process.terminationReason == .uncaughtSignal && run.process.terminationStatus == signal)
      #expect(
        run.errors.split(separator: "\n").count == (options.isEmpty ? 0 : 1) && run.errors.contains(counted) != options.isEmpty)
      #expect(run.output == expected)
    }
  }

  /// Also in the middle of a stream, the counted records are those that were written.
  @Test(arguments: ["event-filter", "scval-json"], [1, 2, 8]) func countedRecordsWereWritten(tool: String, jobs: Int) throws {
    let run = try Run("\(tool) --stats --jobs \(jobs)")
    let writer = try Shell.start(
      "exec yes \"$(head -n 1 invocations.ndjson)\"", input: "/dev/null", output: run.input, errors: "/dev/null")
    defer { writer.terminate() }
    run.wait(for: "output") { run.output.count > 6 << 20 }
    run.send(SIGTERM)
    run.process.waitUntilExit()
    let lines = run.output.count { $0 == 10 }
    #expect(run.process.terminationReason == .uncaughtSignal)
    #expect(run.output.last == 10 && run.errors.contains("\"bytes_out\":\(run.output.count),"), "\(run.errors)")
    #expect(run.errors.contains("\"records_out\":\(lines),"), "\(lines): \(run.errors)")
  }

  /// `nohup`: a signal that the parent ignores stays ignored.
  @Test func ignoredSignalsStayIgnored() throws {
    let run = try Run("env --ignore-signal=HUP --ignore-signal=USR1 scval-json --stats")
    try run.write(Array("AAAAAQ==\n".utf8))
    run.wait(for: "output") { !run.output.isEmpty }
    run.send(SIGHUP)
    run.send(SIGUSR1)
    try run.write(Array("AAAAAQ==\n".utf8))
    try run.end()
    run.process.waitUntilExit()
    #expect(run.process.terminationReason == .exit && run.process.terminationStatus == 0)
    #expect(run.errors.split(separator: "\n").count == 1 && run.errors.contains("\"records_out\":2,"))
  }
}
