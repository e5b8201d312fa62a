import Bytes

/// Where records go: a buffer of finished records with the one being made at its end, in front of a descriptor.
///
/// ```
///   |  finished records  |  the record being made  |  room  |
///   0                    finished                  buffer.count
/// ```
///
/// Only finished records are ever written, and a write that has begun is ended before a signal takes effect,
/// so what comes out is whole records whatever happens.
package struct Output: ~Copyable {
  /// Finished records are written when there are this many bytes of them: a few writes for each megabyte,
  /// and still in the processor's cache when the next stage reads them.
  private static let block = 128 << 10
  /// Room that is kept for the next records after a larger one was written.
  private static let keptRoom = 4 << 20

  /// Append the record being made to its end; what is there already is not to be touched.
  package var buffer: ByteBuffer
  /// Bytes handed to the system so far.
  package private(set) var bytesWritten = 0

  /// Called as long as there is nothing to read, with the bytes that were read so far; says how long to wait until it is called again.
  package var whileWaiting: ((Int) -> Duration)?

  private let descriptor: Int32
  private let name: String
  private var finished = 0
  private var isWide = false
  /// Where the header of the marked record being made stands.
  private var header = 0

  package init(descriptor: Int32 = 1, name: String = "standard output") {
    self.descriptor = descriptor
    self.name = name
    buffer = ByteBuffer(capacity: 2 * Self.block)
  }

  /// Whether there are finished records that were not written yet.
  package var isPending: Bool { finished > 0 }

  /// Everything in the buffer is whole records now. Writes them if they are many.
  package mutating func finishRecord() throws(StreamError) {
    finished = buffer.count
    if finished >= Self.block { try flush() }
  }

  /// Forgets everything since the last `finishRecord`.
  package mutating func abandonRecord() { buffer.truncate(to: finished) }

  /// Begins a record with an RFC 5531 header, which `endMarkedRecord` fills in.
  /// Several marked records may be made before `finishRecord` is called for all of them.
  package mutating func beginMarkedRecord() {
    header = buffer.count
    buffer.append(bigEndian: UInt32(0))
  }

  /// Writes the length of the record begun last into its header.
  package mutating func endMarkedRecord() throws(StreamError) {
    let length = buffer.count - header - 4
    // Bit 31 says "last fragment". Larger records would have to go in several, which core's readers do not join.
    guard length < 1 << 31 else { throw StreamError(.tooLongToMark(length), file: name) }
    buffer.replace(at: header, bigEndian: 1 << 31 | UInt32(length))
  }

  /// Writes all finished records.
  package mutating func flush() throws(StreamError) {
    guard finished > 0 else { return }
    // Whatever comes of it, these bytes are done with: after a failure nobody may try (and complain) again.
    defer { forgetFinished() }
    do throws(SystemError) {
      try System.holdingSignals { () throws(SystemError) in
        try System.writeAll(descriptor, buffer.bytes(0..<finished))
      }
    } catch {
      throw StreamError(error, file: name)
    }
    bytesWritten += finished
    if !isWide, bytesWritten >= System.longStream {
      isWide = true
      System.widenPipe(descriptor)
    }
  }

  /// Writes what is left and closes the descriptor: some file systems tell only then that they have no room.
  package mutating func close() throws(StreamError) {
    try flush()
    do throws(SystemError) { try System.closeDescriptor(descriptor) } catch { throw StreamError(error, file: name) }
  }

  private mutating func forgetFinished() {
    buffer.removeFirst(finished)
    header -= finished
    finished = 0
    buffer.shrink(above: Self.keptRoom)
  }
}
