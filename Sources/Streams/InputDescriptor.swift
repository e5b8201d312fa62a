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

  mutating func open(_ path: String, flushing output: inout Output) throws(StreamError) {
    close()
    guard path != "-" else {
      name = "standard input"
      number = 0
      return
    }
    name = path
    // To open a named pipe is to wait for its writer.
    if output.isPending, case .fifo? = try? System.type(of: path) { try output.flush() }
    do throws(SystemError) { number = try System.openFile(path) } catch { throw StreamError(error, file: name) }
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
    if output.isPending || output.whileWaiting != nil, !isReady { try wait(flushing: &output) }
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
      case .wouldBlock:
        try wait(flushing: &output)
        System.wait(number)
      }
    }
  }

  /// What is finished is written before anything is waited for; what comes while it is being written is not kept waiting.
  private func wait(flushing output: inout Output) throws(StreamError) {
    var pause = Duration.milliseconds(1)
    while try output.advance() {
      if System.wait(number, atMost: min(pause, output.whileWaiting?(bytesRead) ?? pause)) { return }
      pause = min(pause * 2, .milliseconds(64))
    }
    guard let whileWaiting = output.whileWaiting else { return }
    while !System.wait(number, atMost: whileWaiting(bytesRead)) {}
  }
}
