import Foundation
import TestSupport
import Testing

/// The meter on a terminal (specification, section 1).
@Suite(.enabled(if: Terminal.exists, "there is no /dev/ptmx to make a terminal with"))
struct MeterTests {
  /// Starts a command in the folder of the test material, with a terminal as standard error and a file as standard output.
  private func start(_ command: String, _ terminal: Terminal, output: String, term: String = "xterm") throws -> Process {
    try Shell.start(
      command, input: "/dev/null", output: output, errors: terminal.userSide(), environment: ["TERM": term])
  }

  /// A tool that waits shows its progress in the current width of the terminal, and finally clears the line.
  @Test func itFollowsAStreamThatPauses() throws {
    let scratch = try Scratch()
    let fifo = scratch.path("fifo")
    try #require(unsafe mkfifo(fifo, 0o600) == 0)
    let screen = try Terminal(columns: 80)
    let process = try start(
      "ledger-split --network local --ledgers 1024-1051 '\(fifo)'", screen, output: scratch.file("output"))
    let feed = try #require(FileHandle(forWritingAtPath: fifo))
    try feed.write(contentsOf: Data(Ledgers.all[..<14].flatMap(marked)))
    screen.wait(for: "ledger 1037  ")
    let meter = try #require(screen.meters.last)
    #expect(
      meter.wholeMatch(of: /ledger 1037  [0-9.]+ ledgers\/s  [0-9.]+ MB\/s  \d+ records out  ETA \d+:\d\d/) != nil, "\(meter)")
    screen.resize(columns: 30)
    screen.forget()
    screen.wait(for: "\rledger 1037  ETA ")
    try feed.write(contentsOf: Data(marked(Ledgers.all[14])))
    screen.wait(for: "\rledger 1038  ETA ")
    try feed.write(contentsOf: Data(Ledgers.all[15...].flatMap(marked)))
    try feed.close()
    process.waitUntilExit()
    screen.read(atMost: 0)
    #expect(process.terminationStatus == 0)
    // At the end the line is cleared and the cursor is at its start; nothing was ever written to another line.
    #expect(screen.shown.hasSuffix("\r\u{1B}[K") && !screen.shown.contains("\n"))
    #expect(screen.meters.allSatisfy { $0.count < 80 })
    #expect(Repository.bytes(scratch.path("output")) == (try Shell.run("ledger-split --network local ledgers.xdr").output))
  }

  /// The end is known for files by their sizes, for a data lake by its newest object, for a range by its last ledger; not for a
  /// pipe.
  @Test(arguments: [
    ("ledger-split --network local ledgers.xdr", true), ("ledger-split --network local lake", true),
    ("ledger-split --network local < ledgers.xdr", true), ("ledger-split --network local --ledgers 1024- lake", true),
    ("cat ledgers.xdr | ledger-split --network local --progress always --ledgers 1024-1051", true),
    ("cat ledgers.xdr | ledger-split --network local --progress always --ledgers 1024-", false),
    ("cat ledgers.xdr | ledger-split --network local --progress always", false),
  ])
  func theEndIsShownIfKnown(command: String, isKnown: Bool) throws {
    let scratch = try Scratch()
    let screen = try Terminal(columns: 200)
    let (begun, reader) = (scratch.path("begun"), scratch.path("reader"))
    for path in [begun, reader] { try #require(unsafe mkfifo(path, 0o600) == 0) }
    // The tool cannot write its last records until the meter is due, which it is a fifth of a second after the tool began.
    let process = try start(
      "\(command) | { head -c 1; echo >'\(begun)'; cat '\(reader)'; cat; }", screen, output: scratch.file("output"))
    _ = try #require(FileHandle(forReadingAtPath: begun)).readToEnd()
    let due = ContinuousClock.now + .milliseconds(300)
    while ContinuousClock.now < due { screen.read(atMost: 50) }
    try #require(FileHandle(forWritingAtPath: reader)).close()
    process.waitUntilExit()
    screen.read(atMost: 0)
    // The first meters may be drawn before anything was read.
    #expect(
      screen.meters.last?.contains("ledger ") == true && screen.meters.last?.contains("  ETA ") == isKnown, "\(screen.shown)")
    #expect(isKnown || !screen.shown.contains("ETA"))
  }

  /// In a pipeline whose messages go to one terminal, only the first tool shows a meter, if any.
  @Test(arguments: ["auto", "never"])
  func onlyTheFirstOfAPipelineShowsOne(mode: String) throws {
    let scratch = try Scratch()
    let fifo = scratch.path("fifo")
    try #require(unsafe mkfifo(fifo, 0o600) == 0)
    let screen = try Terminal(columns: 80)
    let process = try start(
      "ledger-split --network local --progress \(mode) '\(fifo)' | invocation-extract | event-filter | scval-json", screen,
      output: scratch.file("output"))
    let feed = try #require(FileHandle(forWritingAtPath: fifo))
    try feed.write(contentsOf: Data(Ledgers.all[..<14].flatMap(marked)))
    let transactions = try Shell.run("ledger-split --network local --ledgers 1024-1037 -o ndjson ledgers.xdr").lines.count
    if mode == "auto" { screen.wait(for: " \(transactions) records out") }
    screen.forget()
    // Long enough for the other tools to show a meter; they have read fewer records.
    for _ in 0..<5 { screen.read(atMost: 200) }
    #expect(screen.meters.isEmpty == (mode == "never"), "\(screen.shown)")
    #expect(screen.meters.allSatisfy { $0.hasSuffix(" \(transactions) records out") }, "\(screen.meters)")
    try feed.close()
    process.waitUntilExit()
  }

  /// A message replaces any meter on its line; a terminal that cannot clear a line gets no meter.
  @Test(arguments: ["xterm", "dumb"]) func messagesReplaceTheMeter(term: String) throws {
    let scratch = try Scratch()
    let screen = try Terminal(columns: 80)
    let (fifo, more, reader) = (scratch.path("fifo"), scratch.path("more"), scratch.path("reader"))
    for path in [fifo, more, reader] { try #require(unsafe mkfifo(path, 0o600) == 0) }
    // It gets more input, and a reader for its output, only after it was seen waiting.
    let command = """
      { head -c 30000 ledgers.xdr; cat '\(more)'; tail -c +30001 ledgers.xdr; } >'\(fifo)' &
      ledger-split --network local '\(fifo)' | { cat '\(reader)'; head -c 100000; } | invocation-extract
      """
    let process = try start(command, screen, output: scratch.file("output"), term: term)
    if term == "xterm" { screen.wait(for: " records out") } else { for _ in 0..<5 { screen.read(atMost: 200) } }
    for path in [more, reader] { try #require(FileHandle(forWritingAtPath: path)).close() }
    process.waitUntilExit()
    screen.read(atMost: 0)
    #expect(screen.meters.isEmpty == (term == "dumb"))
    // The first tool lost its reader, but clears its meter.
    #expect(screen.meters.isEmpty || screen.shown.contains("K\r\u{1B}[K"))
    let message = "invocation-extract: standard input: the input ends inside a record, "
    #expect(screen.shown.contains(term == "dumb" ? message : "\u{1B}[K" + message), "\(screen.shown)")
    #expect(term == "xterm" || !screen.shown.contains("\u{1B}"))
  }

  /// A meter never overwrites what a later stage prints on the terminal: then there is none, unless requested.
  @Test(arguments: ["auto", "always"]) func outputOfLaterStagesIsNotOverwritten(mode: String) throws {
    let scratch = try Scratch()
    let fifo = scratch.path("fifo")
    try #require(unsafe mkfifo(fifo, 0o600) == 0)
    let screen = try Terminal(columns: 80)
    let process = try start(
      "ledger-split --network local --progress \(mode) '\(fifo)' | invocation-extract -q > '\(try screen.path())'", screen,
      output: "/dev/null")
    let feed = try #require(FileHandle(forWritingAtPath: fifo))
    try feed.write(contentsOf: Data(Ledgers.all[..<3].flatMap(marked)))
    screen.wait(for: "{\"_schema\"")
    if mode == "always" { screen.wait(for: " records out") } else { for _ in 0..<5 { screen.read(atMost: 200) } }
    try feed.close()
    process.waitUntilExit()
    screen.read(atMost: 0)
    #expect(process.terminationStatus == 0 && screen.meters.isEmpty == (mode == "auto"))
    if mode == "auto" {
      #expect(!screen.shown.contains("\u{1B}") && screen.shown.split(separator: "\r\n").allSatisfy { $0.hasPrefix("{") })
    }
  }

  /// There is no meter where the records go to the same terminal; binary records are not written to a terminal at all.
  @Test func recordsAndMeterDoNotMix() throws {
    let scratch = try Scratch()
    let fifo = scratch.path("fifo")
    try #require(unsafe mkfifo(fifo, 0o600) == 0)
    let screen = try Terminal(columns: 80)
    let process = try start(
      """
      { cat ledgers.xdr '\(fifo)'; } | ledger-split --network local -o ndjson 1>&2
      ledger-split --network local ledgers.xdr 1>&2
      """, screen, output: "/dev/null")
    // All records, and then long enough for a meter.
    let end = ContinuousClock.now + .seconds(60)
    while screen.shown.split(separator: "\r\n").count < 102 || !screen.shown.hasSuffix("\r\n"), ContinuousClock.now < end {
      screen.read(atMost: 100)
    }
    for _ in 0..<5 { screen.read(atMost: 200) }
    try #require(FileHandle(forWritingAtPath: fifo)).close()
    while process.isRunning { screen.read(atMost: 100) }
    screen.read(atMost: 0)
    #expect(process.terminationStatus == 2 && screen.meters.isEmpty)
    let lines = screen.shown.split(separator: "\r\n")
    #expect(lines.count == 103 && lines.dropLast().allSatisfy { $0.hasPrefix("{\"_schema\"") })
    #expect(
      lines.last?.hasSuffix(
        "ledger-split: standard output is a terminal, and this is binary data; redirect it, use -o ndjson, or --force") == true)
  }
}
