import Foundation
import TestSupport
import Testing

/// The write end of a pipeline's input, and the read end of its output.
private final class Pipeline {
  private let scratch: Scratch
  private let process: Process
  private let input: Int32
  private let output: Int32
  private var received: [UInt8] = []

  /// Starts a command whose standard input and output are FIFOs.
  init(_ command: String) throws {
    scratch = try Scratch()
    for name in ["in", "out"] {
      let made = unsafe mkfifo(scratch.path(name), 0o600)
      try #require(made == 0)
    }
    output = unsafe open(scratch.path("out"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    process = try Shell.start(
      "exec < \(scratch.path("in")) > \(scratch.path("out")); \(command)", input: "/dev/null", output: "/dev/null",
      errors: scratch.file("errors"))
    input = unsafe open(scratch.path("in"), O_WRONLY | O_CLOEXEC)
  }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Foundation.write(input, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until the first stage has read everything that was written, and so must wait for more.
  func waitUntilRead() {
    let end = ContinuousClock.now + .seconds(60)
    var left: Int32 = 1
    while left > 0, ContinuousClock.now < end {
      usleep(100)
      _ = unsafe ioctl(input, UInt(FIONREAD), &left)
    }
  }

  /// Waits until this many lines were written; fails the test after a minute.
  func lines(_ count: Int) -> [String] {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var waited = 0
    while received.count(where: { $0 == UInt8(ascii: "\n") }) < count, waited < 60_000 {
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      if unsafe poll(&ready, 1, 10) > 0, ready.revents & Int16(POLLIN) != 0 {
        let read = unsafe Foundation.read(output, &chunk, chunk.count)
        received += chunk.prefix(max(read, 0))
      } else {
        usleep(1000)
        waited += 11
      }
    }
    return String(decoding: received, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Discards the lines received so far.
  func forget() { received = [] }

  /// Closes the input, and waits for the command.
  func end() -> Int32 {
    close(input)
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit { close(output) }
}

/// A complete record is never held back while a tool waits for input.
@Suite struct LiveTests {
  private static let ledgers = Ledgers.all.enumerated().filter { [2, 3, 4, 10, 11, 18, 25].contains($0.offset) }.map(\.element)

  /// The last stage writes each ledger's invocations before the next ledger, or the end of its zstd frame, arrives.
  @Test(arguments: ["record-marked", "bare", "lines", "zstd frames", "zstd frames without their ends"], [1, 2, 8])
  func ledgersComeThroughAtOnce(container: String, jobs: Int) throws {
    let pipeline = try Pipeline(
      "ledger-split -q --network local --jobs \(jobs) | invocation-extract --jobs \(jobs) | scval-json --jobs \(jobs)")
    let expected = try Shell.run("scval-json", input: Array(Expected.invocations.utf8)).lines
    var count = 0
    for ledger in Self.ledgers {
      let sequence = Ledgers.first + UInt32(Ledgers.all.firstIndex(of: ledger) ?? 0)
      let ofThisLedger = expected.filter { $0.contains("\"meta\":{\"ledger_sequence\":\(sequence),") }
      #expect(!ofThisLedger.isEmpty)
      switch container {
      case "bare": pipeline.write(ledger)
      case "lines": pipeline.write(Array("\(base64Text(ledger))\n".utf8))
      case "zstd frames": pipeline.write(zstd(marked(ledger)))
      case "zstd frames without their ends":
        // A window of 128 KiB, an uncompressed block, and two bytes of the last block, which is empty.
        let header = [0, 8, 16].map { UInt8(truncatingIfNeeded: (ledger.count << 3) >> $0) }
        let object: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38] + header + ledger + [1, 0]
        // The first write contains no byte of the ledger.
        pipeline.write(Array(object.prefix(8)))
        pipeline.waitUntilRead()
        pipeline.write(Array(object.dropFirst(8)))
      default:
        // In two pieces: the tool waits for the rest of a record, and does not take half of it for a complete one.
        pipeline.write(Array(marked(ledger).prefix(100)))
        pipeline.waitUntilRead()
        pipeline.write(Array(marked(ledger).dropFirst(100)))
      }
      count += ofThisLedger.count
      let found = pipeline.lines(count)
      try #require(found.count == count, "\(container), ledger \(sequence)")
      #expect(Array(found.suffix(ofThisLedger.count)) == ofThisLedger)
      if container == "zstd frames without their ends" { pipeline.write([0]) }
    }
    #expect(pipeline.end() == 0)
  }

  @Test func linesComeThroughAtOnce() throws {
    let pipeline = try Pipeline("invocation-extract | scval-json --style native")
    var count = 0
    for line in Repository.lines(Repository.testdata("transactions.ndjson")).suffix(20) {
      let expected = try Shell.run("invocation-extract | scval-json --style native", input: line).lines
      pipeline.write(line + [UInt8(ascii: "\n")])
      count += expected.count
      let found = pipeline.lines(count)
      try #require(found.count == count)
      #expect(Array(found.suffix(expected.count)) == expected)
    }
    #expect(pipeline.end() == 0)
  }

  /// Records that another thread decodes are not held back either, nor delayed until the next one is complete.
  @Test(arguments: [1, 2, 8]) func recordsOfALongStreamAreProcessedAtOnce(jobs: Int) throws {
    let pipeline = try Pipeline("scval-json --type LedgerCloseMeta --jobs \(jobs)")
    let ledgers = Ledgers.all.map(marked)
    let expected = try Shell.run("scval-json --type LedgerCloseMeta", input: Array(ledgers.joined())).lines
    // A pipe has capacity for the output of four of them.
    for start in (0..<16 * ledgers.count).filter({ $0 % 4 == 0 }) {
      let some = (start..<start + 4).map { ledgers[$0 % ledgers.count] }
      pipeline.write(Array(some.joined()))
      try #require(pipeline.lines(4).count == 4)
      pipeline.forget()
    }
    var count = 0
    for (number, ledger) in ledgers.enumerated() {
      // With the beginning of the next one, so that there is something to read.
      let rest = Array(ledger.dropFirst(number == 0 ? 0 : 9))
      let beginning = Array(ledgers[(number + 1) % ledgers.count].prefix(9))
      pipeline.write(rest + beginning)
      count += 1
      let found = pipeline.lines(count)
      try #require(found.count == count, "ledger \(number)")
      #expect(found.last == expected[number])
    }
    #expect(pipeline.end() == 3)
  }
}
