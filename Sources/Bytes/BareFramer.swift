/// Finds the records in bytes without framing, for the reader of a FILE: values back to back, whose type determines where each
/// ends. It keeps nothing about the FILE between two calls.
package protocol BareFramer: AnyObject {
  /// Finds the extent of the next record in bytes that directly follow the previous one. They begin at `offset` in the FILE; with
  /// `atEnd` no more follow. `announced` is what the FILE said about these records before. Throws if no record begins here.
  func extent(of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords) throws(DataError) -> Extent
}

/// The extent of the next record in bytes without framing.
package enum Extent: Equatable, Sendable {
  /// A header of `skip` bytes, then a record of `length` bytes.
  case record(skip: Int = 0, length: Int)
  /// Bytes to skip that contain no record.
  case skip(Int)
  /// The record needs at least this many bytes more.
  case more(atLeast: Int64 = 1)
}

/// The records that a header before them announced and that were not found yet. A FILE that ends before them is truncated.
package struct AnnouncedRecords: Equatable, Sendable {
  package var count: UInt32 = 0
  /// The number of the next one.
  package var next: UInt32 = 0

  package init(count: UInt32 = 0, next: UInt32 = 0) { (self.count, self.next) = (count, next) }
}
