import Bytes

/// The counterpart of the output in Streams: finished records stay in the buffer until the host takes them.
package struct Output: ~Copyable {
  /// Append the current record to its end; the bytes before must not change.
  var buffer = ByteBuffer(capacity: 64 << 10)
  /// The number of bytes in finished records.
  private(set) var finished = 0
  /// The number of bytes that the host took.
  private(set) var taken: Int64 = 0
  /// The capacity to keep after larger records were taken.
  private static let keptCapacity = 1 << 20

  /// Marks everything in the buffer as finished records.
  mutating func finishRecord() { finished = buffer.count }

  /// Removes everything after the last `finishRecord`.
  mutating func abandonRecord() { buffer.truncate(to: finished) }

  /// Removes the finished records, which the host took. Between two steps of a session nothing follows them.
  mutating func clear() {
    taken += Int64(finished)
    buffer.removeFirst(finished)
    finished = 0
    buffer.shrink(above: Self.keptCapacity)
  }
}
