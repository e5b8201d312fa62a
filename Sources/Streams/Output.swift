import Bytes

/// Makes records in the thread that writes them.
package protocol RecordMaker: AnyObject {
  /// All that is to be made was given; called in the first thread, like everything but `makeRecord`.
  func begin()
  /// Appends the next record to `out`, or nothing in its place; false when there are no more.
  func makeRecord(into out: inout ByteBuffer) -> Bool
  /// Whether a record could not be made that nothing may follow.
  var hasFailed: Bool { get }
}

/// Where records go: a buffer of finished records with the one being made at its end, in front of a descriptor.
///
/// ```
///   |  finished records  |  the record being made  |  room  |
///   0                    finished                  buffer.count
/// ```
///
/// Only finished records are ever written, and a write that has begun is ended before a signal takes effect,
/// so what comes out is whole records whatever happens.
///
/// In a long stream records can be made beside the loop, too: what a `RecordMaker` makes stands behind what was finished when it was given,
/// and before all that is finished later.
package struct Output: ~Copyable {
  /// Finished records are written when there are this many bytes of them: a few writes for each megabyte,
  /// and still in the processor's cache when the next stage reads them.
  fileprivate static let block = 128 << 10
  /// Room that is kept for the next records after a larger one was written.
  private static let keptRoom = 4 << 20
  /// More than this is waited for, so that memory does not hold two of the largest records.
  private static let mostBeside = 8 << 20

  /// Append the record being made to its end; what is there already is not to be touched.
  package var buffer: ByteBuffer
  /// Bytes handed to the system so far.
  package private(set) var bytesWritten = 0

  /// Called as long as there is nothing to read, with the bytes that were read so far; says how long to wait until it is called again.
  package var whileWaiting: ((Int) -> Duration)?

  private let name: String
  private let writer: Writer
  /// Given, and not begun yet.
  private var maker: (any RecordMaker)?
  /// Whether nothing may be written any more, because it stands behind a record that could not be made.
  private var isOver = false
  /// Bytes after which records are written by a second thread.
  private let longAfter: Int
  private var finished = 0
  private var isWide = false
  /// Where the header of the marked record being made stands.
  private var header = 0

  /// Tests make `longAfter` small.
  package init(descriptor: Int32 = 1, name: String = "standard output", longAfter: Int = longStream) {
    self.name = name
    self.longAfter = longAfter
    buffer = ByteBuffer(capacity: 2 * Self.block)
    writer = Writer(descriptor: descriptor, room: 2 * Self.block)
  }

  deinit { writer.end() }

  /// Whether there are finished records that were not written yet.
  package var isPending: Bool { finished > 0 || maker != nil || writer.isStarted }

  // MARK: records made beside the loop

  /// Whether the stream is long enough for records to be made beside the loop.
  package var isLong: Bool { bytesWritten >= longAfter }

  /// Whether a maker was taken that was not begun.
  package var hasMaker: Bool { maker != nil }
  /// Whether one was taken that has not ended.
  package var isMaking: Bool { maker != nil || writer.maker != nil }

  /// Takes a maker, which is begun when it has all its records, or when there is nothing else to do. What it makes comes behind what is finished.
  package mutating func take(_ maker: any RecordMaker) {
    precondition(isLong && self.maker == nil && finished == buffer.count)
    self.maker = maker
  }

  /// Begins the maker, when the one before has ended: what `makeRecord` needs is the second thread's from now on.
  package mutating func startMaking() throws(StreamError) {
    guard maker != nil else { return }
    if finished > Self.mostBeside { return try flush() }
    try finishWriting()
    try startWriting()
  }

  /// Waits until all that was begun is written.
  package mutating func finishMaking() throws(StreamError) { try finishWriting() }

  // MARK: records made in the loop

  /// Everything in the buffer is whole records now. Writes them if they are many, and nothing that comes before is being made.
  package mutating func finishRecord() throws(StreamError) {
    finished = buffer.count
    if finished < Self.block || isMaking { return }
    if finished > Self.mostBeside { return try flush() }
    try finishWriting()
    try startWriting()
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

  /// Writes all finished records, and returns when they are written.
  package mutating func flush() throws(StreamError) {
    try finishWriting()
    guard finished > 0 || maker != nil else { return }
    try startWriting()
    try finishWriting()
  }

  /// Writes what is left and closes the descriptor: some file systems tell only then that they have no room.
  package mutating func close() throws(StreamError) {
    try flush()
    do throws(SystemError) { try System.closeDescriptor(writer.descriptor) } catch { throw StreamError(error, file: name) }
  }

  /// Begins to write all finished records, which are the whole buffer or its first part.
  private mutating func startWriting() throws(StreamError) {
    if isOver {
      buffer.truncate(to: 0)
      forget()
      maker = nil
      return
    }
    writer.records.append(buffer.bytes(finished..<buffer.count))
    buffer.truncate(to: finished)
    swap(&buffer, &writer.records)
    forget()
    maker?.begin()
    swap(&maker, &writer.maker)
    if isLong { return writer.start() }
    writer.work()
    try finishWriting()
  }

  /// Waits for what is being written. Whatever comes of it, these bytes are done with: after a failure nobody may try (and complain) again.
  private mutating func finishWriting() throws(StreamError) {
    guard writer.isPending else { return }
    writer.finish()
    writer.records.truncate(to: 0)
    writer.records.shrink(above: Self.keptRoom)
    bytesWritten += writer.takeCount()
    if let maker = writer.maker {
      isOver = maker.hasFailed
      writer.maker = nil
    }
    if let failure = writer.failure {
      writer.failure = nil
      maker = nil
      buffer.removeFirst(finished)
      forget()
      throw StreamError(failure, file: name)
    }
    if !isWide, bytesWritten >= longStream {
      isWide = true
      System.widenPipe(writer.descriptor)
    }
  }

  /// The finished records are gone from the buffer.
  private mutating func forget() {
    header -= finished
    finished = 0
  }
}

/// Writes records, and makes those of a maker behind them; of a long stream, while the loop makes the next ones.
private final class Writer: SecondThread, @unchecked Sendable {
  let descriptor: Int32
  var records: ByteBuffer
  var maker: (any RecordMaker)?
  var failure: SystemError?
  private var count = 0

  init(descriptor: Int32, room: Int) {
    self.descriptor = descriptor
    records = ByteBuffer(capacity: room)
    super.init(takesSignals: true)
  }

  /// Whether it was begun and `Output` has not taken note yet of how it ended.
  var isPending: Bool { isStarted || !records.isEmpty }

  /// The bytes that were written since this was last asked.
  func takeCount() -> Int {
    defer { count = 0 }
    return count
  }

  override func work() {
    do throws(SystemError) {
      try write(records)
      guard let maker else { return }
      var isMore = true
      while isMore {
        records.truncate(to: 0)
        while isMore, records.count < Output.block { isMore = maker.makeRecord(into: &records) }
        try write(records)
      }
    } catch { failure = error }
  }

  private func write(_ records: borrowing ByteBuffer) throws(SystemError) {
    let bytes = records.bytes
    if bytes.isEmpty { return }
    try System.holdingSignals { () throws(SystemError) in try System.writeAll(descriptor, bytes) }
    count += bytes.byteCount
  }
}
