import Bytes

/// Makes records in the thread that writes them.
package protocol RecordMaker: AnyObject {
  /// Appends the next records to `out`, one or a few, or nothing in their place; false when there are no more.
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
/// Only finished records are ever written, and signals are answered between records, so what comes out is whole records whatever happens.
/// A large one may be written in parts if nothing can be wrong with it any more.
///
/// In a long stream records can be made beside the loop, too: what a `RecordMaker` makes stands behind what was finished when it was given,
/// and before all that is finished later.
package struct Output: ~Copyable {
  /// Finished records are written when there are this many bytes of them: a few writes for each megabyte,
  /// and still in the processor's cache when the next stage reads them.
  static let block = 128 << 10
  /// Room that is kept for the next records after a larger one was written.
  static let keptRoom = 4 << 20
  /// More than this is waited for, and not copied if it stands somewhere already, so that memory does not hold two of the largest records.
  package static let mostBeside = 8 << 20

  /// Append the record being made to its end; what is there already is not to be touched.
  package var buffer: ByteBuffer
  /// Bytes handed to the system so far.
  package private(set) var bytesWritten = 0

  /// Is told when the run waits for input, and of signals.
  package weak var monitor: (any RunMonitor)?

  private let name: String
  private let writer: Writer
  /// Taken, and not started yet. What it makes comes behind what is finished.
  private var maker: (any RecordMaker)?
  private var makersStarted = 0
  /// How many makers ended: all that they made, and all before, is written, or nothing more can be.
  package private(set) var makersEnded = 0
  /// Bytes after which records are written by a second thread.
  private let longAfter: Int
  private var finished = 0
  /// Whether there was a record in parts.
  private var hasParts = false
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
  package var isLong: Bool { bytesWritten >= longAfter || hasParts }

  /// Whether a maker was taken that was not started.
  package var hasMaker: Bool { maker != nil }
  /// Whether one was taken that `makersEnded` does not count yet.
  package var isMaking: Bool { maker != nil || makersEnded < makersStarted }
  /// Whether the second thread has nothing waiting, so that it soon needs something.
  package var hasRoom: Bool { writer.hasRoom }

  /// Takes a maker, which is started when it has all its records, or when there is nothing else to do. What it makes comes behind what is
  /// finished; until it is started, nothing more is made in the loop.
  package mutating func take(_ maker: any RecordMaker) {
    precondition(isLong && self.maker == nil && finished == buffer.count)
    self.maker = maker
  }

  /// Starts the maker that was taken: what `makeRecord` needs is the second thread's from now on, until the maker ended.
  package mutating func startMaking() throws(StreamError) {
    if maker != nil { try startWriting() }
  }

  /// Waits until the second thread has nothing waiting; of the makers that were started at most one has not ended then.
  package mutating func makeRoom() throws(StreamError) {
    writer.makeRoom()
    try collect()
  }

  /// Takes note of what the second thread has done.
  private mutating func collect() throws(StreamError) {
    let result = writer.takeResult()
    bytesWritten += result.count
    makersEnded += result.makersEnded
    if let failure = result.failure {
      // Whatever comes of it, these bytes are done with: nobody may try (and complain) again.
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

  // MARK: records made in the loop

  /// What follows is a record in parts, which make a stream long.
  package mutating func beginParts() { hasParts = true }

  /// Everything in the buffer is whole records now, or ends with a part of one whose rest is sure to follow. Writes it if it is much, and
  /// nothing that comes before is being made.
  package mutating func finishRecord() throws(StreamError) {
    finished = buffer.count
    if finished < Self.block { return }
    if finished > Self.mostBeside { return try flush() }
    if !isMaking { try startWriting() }
  }

  /// Finishes a record that is there already, as a line or a marked one. A large one is not copied, because that would take as long as to read
  /// it: this writes it from where it stands, behind all before it, and returns when it is written.
  package mutating func finish(_ record: RawSpan, isLine: Bool) throws(StreamError) {
    if !isLine {
      beginMarkedRecord()
      try endMarkedRecord(adding: record.byteCount)
    }
    if record.byteCount <= Self.mostBeside {
      buffer.append(record)
      if isLine { buffer.append(UInt8(ascii: "\n")) }
      return try finishRecord()
    }
    try flush()
    finished = buffer.count
    // Lent until `flush` returns: nothing that is started outlives it.
    writer.next.lent = unsafe record.withUnsafeBytes { unsafe Writer.Lent(bytes: $0, end: isLine ? [UInt8(ascii: "\n")] : []) }
    try startWriting()
    try flush()
  }

  /// Forgets everything since the last `finishRecord`.
  package mutating func abandonRecord() { buffer.truncate(to: finished) }

  /// Begins a record with an RFC 5531 header, which `endMarkedRecord` fills in.
  /// Several marked records may be made before `finishRecord` is called for all of them.
  package mutating func beginMarkedRecord() {
    header = buffer.count
    buffer.append(bigEndian: UInt32(0))
  }

  /// Writes the length of the record begun last into its header, with `more` bytes that stand elsewhere.
  package mutating func endMarkedRecord(adding more: Int = 0) throws(StreamError) {
    let length = buffer.count - header - 4 + more
    // Bit 31 says "last fragment". Larger records would have to go in several, which core's readers do not join.
    guard length < 1 << 31 else { throw StreamError(.tooLongToMark(length), file: name) }
    buffer.replace(at: header, bigEndian: 1 << 31 | UInt32(length))
  }

  /// Goes on writing all finished records, without waiting for it; false when they are written.
  package mutating func advance() throws(StreamError) -> Bool {
    if finished > 0 || maker != nil {
      guard writer.hasRoom else { return true }
      try startWriting()
    }
    if writer.isBusy { return true }
    try flush()
    return false
  }

  /// Writes all finished records, and returns when they are written.
  package mutating func flush() throws(StreamError) {
    if finished > 0 || maker != nil { try startWriting() }
    writer.finish()
    try collect()
  }

  /// Writes what is left and closes the descriptor: some file systems tell only then that they have no room.
  package mutating func close() throws(StreamError) {
    try flush()
    do throws(SystemError) { try System.closeDescriptor(writer.descriptor) } catch { throw StreamError(error, file: name) }
  }

  /// Starts to write all finished records, which are the whole buffer or its first part, and what the maker makes.
  private mutating func startWriting() throws(StreamError) {
    try makeRoom()
    writer.next.records.append(buffer.bytes(finished..<buffer.count))
    buffer.truncate(to: finished)
    swap(&buffer, &writer.next.records)
    forget()
    if maker != nil { makersStarted += 1 }
    swap(&maker, &writer.next.maker)
    if isLong { return writer.start() }
    writer.take()
    writer.work()
    try collect()
  }

  /// The finished records are gone from the buffer.
  private mutating func forget() {
    header -= finished
    finished = 0
  }
}
