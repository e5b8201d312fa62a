import Bytes

/// Writes records, and makes those of a maker behind them; of a long stream, while the loop makes the next ones.
final class Writer: SecondThread, @unchecked Sendable {
  /// The rest of a record, where it stands, which stays there until it is written.
  @safe struct Lent {
    let bytes: UnsafeRawBufferPointer
    let end: [UInt8]
  }

  /// What is written at once: records, and behind them what a maker makes.
  struct Portion: ~Copyable {
    var records: ByteBuffer
    /// The rest of the last record.
    var lent: Lent?
    var maker: (any RecordMaker)?
  }

  struct Result {
    var count = 0
    var makersEnded = 0
    var failure: SystemError?
  }

  let descriptor: Int32
  /// The first thread's, while there is room.
  var next: Portion
  private var current: Portion
  /// Whether nothing may be written any more: it would stand behind what could not be made, or not be written.
  private var isOver = false
  /// Both threads'.
  private var result = Result()

  init(descriptor: Int32, room: Int) {
    self.descriptor = descriptor
    next = Portion(records: ByteBuffer(capacity: room))
    current = Portion(records: ByteBuffer(capacity: room))
  }

  /// What was done since this was last asked.
  func takeResult() -> Result {
    locked {
      defer { result = Result() }
      return result
    }
  }

  override func take() { swap(&next, &current) }

  override func work() {
    var failure: SystemError?
    if !isOver {
      do throws(SystemError) { try write() } catch { failure = error }
      isOver = failure != nil || current.maker?.hasFailed == true
    }
    current.records.truncate(to: 0)
    current.records.shrink(above: Output.keptRoom)
    locked {
      result.failure = failure ?? result.failure
      if current.maker != nil { result.makersEnded += 1 }
    }
    (current.lent, current.maker) = (nil, nil)
  }

  private func write() throws(SystemError) {
    try write(current.records, current.lent)
    guard let maker = current.maker else { return }
    var isMore = true
    while isMore {
      current.records.truncate(to: 0)
      while isMore, current.records.count < Output.block { isMore = maker.makeRecord(into: &current.records) }
      try write(current.records, nil)
    }
  }

  private func write(_ records: borrowing ByteBuffer, _ lent: Lent?) throws(SystemError) {
    var count = records.count
    if count == 0, lent == nil { return }
    try System.writeAll(descriptor, records.bytes)
    if let lent {
      let rest = unsafe RawSpan(_unsafeBytes: lent.bytes)
      try System.writeAll(descriptor, rest)
      try unsafe System.writeAll(descriptor, lent.end.span.bytes)
      count += rest.byteCount + lent.end.count
    }
    locked { result.count += count }
  }
}
