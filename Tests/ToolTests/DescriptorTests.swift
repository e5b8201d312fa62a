import Foundation
import TestSupport
import Testing

/// A built tool between two pipes whose other ends the test owns.
private final class PipedTool {
  let process = Process()
  private let input: [Int32]
  private let output: [Int32]

  /// With `nonBlocking`, the tool's own ends do not block, and have a small capacity.
  init(_ command: String, nonBlocking: Bool) throws {
    input = Self.pipe()
    output = Self.pipe()
    if nonBlocking {
      for end in [input[0], output[1]] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
      #if os(Linux)
        let setPipeSize: CInt = 1031  // F_SETPIPE_SZ, which the Glibc module does not export
        _ = fcntl(output[1], setPipeSize, 4096)
      #endif
    }
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec \(command)"]
    process.environment = ["PATH": "\(Shell.folder):/usr/bin:/bin"].merging(Shell.profile) { $1 }
    process.standardInput = FileHandle(fileDescriptor: input[0])
    process.standardOutput = FileHandle(fileDescriptor: output[1])
    // The test's threads block signals, and a child inherits that.
    var (none, before) = (sigset_t(), sigset_t())
    _ = unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
    close(input[0])
    close(output[1])
    _ = fcntl(input[1], F_SETFL, O_NONBLOCK)
  }

  deinit { close(output[0]) }

  private static func pipe() -> [Int32] {
    var ends: [Int32] = [-1, -1]
    _ = unsafe Foundation.pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return ends
  }

  /// The output for `content`, written a few bytes at a time; `each` is called after each write.
  func run(_ content: [UInt8], few: (Int) -> Int, _ each: (_ turn: Int, _ received: [UInt8]) -> Void = { _, _ in }) -> [UInt8] {
    // A tool may exit before it has read everything. Block the SIGPIPE that a write then raises in this thread.
    var (closedPipe, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&closedPipe)
    unsafe sigaddset(&closedPipe, SIGPIPE)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &closedPipe, &before)
    defer {
      var now = timespec()
      while unsafe sigtimedwait(&closedPipe, nil, &now) == SIGPIPE {}
      _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    var sent = 0
    var received: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 64 << 10)
    for turn in 0... {
      each(turn, received)
      if sent < content.count {
        // Write the next piece only after the last one was read, so that the tool never reads two at once.
        var waiting: Int32 = 0
        _ = unsafe ioctl(input[1], UInt(FIONREAD), &waiting)
        if waiting == 0 {
          let piece = content[sent..<min(sent + few(turn), content.count)]
          let count = unsafe piece.withUnsafeBytes { unsafe write(input[1], $0.baseAddress, $0.count) }
          if count > 0 { sent += count } else if errno == EPIPE { sent = content.count }
          if sent == content.count { close(input[1]) }
        }
      }
      var ready = pollfd(fd: output[0], events: Int16(POLLIN), revents: 0)
      if unsafe poll(&ready, 1, sent < content.count ? 0 : 100) > 0 {
        let count = unsafe read(output[0], &room, few(turn))
        if count <= 0 { break }
        received += room.prefix(count)
      }
    }
    if sent < content.count { close(input[1]) }
    // It may have been stopped between its last byte and its exit.
    kill(process.processIdentifier, SIGCONT)
    process.waitUntilExit()
    return received
  }
}

/// Slow or intermittent descriptors change only the timing.
@Suite struct DescriptorTests {
  struct Stage: CustomTestStringConvertible, Sendable {
    let command: String
    let input: [UInt8]

    var testDescription: String { command }
  }

  private static let ledgers = Array(Ledgers.stream.prefix(Ledgers.all[..<4].reduce(0) { $0 + 4 + $1.count }))
  private static func lines(_ name: String) -> [UInt8] {
    Array(Expected.text(name).split(separator: "\n").suffix(8).map { "\($0)\n" }.joined().utf8)
  }

  static let stages: [Stage] = [
    Stage(command: "ledger-split --network local", input: ledgers),
    Stage(command: "ledger-split --network local -o ndjson", input: zstd(ledgers, blocks: 3000)),
    Stage(command: "ledger-split --by ledger", input: Ledgers.all[..<3].flatMap { $0 }),
    Stage(command: "invocation-extract", input: lines("transactions.ndjson")),
    Stage(command: "event-filter --succeeded", input: lines("invocations.ndjson")),
    Stage(command: "scval-json --style native", input: lines("invocations.ndjson")),
  ]

  /// Reads and writes of one byte, and of a few.
  @Test(arguments: stages, [false, true]) func smallReadsAndWritesGiveTheSame(stage: Stage, nonBlocking: Bool) throws {
    let expected = try Shell.run(stage.command, input: stage.input)
    #expect(expected.status == 0 && expected.output.count > 1000)
    let tool = try PipedTool(stage.command, nonBlocking: nonBlocking)
    var random = SeededGenerator(seed: 4)
    let found = tool.run(stage.input) { $0 < 3000 ? 1 : 1 + random.below(30) }
    #expect(tool.process.terminationStatus == 0)
    let areEqual = found == expected.output
    #expect(areEqual, "\(found.count) of \(expected.output.count) bytes")
  }

  /// Stopped and continued repeatedly, as with Control-Z on a terminal.
  @Test(arguments: stages) func beingStoppedMakesNoDifference(stage: Stage) throws {
    let expected = try Shell.run(stage.command, input: stage.input)
    let tool = try PipedTool(stage.command, nonBlocking: false)
    let found = tool.run(stage.input, few: { _ in 100 }) { turn, _ in
      if turn % 40 == 0 { kill(tool.process.processIdentifier, turn % 80 == 0 ? SIGSTOP : SIGCONT) }
    }
    #expect(tool.process.terminationStatus == 0)
    let areEqual = found == expected.output
    #expect(areEqual, "\(found.count) of \(expected.output.count) bytes")
  }

  /// The offsets of the record ends in a tool's output, which is marked XDR or lines.
  private static func ends(_ output: [UInt8]) -> Set<Int> {
    guard output[0] & 0x80 != 0 else { return Set([0] + output.indices.filter { output[$0] == 0x0A }.map { $0 + 1 }) }
    return Set(markedRecords(output).reduce(into: [0]) { $0.append($0[$0.count - 1] + 4 + $1.count) })
  }

  /// A tool that is terminated while its reader is slow leaves complete records, and dies of the signal.
  @Test(arguments: stages, [SIGTERM, SIGINT]) func aSignalInMidStreamLeavesWholeRecords(stage: Stage, signal: Int32) throws {
    // More than fits into the pipes, so that there is always more input.
    let isLedgers = stage.command.hasPrefix("ledger-split")
    let input = isLedgers ? Ledgers.stream : concatenated(repeatElement(stage.input, count: 6))
    let whole = try Shell.run(stage.command, input: input).output
    _ = try send(signal, to: stage.command, input, whole, after: 0..<whole.count / 3)
  }

  /// Sends a signal after a part of the output was received, at four different times; returns the output length of each run.
  private func send(
    _ signal: Int32, to command: String, _ input: [UInt8], _ whole: [UInt8], after moments: Range<Int>, few: Int = 4096
  ) throws -> [Int] {
    let ends = Self.ends(whole)
    var random = SeededGenerator(seed: UInt64(signal))
    return try (0..<4).map { _ in
      let tool = try PipedTool(command, nonBlocking: false)
      let moment = moments.lowerBound + random.below(moments.count)
      var isSent = false
      let found = tool.run(input, few: { _ in few }) { _, received in
        if !isSent, received.count >= moment {
          kill(tool.process.processIdentifier, signal)
          isSent = true
        }
      }
      #expect(tool.process.terminationReason == .uncaughtSignal && tool.process.terminationStatus == signal)
      #expect(whole.starts(with: found) && ends.contains(found.count), "\(found.count) of \(whole.count) bytes")
      return found.count
    }
  }

  /// The same in a long stream, where a second thread writes.
  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func aSignalInALongStreamLeavesWholeRecords(signal: Int32) throws {
    let lines = try Shell.run("ledger-split -q --network local | invocation-extract -q", input: Ledgers.stream).output
    let input = Array([[UInt8]](repeating: lines, count: (16 << 20) / lines.count).joined())
    let counts = try send(signal, to: "event-filter -q", input, input, after: 5 << 20..<9 << 20)
    #expect(counts.allSatisfy { $0 < input.count })
  }

  /// The same where a record is written directly from the input buffer.
  @Test func aSignalWhileALargeRecordIsWrittenLeavesItWhole() throws {
    let line = Expected.invocations.prefix { $0 != "\n" }
    let large =
      Array("\(line.dropLast()),\"more\":\"".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20) + Array("\"}\n".utf8)
    let input = large + large
    _ = try send(SIGTERM, to: "event-filter -q", input, input, after: 1..<15 << 20, few: 64 << 10)
  }

  /// The same where a record is written while it is rendered.
  @Test func aSignalWhileALargeRecordIsRenderedLeavesItWhole() throws {
    let count = 1_600
    let value = Value.vec(Array(repeating: Value.bytes([UInt8](repeating: 0xAB, count: 1_000)), count: count))
    let element = "{\"bytes\":\"\(String(repeating: "ab", count: 1_000))\"}"
    let line = "{\"vec\":[\([String](repeating: element, count: count).joined(separator: ","))]}\n"
    let whole = [UInt8]([String](repeating: line, count: 4).joined().utf8)
    let input = concatenated(repeatElement(marked(value), count: 4))
    let counts = try send(SIGTERM, to: "scval-json -q", input, whole, after: 1..<2 * line.utf8.count, few: 64 << 10)
    #expect(counts.allSatisfy { $0 < whole.count })
  }
}
