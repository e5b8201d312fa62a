import Bytes

/// The turn of an output among several that write to the same descriptor.
package protocol OutputTurn: AnyObject {
  /// Waits until all earlier output is written, then writes the finished records at the start of the buffer.
  func begin(_ output: inout Output) throws(StreamError)
}

/// A buffered output of records: finished records, followed by the one being made.
///
/// ```
///   |  finished records  |  the record being made  |  free  |
///   0                    finished                  buffer.count
/// ```
///
/// Only finished records are written, and signals are answered between records, so the output always consists of complete
/// records. A large record may be written in parts once it cannot fail any more.
package struct Output: ~Copyable {
  /// Finished records are written at this size: a few writes per megabyte, and the data is still in the processor's cache when
  /// the next program reads it.
  static let block = 128 << 10
  /// Capacity that the buffer keeps after a larger record.
  static let keptCapacity = 4 << 20
  /// With a `turn`, the output waits for it at this size.
  static let turnThreshold = 4 << 20
  /// A larger record is not copied into the buffer, and its text is not built in memory as a whole.
  package static let large = 8 << 20

  /// Append the record being made at the end; do not change the bytes before it.
  package var buffer: ByteBuffer
  /// Bytes written to the descriptor so far.
  package private(set) var bytesWritten = 0
  /// Size of the finished records in the buffer.
  package private(set) var finished = 0
  /// The turn to wait for before writing. While it is set, finished records stay in the buffer up to `turnThreshold` bytes.
  package weak var turn: (any OutputTurn)?

  private let name: String
  private let descriptor: Int32
  private var isWide = false
  /// Offset in the buffer of the current record's header.
  private var header = 0

  package init(descriptor: Int32 = 1, name: String = "standard output") {
    self.name = name
    self.descriptor = descriptor
    buffer = ByteBuffer(capacity: 2 * Self.block)
  }

  /// Marks all bytes of the buffer as finished: complete records, or a part of one whose rest is certain to follow. Writes them
  /// if there are enough.
  package mutating func finishRecord() throws(StreamError) {
    finished = buffer.count
    if finished < Self.block { return }
    if turn != nil, finished < Self.turnThreshold { return }
    try flush()
  }

  /// Finishes a record that exists elsewhere in memory, as a line or a marked record. A large one is not copied: it is written
  /// from there, after everything before it, before this returns.
  package mutating func finish(_ record: RawSpan, isLine: Bool) throws(StreamError) {
    if !isLine {
      beginMarkedRecord()
      try endMarkedRecord(adding: record.byteCount)
    }
    guard record.byteCount > Self.large else {
      buffer.append(record)
      if isLine { buffer.append(UInt8(ascii: "\n")) }
      return try finishRecord()
    }
    finished = buffer.count
    try flush()
    try write(record)
    if isLine { buffer.append(UInt8(ascii: "\n")) }
    finished = buffer.count
    try flush()
  }

  /// Discards everything that was not written.
  package mutating func discard() {
    finished = buffer.count
    removeFinished()
  }

  /// Discards everything since the last `finishRecord`.
  package mutating func abandonRecord() { buffer.truncate(to: finished) }

  /// Begins a record with an RFC 5531 header; `endMarkedRecord` fills in its length. Several marked records may be made before
  /// one `finishRecord`.
  package mutating func beginMarkedRecord() {
    header = buffer.count
    buffer.append(bigEndian: UInt32(0))
  }

  /// Writes the length of the current marked record into its header. `more` bytes of the record are outside the buffer.
  package mutating func endMarkedRecord(adding more: Int = 0) throws(StreamError) {
    let length = buffer.count - header - 4 + more
    // Bit 31 marks the last fragment. A larger record would need several fragments, which stellar-core does not join.
    guard length < 1 << 31 else { throw StreamError(.tooLongToMark(length), file: name) }
    buffer.replace(at: header, bigEndian: 1 << 31 | UInt32(length))
  }

  /// Writes all finished records before it returns.
  package mutating func flush() throws(StreamError) {
    if finished == 0 { return }
    if let turn {
      self.turn = nil
      return try turn.begin(&self)
    }
    // After an error these bytes are removed too, so that the same error is not reported again.
    let count = finished
    defer { removeFinished() }
    do throws(SystemError) { try System.writeAll(descriptor, buffer.bytes(0..<count)) } catch {
      throw StreamError(error, file: name)
    }
    written(count)
  }

  /// Writes bytes that are complete records.
  package mutating func write(_ records: RawSpan) throws(StreamError) {
    do throws(SystemError) { try System.writeAll(descriptor, records) } catch { throw StreamError(error, file: name) }
    written(records.byteCount)
  }

  private mutating func written(_ count: Int) {
    bytesWritten += count
    if !isWide, bytesWritten >= longStream {
      isWide = true
      System.widenPipe(descriptor)
    }
  }

  /// Removes the finished records, which were written elsewhere.
  package mutating func removeFinished() {
    buffer.removeFirst(finished)
    header -= finished
    finished = 0
    buffer.shrink(above: Self.keptCapacity)
  }

  /// Writes the rest and closes the descriptor: some file systems report a full disk only then.
  package mutating func close() throws(StreamError) {
    try flush()
    do throws(SystemError) { try System.closeDescriptor(descriptor) } catch { throw StreamError(error, file: name) }
  }
}
