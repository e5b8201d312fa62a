import Bytes

// Records for another thread: either records that the reader found, with its buffer, or compressed frames, which the other thread
// reads.

extension RecordReader {
  /// A reader with the same options, without FILEs.
  package func withoutFiles() -> RecordReader {
    RecordReader(InputFiles(separate: []), format: format, maximumRecord: maximumRecord, joining: joining, chunk: chunk)
  }

  private static var keptBatchCapacity: Int { 4 << 20 }

  /// Size of the batch's records in bytes.
  package var batchSize: Int {
    guard let first = batch.records.first, let last = batch.records.last else { return 0 }
    return last.bytes.upperBound - first.bytes.lowerBound
  }

  package var batchIsEmpty: Bool { batch.records.isEmpty }

  /// Adds the current record to the batch. The record stays in the buffer.
  package mutating func addToBatch() {
    if batch.records.isEmpty { batch.file = source.descriptor.name }
    batch.records.append(BatchRecord(bytes: current, offset: recordOffset, isLineEnded: isLineEnded))
  }

  /// Takes the batch of another reader by exchanging the buffers. The other reader keeps a copy of the bytes after the batch; if
  /// `keepsCurrent`, they include its current record.
  package mutating func takeBatch(of other: inout RecordReader, keepsCurrent: Bool) {
    buffer.truncate(to: 0)
    buffer.shrink(above: Self.keptBatchCapacity)
    swap(&batch, &other.batch)
    batch.next = 0
    other.batch.records.removeAll(keepingCapacity: true)
    other.batch.next = 0
    framing = other.framing
    (start, after, base, current, number) = (0, 0, 0, 0..<0, 0)
    let rest = keepsCurrent ? other.start : max(other.start, other.after)
    Self.append(other.buffer, from: rest, to: &buffer)
    swap(&buffer, &other.buffer)
    if keepsCurrent {
      other.current = other.current.lowerBound - rest..<other.current.upperBound - rest
      other.after -= rest
    } else {
      (other.current, other.after) = (0..<0, 0)
    }
    other.start = 0
    other.base += Int64(rest)
  }

  private static func append(_ other: borrowing ByteBuffer, from start: Int, to buffer: inout ByteBuffer) {
    buffer.append(other.bytes(start..<other.count))
  }

  /// Moves to the next record of the batch; returns false at its end.
  package mutating func nextOfBatch() -> Bool {
    guard batch.next < batch.records.count else { return false }
    let record = batch.records[batch.next]
    batch.next += 1
    number += 1
    (current, recordOffset) = (record.bytes, record.offset)
    return true
  }

  /// Begins to read FILEs that another reader found.
  package mutating func read(_ separate: [InputFiles.File]) {
    clear()
    files = InputFiles(separate: separate)
    source.close()
    isOpen = false
  }

  /// Discards the previous batch.
  package mutating func clear() {
    batch.records.removeAll(keepingCapacity: true)
    batch.next = 0
    buffer.truncate(to: 0)
    buffer.shrink(above: Self.keptBatchCapacity)
    (start, after, base, current, number) = (0, 0, 0, 0..<0, 0)
  }

  /// The number of records so far, including the current one.
  package var count: Int {
    get { number }
    set { number = newValue }
  }

  // MARK: compressed frames

  /// Whether the next record begins at the start of a frame.
  package var isAtFrames: Bool {
    isOpen && after == buffer.count && parts == nil && value == nil && bare.announced.count == 0 && source.isAtFrameEnd
  }

  /// Takes compressed frames of another reader and reads the records in them; returns false if it has none at the moment. This
  /// assumes that no record continues in the next frame. `endedInsideRecord` or an error shows that the assumption is wrong.
  package mutating func takeFrames(of other: inout RecordReader) -> Bool {
    guard other.isAtFrames, other.source.moveFrames(to: &source) else { return false }
    clear()
    begin(other.framing, at: other.base + Int64(other.after))
    return true
  }

  /// The decompressed size of the frames that were taken at `offset` and read.
  package func sizeOfFrames(from offset: Int64) -> Int64 { base + Int64(buffer.count) - offset }

  /// The offset in the FILE of the byte after the current record.
  package var offset: Int64 { base + Int64(after) }

  /// The compressed frames that were taken.
  package var frames: RawSpan {
    @_lifetime(borrow self)
    get { source.frames }
  }

  /// Puts back frames that another reader took; they are read in order.
  package mutating func returnFrames(_ frames: RawSpan) { source.returnFrames(frames) }

  /// Advances the offset in the FILE by bytes that other readers read.
  package mutating func advanceOffset(by bytes: Int64) { base += bytes }
}
