// Behaviour of a complete process: standard descriptors, signals, waiting. Each test runs in its own process.

import Bytes
import Foundation
import Streams
import TestSupport
import Testing

/// The main loop of a tool that writes every record on its own line.
private func copyThrough(_ files: [String] = [], chunk: Int = 256 << 10) throws(StreamError) {
  var output = Output()
  var reader = RecordReader(InputFiles(files), maximumRecord: 1 << 20, chunk: chunk)
  while try reader.next(&output) {
    output.buffer.append(reader.record)
    output.buffer.append("\n")
    try output.finishRecord()
  }
  try output.close()
}

/// Replaces standard input and output by pipes.
private func redirect(_ input: borrowing Pipe, _ output: borrowing Pipe) {
  dup2(input.readEnd, 0)
  dup2(output.writeEnd, 1)
}

@Suite struct ProcessTests {
  /// In every container, each record is written before the next one arrives; the input is read byte by byte, or as it arrives.
  @Test(arguments: ["marked", "lines", "zstd", "frame a record"], [1, 1 << 18])
  func finishedRecordsAreNotHeldBack(container: String, chunk: Int) async throws {
    await #expect(processExitsWith: .success) { [container, chunk] in
      let texts = ["\"first\"", "\"second\"", "\"third\""]
      let plain = texts.map { marked(Array($0.utf8)) }
      let pieces: [[UInt8]] =
        switch container {
        case "marked": plain
        case "lines": texts.map { Array("\($0)\n".utf8) }
        case "zstd": [flushedFrame(plain)[0] + flushedFrame(plain)[1]] + flushedFrame(plain)[2...]
        default: plain.map { zstd($0) }
        }
      var input = Pipe()
      let output = Pipe()
      redirect(input, output)
      let tool = Background { try? copyThrough(chunk: chunk) }
      for (text, piece) in zip(texts, pieces) {
        input.write(piece)
        try #require(String(decoding: output.read(100), as: UTF8.self) == text + "\n")
      }
      for piece in pieces.dropFirst(3) { input.write(piece) }
      input.end()
      tool.wait()
    }
  }

  @Test func bareRecordsAreNotHeldBack() async throws {
    await #expect(processExitsWith: .success) {
      var input = Pipe()
      let output = Pipe()
      redirect(input, output)
      let tool = Background {
        var output = Output()
        var reader = RecordReader(InputFiles([]), maximumRecord: 1000)
        reader.framer = ToyFramer()
        while (try? reader.next(&output)) == true {
          output.buffer.append(reader.record)
          try? output.finishRecord()
        }
        try? output.close()
      }
      for record in [noise(50), noise(500), noise(1)].map(Toy.record) {
        input.write(Array(record.dropLast()))
        input.write(Array(record.suffix(1)))
        try #require(output.read(1000) == record)
      }
      input.end()
      tool.wait()
    }
  }

  @Test func nonBlockingDescriptorsAreWaitedFor() async throws {
    await #expect(processExitsWith: .success) {
      var input = Pipe()
      let output = Pipe()
      _ = fcntl(input.readEnd, F_SETFL, O_NONBLOCK)
      redirect(input, output)
      let tool = Background { try? copyThrough() }
      for number in 0..<200 {
        let text = "[\(number)]"
        // After the beginning was read, nothing is available until the rest arrives.
        input.write(Array(text.prefix(1).utf8))
        while input.waiting > 0 { sched_yield() }
        input.write(Array("\(text.dropFirst())\n".utf8))
        try #require(String(decoding: output.read(100), as: UTF8.self) == text + "\n")
      }
      input.end()
      tool.wait()
    }
  }

  /// A signal with a handler interrupts every waiting call (EINTR): reads, writes and polls are then repeated.
  @Test(arguments: [false, true]) func interruptedCallsGoOn(nonBlocking: Bool) async throws {
    await #expect(processExitsWith: .success) { [nonBlocking] in
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in }
      _ = unsafe sigaction(SIGUSR1, &action, nil)
      let lines = (0..<40).map { number in "\(number)" + String(repeating: "x", count: 5000) }
      var input = Pipe()
      let output = Pipe()
      if nonBlocking { for end in [input.readEnd, output.writeEnd] { _ = fcntl(end, F_SETFL, O_NONBLOCK) } }
      redirect(input, output)
      var none = sigset_t()
      _ = unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
      let tool = pthread_self()
      Thread.detachNewThread {
        while true {
          usleep(200)
          pthread_kill(tool, SIGUSR1)
        }
      }
      let (writeEnd, readEnd) = (input.writeEnd, dup(output.readEnd))
      let writer = Background {
        for line in lines {
          usleep(1000)
          let bytes = Array("\(line)\n".utf8)
          _ = unsafe write(writeEnd, bytes, bytes.count)
        }
        close(writeEnd)
      }
      let reader = Background {
        var rest = Array(lines.map { "\($0)\n" }.joined().utf8)[...]
        var room = [UInt8](repeating: 0, count: 700)
        while !rest.isEmpty {
          usleep(300)
          let count = unsafe read(readEnd, &room, room.count)
          guard count > 0, rest.starts(with: room.prefix(count)) else { exit(1) }
          rest = rest.dropFirst(count)
        }
      }
      try copyThrough()
      writer.wait()
      reader.wait()
      input.abandon()
    }
  }

  /// SIGTERM during a blocked write: the write completes when the reader continues, and then the run handles the signal.
  @Test(arguments: [SIGTERM, SIGINT]) func signalsWaitForTheWrite(number: Int32) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path
    await #expect(processExitsWith: .signal(number)) { [path = path as String, number] in
      let record = noise(300_000)
      try #require(unsafe mkfifo(path + "/go", 0o600) == 0)
      // The reader starts after the signal was sent, reads everything, and reports the number of bytes.
      let reader = Process()
      reader.executableURL = URL(fileURLWithPath: "/bin/sh")
      reader.arguments = ["-c", "read go < \(path)/go; wc -c > \(path)/counted; mv \(path)/counted \(path)/total"]
      var output = Pipe()
      reader.standardInput = FileHandle(fileDescriptor: output.readEnd)
      try reader.run()
      dup2(output.writeEnd, 1)
      output.end()
      let written = dup(output.readEnd)
      // To this thread: a tool has only one, this process has more. Dispatch blocked all signals in it.
      var none = sigset_t()
      _ = unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
      let writer = pthread_self()
      Thread.detachNewThread {
        // The pipe is full, so a write is blocked.
        var count: Int32 = 0
        while count < 65_536 {
          sched_yield()
          _ = unsafe ioctl(written, UInt(FIONREAD), &count)
        }
        pthread_kill(writer, number)
        close(written)
        let go = unsafe open(path + "/go", O_WRONLY)
        _ = unsafe write(go, "\n", 1)
        close(go)
      }
      Signals.watch()
      var standard = Output()
      for _ in 0..<100 {
        unsafe standard.buffer.append(record.span.bytes)
        try standard.finishRecord()
        guard let request = Signals.take() else { continue }
        try standard.flush()
        if case .end(let signal) = request { Signals.die(of: signal) }
      }
    }
    let end = ContinuousClock.now + .seconds(60)
    while !FileManager.default.fileExists(atPath: path + "/total"), ContinuousClock.now < end { usleep(1000) }
    let total = Int(try String(contentsOfFile: path + "/total", encoding: .utf8).filter(\.isNumber)) ?? 0
    #expect(total > 0 && total % 300_000 == 0 && total < 30_000_000, "\(total) bytes")
  }

  /// A signal while a FILE has no writer yet, or its writer is idle, ends the process at once; an ignored signal stays ignored.
  @Test(arguments: ["opened", "never opened"]) func signalsEndTheWaitForInput(writer: String) async throws {
    await #expect(processExitsWith: .signal(SIGTERM)) { [writer = writer as String] in
      let folder = try TemporaryFolder()
      let path = folder.path + "/fifo"
      try #require(unsafe mkfifo(path, 0o600) == 0)
      signal(SIGINT, SIG_IGN)
      prepareStandardStreams()
      var none = sigset_t()
      _ = unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
      Signals.watch()
      let held = writer == "opened" ? unsafe open(path, O_RDWR) : -1
      Thread.detachNewThread {
        for number in [SIGINT, SIGTERM] { kill(getpid(), number) }
      }
      try copyThrough([path])
      close(held)
    }
  }

  @Test func aClosedReaderEndsTheProcessEvenIfSIGPIPEWasIgnored() async throws {
    await #expect(processExitsWith: .signal(SIGPIPE)) {
      signal(SIGPIPE, SIG_IGN)
      prepareStandardStreams()
      let output = Pipe()
      dup2(output.writeEnd, 1)
      close(output.readEnd)
      try copyThrough([try TemporaryFolder().file("a", Array("[]".utf8))])
    }
  }

  /// A FILE must not get the descriptor of a standard stream that was closed.
  @Test func closedDescriptorsAreErrors() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let file = try folder.file("a", Array("[]".utf8))
      close(0)
      close(1)
      prepareStandardStreams()
      let input = #expect(throws: StreamError.self) { try copyThrough() }
      try #require(input == StreamError(.system(EBADF), file: "standard input"))
      let output = #expect(throws: StreamError.self) { try copyThrough([file]) }
      try #require(output == StreamError(.system(EBADF), file: "standard output"))
      try #require(try String(contentsOfFile: file, encoding: .utf8) == "[]")
    }
  }

  @Test func unreadableFiles() throws {
    let folder = try TemporaryFolder()
    let missing = readAll([folder.path + "/missing"])
    #expect(missing.error == StreamError(.system(ENOENT), file: folder.path + "/missing"))
    #expect(missing.error?.description == "No such file or directory")
    #expect(readAll([folder.path]).error == StreamError(.system(EISDIR), file: folder.path))
    let second = readAll([try folder.file("a", marked([1])), folder.path + "/missing"])
    #expect(second.records == [[1]])
    #expect(second.error?.isBadData == false)
  }

  /// A stream of any length is read in a few megabytes, and the memory of a huge record is freed.
  @Test func memoryIsBounded() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let small = try folder.file("small", (0..<40).flatMap { marked(noise(1_000_000, seed: $0)) })
      let huge = try folder.file("huge", marked([UInt8](repeating: 1, count: 60_000_000)))
      let before = residentBytes()
      var output = Output(descriptor: -1)
      var reader = RecordReader(InputFiles([small, huge, small, small]), maximumRecord: 1 << 27)
      var largest = 0
      while try reader.next(&output) {
        let more = residentBytes() - before
        // A heap that was large may stay large (glibc keeps up to 64 MiB), but this one never was.
        let limit = reader.place.record <= 40 ? 16 << 20 : 64 << 20
        if reader.place.file == small { try #require(more < limit, "\(more) bytes at record \(reader.place.record)") }
        largest = max(largest, more)
      }
      try #require(largest < 3 * 60_000_000)
    }
  }
}
