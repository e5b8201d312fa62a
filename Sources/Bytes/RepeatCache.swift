/// The positions of values that were already written for the current record. The text of a repeated value is copied.
///
/// It serves ledger entries and events. The state before a change is usually the state after an earlier one: on the public network three
/// entries of ten repeat, which is a fifth of the text.
/// ```
///   record   … [entry] … [the same bytes] …
///   text     … {"last_modified_ledger_seq":… } … ← copied
/// ```
/// No XDR value is a prefix of another value of its type, so equal bytes mean the same value.
@safe package final class RepeatCache {
  /// Offsets in the record and in the buffer of its text.
  private struct Entry {
    var generation: UInt32 = 0
    /// The rest of the hash and the type: they exclude most other values without a comparison of bytes.
    var mark: UInt64 = 0
    var start: UInt32 = 0
    var end: UInt32 = 0
    var textStart: UInt32 = 0
    var textEnd: UInt32 = 0
  }

  /// Most repetitions are close together. A table of eight times the size finds hardly more, and does not fit into the processor's cache.
  private static let bits = 9
  /// Values with a common prefix differ within this many bytes.
  private static let hashed = 96

  // Allocated once. The bits of the index cannot exceed its size. A new entry replaces the old one.
  private let entries: UnsafeMutablePointer<Entry>
  /// The generation of the current record; entries of other generations are empty.
  private var generation: UInt32 = 0
  private var isOn = false
  /// The index of the value that is being written.
  private var open = 0

  package init() {
    unsafe entries = .allocate(capacity: 1 << Self.bits)
    unsafe entries.initialize(repeating: Entry(), count: 1 << Self.bits)
  }

  deinit { unsafe entries.deallocate() }

  /// Begins a new record; its values are cached until `end`.
  package func begin() {
    if generation == .max {
      unsafe entries.update(repeating: Entry(), count: 1 << Self.bits)
      generation = 0
    }
    generation &+= 1
    isOn = true
  }

  package func end() { isOn = false }

  /// If the value of `type` at `offset` of `record` was written before, copies its text and returns its length.
  /// Otherwise records where the value begins, and returns 0.
  package func append(_ type: Int32, _ record: RawSpan, at offset: Int, to out: inout ByteBuffer) -> Int {
    guard isOn else { return 0 }
    let hash = hash(record, offset)
    let mark = hash << 16 | UInt64(UInt16(type))
    open = Int(truncatingIfNeeded: hash >> UInt64(64 &- Self.bits))
    let known = unsafe entries[open]
    if known.generation == generation, known.mark == mark, known.end > 0 {
      // Only for a finished entry: for others the difference wraps to a length that a 32-bit Int cannot hold.
      let (start, length) = (Int(known.start), Int(known.end &- known.start))
      if length <= record.byteCount &- offset,
        record.extracting(offset..<offset &+ length).equals(record.extracting(start..<start &+ length))
      {
        out.append(again: Int(known.textStart)..<Int(known.textEnd))
        return length
      }
    }
    // A value that does not fit is never finished.
    unsafe entries[open] = Entry(
      generation: generation, mark: mark, start: UInt32(truncatingIfNeeded: offset),
      textStart: UInt32(truncatingIfNeeded: out.count))
    return 0
  }

  /// Finishes the new value, which ends before `offset`.
  package func close(at offset: Int, _ out: borrowing ByteBuffer) {
    guard isOn, let end = UInt32(exactly: offset), let textEnd = UInt32(exactly: out.count) else { return }
    unsafe entries[open].end = end
    unsafe entries[open].textEnd = textEnd
  }

  /// Two independent sums, so that their multiplications overlap.
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
