import Bytes

/// The descriptor of one FILE after the other.
struct InputDescriptor: ~Copyable {
  /// The FILE as it was given; `-` has a name that cannot be mistaken for a file's.
  private(set) var name = ""
  /// Bytes read so far, of all FILEs.
  private(set) var bytesRead = 0
  private var number: Int32 = -1
  private var isWide = false

  deinit { if number > 2 { try? System.closeDescriptor(number) } }

  mutating func open(_ path: String) throws(StreamError) {
    close()
    guard path != "-" else {
      name = "standard input"
      number = 0
      return
    }
    name = path
    do throws(SystemError) { number = try System.openFile(path) } catch {
      let failure = StreamError(error, file: name)
      throw failure.isMissingFile ? Self.commandForURL(path).map { StreamError(.url($0), file: name) } ?? failure : failure
    }
  }

  /// What reads a URL; nil for other names.
  private static func commandForURL(_ path: String) -> String? {
    guard let colon = path.firstRange(of: "://") else { return nil }
    return switch path[..<colon.lowerBound] {
    case "http", "https", "ftp": "curl -sf '\(path)'"
    case "s3": "aws s3 cp '\(path)' -"
    case "gs": "gcloud storage cat '\(path)'"
    case "az", "abfs", "abfss", "wasbs": "rclone cat '\(path)'"
    case "file": "cat '\(path[colon.upperBound...])'"
    default: nil
    }
  }

  mutating func close() {
    if number > 2 { try? System.closeDescriptor(number) }
    number = -1
    isWide = false
  }

  /// Whether `read` would return without waiting for the FILE's writer.
  var isReady: Bool { System.isReadable(number) }

  /// Reads up to `length` bytes to the end of `buffer`; none at the end of the FILE. Flushes `output` before it waits.
  mutating func read(
    _ length: Int, to buffer: inout ByteBuffer, flushing output: inout Output
  ) throws(StreamError) -> Int {
    if !isReady { try wait(flushing: &output) }
    while true {
      let result: System.ReadResult
      do throws(SystemError) {
        result = try System.readSome(number, length, to: &buffer)
      } catch {
        throw StreamError(error, file: name)
      }
      switch result {
      case .bytes(let count):
        bytesRead += count
        if !isWide, bytesRead >= longStream {
          isWide = true
          System.widenPipe(number)
        }
        return count
      case .wouldBlock: try wait(flushing: &output)
      }
    }
  }

  /// Waits until there is something to read. Before, what is finished is written; what comes while it is being written is not kept waiting.
  private func wait(flushing output: inout Output) throws(StreamError) {
    var pause = Duration.milliseconds(1)
    while try !answerSignals(flushing: &output), try output.advance() {
      if System.wait(number, atMost: pause) { return }
      pause = min(pause * 2, .milliseconds(64))
    }
    while try !answerSignals(flushing: &output) {
      if System.wait(number, atMost: output.monitor?.isWaiting(bytesRead: bytesRead, bytesWritten: output.bytesWritten)) {
        return
      }
    }
  }

  /// Waits until `other` can be read, or so long. Before, what is finished is written.
  func wait(for other: Int32, atMost limit: Duration, flushing output: inout Output) throws(StreamError) {
    let end = ContinuousClock.now + limit
    try output.flush()
    while try !answerSignals(flushing: &output) {
      let rest = end - .now
      guard rest > .zero else { return }
      let monitored = output.monitor?.isWaiting(bytesRead: bytesRead, bytesWritten: output.bytesWritten)
      if System.wait(other, atMost: min(rest, monitored ?? rest)) { return System.drain(other) }
    }
  }

  /// Answers a signal that has come, after everything that is finished was written. Always false.
  private func answerSignals(flushing output: inout Output) throws(StreamError) -> Bool {
    while Signals.isPending {
      try output.flush()
      guard let request = Signals.take() else { break }
      if let monitor = output.monitor {
        monitor.received(request, bytesRead: bytesRead, bytesWritten: output.bytesWritten)
      } else if case .end(let signal) = request {
        Signals.die(of: signal)
      }
    }
    return false
  }
}
