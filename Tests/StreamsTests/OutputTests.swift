import Bytes
import Foundation
import Streams
import Testing

@Suite struct OutputTests {
  @Test func writesFinishedRecordsOnly() throws {
    let pipe = Pipe()
    var output = Output(descriptor: pipe.writeEnd)
    output.buffer.append("one\n")
    try output.finishRecord()
    output.buffer.append("tw")
    #expect(pipe.waiting == 0)
    try output.flush()
    #expect(pipe.read(100) == Array("one\n".utf8))
    output.buffer.append("o\n")
    try output.finishRecord()
    output.buffer.append("three is never finished")
    output.abandonRecord()
    output.buffer.append("four\n")
    try output.finishRecord()
    try output.flush()
    #expect(pipe.read(100) == Array("two\nfour\n".utf8))
    #expect(output.bytesWritten == 13)
    let left = output.buffer.count
    #expect(left == 0)
  }

  @Test func marksRecords() throws {
    let pipe = Pipe()
    var output = Output(descriptor: pipe.writeEnd)
    output.buffer.append("before ")
    try output.finishRecord()
    for text in ["first", "second"] as [StaticString] {
      output.beginMarkedRecord()
      try output.flush()  // what moves in the buffer must not lose the header
      output.buffer.append(text)
      try output.endMarkedRecord()
    }
    try output.finishRecord()
    try output.flush()
    #expect(pipe.read(100) == Array("before ".utf8) + marked(Array("first".utf8)) + marked(Array("second".utf8)))
  }

  @Test func writesLargeBlocksOnABusyStream() throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("out", [])
    let descriptor = unsafe open(file, O_WRONLY)
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor)
    var writes = 0
    for _ in 0..<10_000 {
      let before = output.bytesWritten
      for byte in noise(100) { output.buffer.append(byte) }
      try output.finishRecord()
      if output.bytesWritten > before { writes += 1 }
    }
    #expect(writes == 7)
    try output.flush()
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count == 1_000_000)
  }

  @Test func aFullDiskIsReportedOnce() throws {
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor)
    output.buffer.append("x")
    try output.finishRecord()
    let error = #expect(throws: StreamError.self) { () throws in try output.flush() }
    #expect(error == StreamError(.system(ENOSPC), file: "standard output"))
    #expect(error?.isBadData == false)
    #expect(error?.description == "No space left on device")
    try output.flush()
  }

  /// With a pipe of one page, which is full most of the time, the writer must wait for the reader again and again.
  @Test(arguments: [false, true]) func aSlowReaderGetsEverything(nonBlocking: Bool) throws {
    var pipe = Pipe()
    #if os(Linux)
      // F_SETPIPE_SZ
      _ = fcntl(pipe.writeEnd, 1031, 4096)
    #endif
    if nonBlocking { _ = fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK) }
    let descriptor = pipe.writeEnd
    let content = noise(500_000)
    let writer = Background {
      var output = Output(descriptor: descriptor)
      for byte in content { output.buffer.append(byte) }
      try? output.finishRecord()
      try? output.flush()
    }
    var received: [UInt8] = []
    while received.count < content.count { received += pipe.read(3000) }
    writer.wait()
    pipe.end()
    let areEqual = received == content
    #expect(areEqual)
  }

  @Test func memoryIsGivenBack() throws {
    let null = unsafe open("/dev/null", O_WRONLY)
    defer { close(null) }
    var output = Output(descriptor: null)
    for _ in 0..<(20 << 17) { output.buffer.append(bigEndian: UInt64(1)) }
    try output.finishRecord()
    let kept = output.buffer.capacity
    #expect(kept <= 4 << 20)
  }

  @Test func aLongStreamIsTheSame() throws {
    var pipe = Pipe()
    let descriptor = pipe.writeEnd
    let lengths = [1, 200_000, 5, 9 << 20, 130_000, 140_000] + (0..<400).map { $0 * 977 % 9000 }
    let records = lengths.map { noise($0 / 8 + 1) }
    let writer = Background {
      var output = Output(descriptor: descriptor)
      for (number, record) in records.enumerated() {
        for _ in 0..<8 { unsafe output.buffer.append(record.span.bytes) }
        try? output.finishRecord()
        output.buffer.append("never finished")
        output.abandonRecord()
        if number % 50 == 0 { try? output.flush() }
      }
      try? output.flush()
    }
    let content = records.flatMap { record in (0..<8).flatMap { _ in record } }
    let received = pipe.readAll(content.count)
    writer.wait()
    pipe.end()
    let areEqual = received == content
    #expect(areEqual, "\(received.count) bytes")
  }

  /// Large records that are written without a copy stay in order with the others, in both formats.
  @Test func largeRecordsKeepTheirPlace() throws {
    var pipe = Pipe()
    let descriptor = pipe.writeEnd
    let some = noise(1 << 20)
    let large = (0..<9).reduce(into: []) { all, _ in all += some }
    let round: [UInt8] = Array("before ".utf8) + marked(large) + large + [0x0A] + marked(some) + some + [0x0A]
    let expected = round + round + round
    let count = expected.count
    let writer = Background {
      var output = Output(descriptor: descriptor)
      for _ in 0..<3 {
        output.buffer.append("before ")
        try? output.finishRecord()
        for record in [large, some] {
          for isLine in [false, true] { try? output.finish(unsafe record.span.bytes, isLine: isLine) }
        }
        output.buffer.append("never finished")
        output.abandonRecord()
      }
      try? output.flush()
      let written = output.bytesWritten
      #expect(written == count)
    }
    let received = pipe.readAll(expected.count)
    writer.wait()
    pipe.end()
    let areEqual = received == expected
    #expect(areEqual, "\(received.count) bytes")
  }

  @Test func aLargeRecordOnAFullDiskIsReportedOnce() throws {
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor)
    let record = [UInt8](repeating: 1, count: 9 << 20)
    let error = #expect(throws: StreamError.self) { () throws in try output.finish(unsafe record.span.bytes, isLine: true) }
    #expect(error == StreamError(.system(ENOSPC), file: "standard output"))
    try output.flush()
    #expect(output.bytesWritten == 0)
  }

  /// A length has 31 bits. The bytes are counted but never initialized.
  @Test func refusesToMarkTwoGigabytes() {
    var output = Output(descriptor: -1)
    output.beginMarkedRecord()
    _ = unsafe output.buffer.withFreeCapacity(1 << 31) { $0.count }
    let error = #expect(throws: StreamError.self) { () throws in try output.endMarkedRecord() }
    #expect(error?.description == "record of 2147483648 bytes, too long for record marking")
  }

  /// Each block that cannot be written is reported, and none of them remains in the buffer.
  @Test func aFullDiskIsReportedByEachBlock() throws {
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor)
    let record = noise(200_000)
    var errors: [StreamError] = []
    for _ in 0..<100 {
      unsafe output.buffer.append(record.span.bytes)
      do throws(StreamError) { try output.finishRecord() } catch { errors.append(error) }
    }
    try output.flush()
    #expect(errors == Array(repeating: StreamError(.system(ENOSPC), file: "standard output"), count: 100))
    #expect(output.bytesWritten == 0)
    let left = output.finished
    #expect(left == 0)
  }
}

/// Takes the finished records in its turn.
private final class Turn: OutputTurn {
  private(set) var taken: [UInt8] = []

  func begin(_ output: inout Output) throws(StreamError) {
    taken += output.buffer.bytes(0..<output.finished).copied
    output.removeFinished()
  }
}

extension OutputTests {
  /// Finished records stay in the buffer up to a limit. Then the output waits for its turn once, and writes the later records
  /// directly.
  @Test func waitsForItsTurn() throws {
    let null = unsafe open("/dev/null", O_WRONLY)
    defer { close(null) }
    var output = Output(descriptor: null)
    let turn = Turn()
    output.turn = turn
    let record = noise(100_000)
    var finished = 0
    while turn.taken.isEmpty {
      unsafe output.buffer.append(record.span.bytes)
      try output.finishRecord()
      finished += record.count
      try #require(finished < 8 << 20)
    }
    #expect(turn.taken.count == finished && finished >= 4 << 20)
    #expect(output.bytesWritten == 0)
    for _ in 0..<3 {
      unsafe output.buffer.append(record.span.bytes)
      try output.finishRecord()
    }
    try output.flush()
    #expect(output.bytesWritten == 300_000 && turn.taken.count == finished)
  }
}
