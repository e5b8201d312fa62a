import Bytes

/// The file descriptor of the current FILE; it is reused for all FILEs.
struct InputDescriptor: ~Copyable {
  /// The FILE as the user gave it. `-` has the name "standard input".
  var name = ""
  /// Bytes read so far from all FILEs.
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

  /// The command that reads a URL; nil for other paths.
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

  /// Whether `read` returns without waiting for the FILE's writer.
  var isReady: Bool { System.isReadable(number) }

  /// Appends up to `length` bytes to `buffer` and returns their number, 0 at the end of the FILE. Throws `waiting` if no bytes
  /// are available yet.
  mutating func read(_ length: Int, to buffer: inout ByteBuffer) throws(StreamError) -> Int {
    guard isReady else { throw StreamError(.waiting, file: name) }
    let result: System.ReadResult
    do throws(SystemError) { result = try System.readSome(number, length, to: &buffer) } catch {
      throw StreamError(error, file: name)
    }
    guard case .bytes(let count) = result else { throw StreamError(.waiting, file: name) }
    bytesRead += count
    if !isWide, bytesRead >= longStream {
      isWide = true
      System.widenPipe(number)
    }
    return count
  }

  /// Waits until bytes are available, `limit` has passed, or a signal is pending.
  func wait(atMost limit: Duration?) { _ = System.wait(number, atMost: limit) }
}
