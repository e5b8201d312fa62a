/// Where values stand that were written in the record at hand: what comes again byte for byte is copied from there.
///
/// It is meant for ledger entries in XDR, and events. The state before a change is most often the state after an earlier one, so of the public
/// network's ledgers three entries of ten are copied, a fifth of the text.
/// ```
///   record   … [entry] … [the same bytes] …
///   text     … {"last_modified_ledger_seq":… } … ← copied
/// ```
/// XDR has no two values of a type of which one begins with the other, so bytes that are equal so far are the same value.
@safe package final class RepeatCache {
  /// Offsets in the record and in the buffer that its text is written into.
  private struct Entry {
    var generation: UInt32 = 0
    /// What else the hash holds, to be told apart from most others without a look at their bytes; and the type.
    var mark: UInt64 = 0
    var start: UInt32 = 0
    var end: UInt32 = 0
    var textStart: UInt32 = 0
    var textEnd: UInt32 = 0
  }

  /// What comes again most often does so soon: with eight times as many hardly more is found, and the table is no longer near the processor.
  private static let bits = 9
  /// What tells values apart that begin alike stands within so many bytes.
  private static let hashed = 96

  // Allocated once, and indexed by bits that cannot lead out of it. The last entry to come to a place stays.
  private let entries: UnsafeMutablePointer<Entry>
  /// Of the record at hand; entries of other generations are none.
  private var generation: UInt32 = 0
  private var isOn = false
  /// The place of the value that is being written.
  private var open = 0

  package init() {
    unsafe entries = .allocate(capacity: 1 << Self.bits)
    unsafe entries.initialize(repeating: Entry(), count: 1 << Self.bits)
  }

  deinit { unsafe entries.deallocate() }

  /// A new record, and text that nothing is taken from until `end`.
  package func begin() {
    if generation == .max {
      unsafe entries.update(repeating: Entry(), count: 1 << Self.bits)
      generation = 0
    }
    generation &+= 1
    isOn = true
  }

  package func end() { isOn = false }

  /// Copies the text of the value of `type` that begins at `offset` of `record`, if it was written before, and returns the value's length.
  /// Otherwise it remembers that the value begins here, and returns 0.
  package func append(_ type: Int32, _ record: RawSpan, at offset: Int, to out: inout ByteBuffer) -> Int {
    guard isOn else { return 0 }
    let hash = hash(record, offset)
    let mark = hash << 16 | UInt64(UInt16(type))
    open = Int(truncatingIfNeeded: hash >> UInt64(64 &- Self.bits))
    let known = unsafe entries[open]
    if known.generation == generation, known.mark == mark, known.end > 0 {
      // Only of an entry that was closed: of another one the difference is below zero, which an Int of 32 bits has no place for.
      let (start, length) = (Int(known.start), Int(known.end &- known.start))
      if length <= record.byteCount &- offset,
        record.extracting(offset..<offset &+ length).equals(record.extracting(start..<start &+ length))
      {
        out.append(again: Int(known.textStart)..<Int(known.textEnd))
        return length
      }
    }
    // What does not fit is never closed.
    unsafe entries[open] = Entry(
      generation: generation, mark: mark, start: UInt32(truncatingIfNeeded: offset),
      textStart: UInt32(truncatingIfNeeded: out.count))
    return 0
  }

  /// The value that was not written before is written: it ends before `offset`.
  package func close(at offset: Int, _ out: borrowing ByteBuffer) {
    guard isOn, let end = UInt32(exactly: offset), let textEnd = UInt32(exactly: out.count) else { return }
    unsafe entries[open].end = end
    unsafe entries[open].textEnd = textEnd
  }

  /// Two sums side by side, because each waits for its multiplications.
  private func hash(_ record: RawSpan, _ start: Int) -> UInt64 {
    var (one, other): (UInt64, UInt64) = (0, 0)
    var offset = start
    let end = min(offset &+ Self.hashed, record.byteCount &- 15)
    precondition(start >= 0)
    while offset < end {
      one = unsafe mixed(one ^ record.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
      other = unsafe mixed(other ^ record.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 8, as: UInt64.self))
      offset &+= 16
    }
    return mixed(one &+ other &<< 1)
  }

  @inline(__always)
  private func mixed(_ value: UInt64) -> UInt64 {
    let product = value &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 32
  }
}
