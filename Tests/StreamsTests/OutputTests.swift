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

  /// A pipe that holds one page, which is full most of the time: the writer must wait for the reader again and again.
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

  /// A second thread writes, the first one makes what is next; records that are too large to have two of are waited for.
  @Test func aLongStreamIsTheSame() throws {
    var pipe = Pipe()
    let descriptor = pipe.writeEnd
    let lengths = [1, 200_000, 5, 9 << 20, 130_000, 140_000] + (0..<400).map { $0 * 977 % 9000 }
    let records = lengths.map { noise($0 / 8 + 1) }
    let writer = Background {
      var output = Output(descriptor: descriptor, longAfter: 0)
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

  /// Records that are written from where they stand, in either form, among others.
  @Test(arguments: [0, Int.max]) func lentRecordsKeepTheirPlace(longAfter: Int) throws {
    var pipe = Pipe()
    let descriptor = pipe.writeEnd
    let some = noise(1 << 20)
    let large = (0..<9).reduce(into: []) { all, _ in all += some }
    let round: [UInt8] = Array("before ".utf8) + marked(large) + large + [0x0A] + marked(some) + some + [0x0A]
    let expected = round + round + round
    let count = expected.count
    let writer = Background {
      var output = Output(descriptor: descriptor, longAfter: longAfter)
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

  @Test func aLentRecordOnAFullDiskIsReportedOnce() throws {
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor)
    let record = [UInt8](repeating: 1, count: 9 << 20)
    let error = #expect(throws: StreamError.self) { () throws in try output.finish(unsafe record.span.bytes, isLine: true) }
    #expect(error == StreamError(.system(ENOSPC), file: "standard output"))
    try output.flush()
    #expect(output.bytesWritten == 0)
  }

  /// What makers make stands where they were taken, among what the first thread makes; one that fails is the end.
  @Test(arguments: [nil, 0, 3, 6, 7]) func makersKeepTheirPlace(failing: Int?) throws {
    var pipe = Pipe()
    let descriptor = pipe.writeEnd
    let writer = Background {
      var output = Output(descriptor: descriptor, longAfter: 0)
      for round in 0..<9 {
        output.take(Maker(round, fails: round == failing))
        // At times there is nothing to read, before or after it is started, for a while or longer.
        if round % 4 == 1 { try? output.flush() }
        try? output.startMaking()
        if round % 4 == 2 { _ = try? output.advance() }
        if round % 4 == 3 { try? output.flush() }
        for _ in 0..<round * 40 {
          output.buffer.append(utf8: "own \(round) ")
          try? output.finishRecord()
        }
        output.buffer.append("never finished")
        output.abandonRecord()
      }
      try? output.flush()
      let ended = output.makersEnded
      #expect(ended == 9)
    }
    var expected = ""
    for round in 0..<9 {
      for part in 0..<round * 30 { expected += "made \(round) \(part) " }
      if round == failing { break }
      for _ in 0..<round * 40 { expected += "own \(round) " }
    }
    var received = pipe.readAll(expected.utf8.count)
    writer.wait()
    pipe.end()
    received += pipe.read(70_000)
    #expect(String(decoding: received, as: UTF8.self) == expected)
  }

  /// A length takes 31 bits. The bytes are counted and never touched.
  @Test func refusesToMarkTwoGigabytes() {
    var output = Output(descriptor: -1)
    output.beginMarkedRecord()
    _ = unsafe output.buffer.withRoom(1 << 31) { $0.count }
    let error = #expect(throws: StreamError.self) { () throws in try output.endMarkedRecord() }
    #expect(error?.description == "record of 2147483648 bytes, too long for record marking")
  }

  /// Nothing is waited for while a reader is slow, and in the end all is written.
  @Test func advancesBesideASlowReader() throws {
    var pipe = Pipe()
    var output = Output(descriptor: pipe.writeEnd, longAfter: 0)
    let record = noise(300_000)
    for _ in 0..<2 { unsafe output.buffer.append(record.span.bytes) }
    try output.finishRecord()
    // The pipe holds 64 KiB.
    #expect(try output.advance())
    output.buffer.append("one more")
    try output.finishRecord()
    #expect(try output.advance())
    output.buffer.append(" and another")
    try output.finishRecord()
    #expect(try output.advance())
    let expected = record + record + Array("one more and another".utf8)
    var received: [UInt8] = []
    while received.count < expected.count {
      received += pipe.read(70_000)
      _ = try output.advance()
    }
    while try output.advance() { usleep(1000) }
    let isPending = output.isPending
    #expect(!isPending)
    pipe.end()
    let areEqual = received == expected
    #expect(areEqual)
  }

  /// What a second thread could not write is told with one of the next records, once, and no record after it is tried.
  @Test func aFullDiskIsReportedOnceByALongStream() throws {
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var output = Output(descriptor: descriptor, longAfter: 0)
    let record = noise(200_000)
    var errors: [StreamError] = []
    for _ in 0..<100 {
      unsafe output.buffer.append(record.span.bytes)
      do throws(StreamError) { try output.finishRecord() } catch { errors.append(error) }
      usleep(1000)
    }
    try output.flush()
    #expect(errors == [StreamError(.system(ENOSPC), file: "standard output")])
    #expect(output.bytesWritten == 0)
    let isPending = output.isPending
    #expect(!isPending)
  }
}

/// Makes some records, the last of them nothing.
private final class Maker: RecordMaker {
  private let round: Int
  private let fails: Bool
  private var part = 0
  private(set) var hasFailed = false

  init(_ round: Int, fails: Bool) {
    self.round = round
    self.fails = fails
  }

  func makeRecord(into out: inout ByteBuffer) -> Bool {
    guard part < round * 30 else {
      hasFailed = fails
      return false
    }
    out.append(utf8: "made \(round) \(part) ")
    part += 1
    return true
  }
}
