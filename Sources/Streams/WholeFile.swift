import Bytes

/// Replaces a small file atomically.
package func replaceFile(_ path: String, _ bytes: RawSpan) throws(StreamError) {
  do throws(SystemError) { try System.replaceFile(path, bytes) } catch { throw StreamError(error, file: path) }
}

/// Reads and decompresses a small file that an option names. Not for files of records.
package func readWhole(_ path: String, atMost limit: Int) throws(StreamError) -> [UInt8] {
  var source = ByteSource(chunk: 64 << 10)
  var buffer = ByteBuffer(capacity: 64 << 10)
  try source.open(path)
  while true {
    do throws(StreamError) {
      guard try source.fill(&buffer) else { return buffer.bytes.copied }
    } catch {
      guard error.kind == .waiting else { throw error }
      source.descriptor.wait(atMost: nil)
      if Signals.isPending, case .end(let signal)? = Signals.take() { Signals.die(of: signal) }
    }
    if buffer.count > limit { throw StreamError(.tooLong(nil, limit: limit), file: path) }
  }
}
