// RFC 5531, section 11: a record is one or more fragments, each behind a header of four bytes, big-endian:
//
//   80 00 00 10  …sixteen bytes…          the last (here: only) fragment, bit 31 set, sixteen bytes long
//   00 00 00 08  …  80 00 00 08  …        the same in two fragments

import Bytes

/// The four bytes before a fragment.
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
  /// Nobody writes empty fragments; a stream of nothing else would be read for ever without a record ever getting longer.
  private static var emptyFragmentLimit: Int { 1000 }

  mutating func nextMarked(_ output: inout Output) throws(StreamError) -> Step? {
    guard try fill(upTo: FragmentHeader.size, &output) else {
      if available == 0 { return nil }
      throw failure(.cutOff(have: available, need: FragmentHeader.size))
    }
    let header = FragmentHeader(buffer.bytes.word(at: start))
    let offset = base + start + FragmentHeader.size
    if header.length > maximumRecord {
      // The same bytes are looked at, however they arrive.
      _ = try fill(upTo: Foreign.telling, &output)
      if let foreign { throw failure(foreign) }
      if let other = other(than: header) { throw failure(other) }
    }
    try check(header.length, offset)
    let end = FragmentHeader.size + header.length
    guard try fill(upTo: end, &output) else {
      if let other = other(than: header) { throw failure(other) }
      throw failure(.cutOff(have: available - FragmentHeader.size, need: header.length), offset: offset)
    }
    if header.isLast {
      take(FragmentHeader.size..<end, upTo: end, offset: offset)
    } else {
      try joinFragments(first: header.length, offset: offset, &output)
    }
    guard !current.isEmpty else {
      throw StreamError(.emptyRecord, file: place.file, offset: recordOffset, record: number)
    }
    return .record
  }

  /// What stands at `start` instead of a record: as a header it would announce a fragment of more than half a gigabyte.
  private func other(than header: FragmentHeader) -> StreamError.Kind? {
    guard base + start > 0, !header.isLast else { return nil }
    let bytes = buffer.bytes(start..<buffer.count)
    if bytes.word(at: 0) == 0x28B5_2FFD { return .zstdBehindXDR }
    return Foreign.isText(bytes) ? .linesBehindXDR : nil
  }

  /// Reads the fragments after the first, which is there, and moves each up to the end of those before it.
  ///
  /// ```
  ///   | header | joined payload |  gap  | header | payload | …
  ///   start    4                end     next
  /// ```
  private mutating func joinFragments(first length: Int, offset: Int, _ output: inout Output) throws(StreamError) {
    var end = FragmentHeader.size + length
    var next = end
    var emptyFragments = length == 0 ? 1 : 0
    while true {
      let arrived = try fill(upTo: FragmentHeader.size, behind: &next, closingGapAt: end, &output)
      guard arrived else { throw cutOff(end, next, need: FragmentHeader.size, offset) }
      let header = FragmentHeader(buffer.bytes.word(at: start + next))
      emptyFragments = header.length == 0 ? emptyFragments + 1 : 0
      guard emptyFragments <= Self.emptyFragmentLimit else {
        throw failure(.emptyFragments(Self.emptyFragmentLimit), offset: offset)
      }
      try check(end - FragmentHeader.size + header.length, offset)
      let whole = FragmentHeader.size + header.length
      guard try fill(upTo: whole, behind: &next, closingGapAt: end, &output) else {
        throw cutOff(end, next, need: whole, offset)
      }
      let payload = start + next + FragmentHeader.size..<start + next + whole
      buffer.move(payload, to: start + end)
      end += header.length
      next += whole
      if header.isLast { break }
    }
    // The record's offset is that of its first byte in the FILE; gaps that were closed since only count for what follows.
    take(FragmentHeader.size..<end, upTo: next, offset: offset)
  }

  /// Reads until `length` bytes are there at `next`. Before it reads it closes the gap that the headers left, so that the buffer
  /// grows with the record, not with the number of its fragments.
  private mutating func fill(
    upTo length: Int, behind next: inout Int, closingGapAt end: Int, _ output: inout Output
  ) throws(StreamError) -> Bool {
    while available < next + length {
      buffer.remove(start + end..<start + next)
      base += next - end
      next = end
      if try !fill(&output) { return false }
    }
    return true
  }

  private func check(_ length: Int, _ offset: Int) throws(StreamError) {
    if length > maximumRecord { throw failure(.tooLong(length, limit: maximumRecord), offset: offset) }
  }

  private func cutOff(_ end: Int, _ next: Int, need: Int, _ offset: Int) -> StreamError {
    let joined = end - FragmentHeader.size
    return failure(.cutOff(have: joined + available - next, need: joined + need), offset: offset)
  }
}
