import Bytes

/// Writes a small file in the place of the one that has its name, as a whole.
package func replaceFile(_ path: String, _ bytes: RawSpan) throws(StreamError) {
  do throws(SystemError) { try System.replaceFile(path, bytes) } catch { throw StreamError(error, file: path) }
}

/// A small file that an option names, as a whole, decompressed; not for records.
package func readWhole(_ path: String, atMost limit: Int) throws(StreamError) -> [UInt8] {
  // Nothing waits to be written before the options are read.
  var output = Output(descriptor: -1)
  var source = ByteSource(chunk: 64 << 10)
  var buffer = ByteBuffer(capacity: 64 << 10)
  try source.open(path)
  while try source.fill(&buffer, flushing: &output) {
    if buffer.count > limit { throw StreamError(.tooLong(nil, limit: limit), file: path) }
  }
  return buffer.bytes.copied
}
