// RFC 5531, section 11: a record is one or more fragments, each after a four-byte big-endian header:
//
//   80 00 00 10  …sixteen bytes…          the last (here: only) fragment, bit 31 set, sixteen bytes long
//   00 00 00 08  …  80 00 00 08  …        the same in two fragments

import Bytes

/// The four-byte header of a fragment.
private struct FragmentHeader {
  static let size = 4

  let isLast: Bool
  let length: Int

  init(_ word: UInt32) {
    isLast = word >> 31 == 1
    length = Int(word & 0x7FFF_FFFF)
  }
}

extension RecordReader {
  /// No writer makes empty fragments. Without a limit an endless stream of them would never complete a record.
  private static var emptyFragmentLimit: Int { 1000 }

  mutating func nextMarked() throws(StreamError) -> Bool {
    if let parts { return try joinFragments(parts) }
    guard try fill(upTo: FragmentHeader.size) else {
      if available == 0 { return false }
      throw failure(.cutOff(have: available, need: Int64(FragmentHeader.size)))
    }
    let header = FragmentHeader(buffer.bytes.word(at: start))
    let offset = position + Int64(FragmentHeader.size)
    if header.length > maximumRecord {
      // Examine the same number of bytes, whatever the sizes of the reads.
      _ = try fill(upTo: ForeignFormat.sampleSize)
      if let foreign { throw failure(foreign) }
      if let other = other(than: header) { throw failure(other) }
    }
    try check(header.length, offset)
    let end = FragmentHeader.size + header.length
    guard try fill(upTo: end) else {
      if let other = other(than: header) { throw failure(other) }
      throw failure(.cutOff(have: available - FragmentHeader.size, need: Int64(header.length)), offset: offset)
    }
    guard header.isLast else {
      let parts = Parts(end: end, next: end, offset: offset, emptyFragments: header.length == 0 ? 1 : 0)
      return try joinFragments(parts)
    }
    take(FragmentHeader.size..<end, upTo: end, offset: offset)
    try refuseEmpty()
    return true
  }

  private func refuseEmpty() throws(StreamError) {
    guard current.isEmpty else { return }
    throw StreamError(.emptyRecord, file: place.file, offset: recordOffset, record: number)
  }

  /// The kind of data that follows the records, if this is not a header. Such data as a header would announce more than half a
  /// gigabyte.
  private func other(than header: FragmentHeader) -> StreamError.Kind? {
    guard position > 0, !header.isLast else { return nil }
    let bytes = buffer.bytes(start..<buffer.count)
    if bytes.word(at: 0) == 0x28B5_2FFD { return .zstdAfterXDR }
    return ForeignFormat.isText(bytes) ? .linesAfterXDR : nil
  }

  /// Reads the fragments after the first, and moves each payload to the end of the previous ones.
  ///
  /// ```
  ///   | header | joined payload |  gap  | header | payload | …
  ///   start    4                end     next
  /// ```
  private mutating func joinFragments(_ begun: Parts) throws(StreamError) -> Bool {
    var record = begun
    while true {
      guard try fill(upTo: FragmentHeader.size, &record) else { throw cutOff(record, need: FragmentHeader.size) }
      let header = FragmentHeader(buffer.bytes.word(at: start + record.next))
      let emptyFragments = header.length == 0 ? record.emptyFragments + 1 : 0
      guard emptyFragments <= Self.emptyFragmentLimit else {
        throw failure(.emptyFragments(Self.emptyFragmentLimit), offset: record.offset)
      }
      try check(header.length, after: record.end - FragmentHeader.size, record.offset)
      let whole = FragmentHeader.size + header.length
      guard try fill(upTo: whole, &record) else { throw cutOff(record, need: whole) }
      let payload = start + record.next + FragmentHeader.size..<start + record.next + whole
      buffer.move(payload, to: start + record.end)
      record.end += header.length
      record.next += whole
      record.emptyFragments = emptyFragments
      if header.isLast { break }
    }
    parts = nil
    // The record's offset is that of its first byte in the FILE. Gaps that were closed since affect only later offsets.
    take(FragmentHeader.size..<record.end, upTo: record.next, offset: record.offset)
    try refuseEmpty()
    return true
  }

  /// Reads until `length` bytes of the next fragment are available. It closes the gap that the headers left first, so that the
  /// buffer grows with the record and not with the number of fragments.
  private mutating func fill(upTo length: Int, _ record: inout Parts) throws(StreamError) -> Bool {
    while available < record.next + length {
      buffer.remove(start + record.end..<start + record.next)
      base += Int64(record.next - record.end)
      record.next = record.end
      parts = record
      if try !fill() { return false }
    }
    return true
  }

  /// Throws if a fragment would make the record too long; `joined` is the length of its previous fragments.
  private func check(_ length: Int, after joined: Int = 0, _ offset: Int64) throws(StreamError) {
    guard length > maximumRecord - joined else { return }
    throw failure(.tooLong(Int64(joined) + Int64(length), limit: maximumRecord), offset: offset)
  }

  private func cutOff(_ record: Parts, need: Int) -> StreamError {
    let joined = record.end - FragmentHeader.size
    return failure(
      .cutOff(have: joined + available - record.next, need: Int64(joined) + Int64(need)), offset: record.offset)
  }
}
