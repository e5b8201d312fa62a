import Bytes

/// What Streams has for descriptors: here finished records stay in the buffer until the host takes them.
package struct Output: ~Copyable {
  /// Append the record being made to its end; what is there already is not to be touched.
  var buffer = ByteBuffer(capacity: 64 << 10)
  /// Bytes of finished records.
  private(set) var finished = 0
  /// Bytes that the host took.
  private(set) var taken: Int64 = 0
  /// Capacity that is kept for the next records after larger ones were taken.
  private static let keptRoom = 1 << 20

  /// Everything in the buffer is whole records now.
  mutating func finishRecord() { finished = buffer.count }

  /// Forgets everything since the last `finishRecord`.
  mutating func abandonRecord() { buffer.truncate(to: finished) }

  /// The finished records are taken. Between two steps of a session there is nothing behind them.
  mutating func clear() {
    taken += Int64(finished)
    buffer.removeFirst(finished)
    finished = 0
    buffer.shrink(above: Self.keptRoom)
  }
}
