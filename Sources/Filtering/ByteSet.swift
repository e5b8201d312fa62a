import Bytes

/// Strings of bytes to look others up in: an open-addressing table that is written once and then costs a record one or two probes,
/// whether it holds ten ids or a hundred thousand.
struct ByteSet: Sendable {
  private struct Slot {
    var hash: UInt32
    /// Where the string begins, plus one; zero for a free slot.
    var start: UInt32
    var count: UInt32
  }

  private static let free = Slot(hash: 0, start: 0, count: 0)

  private(set) var count = 0
  private var bytes: [UInt8] = []
  /// A power of two of them, at most half of which are taken.
  private var slots = [Slot](repeating: free, count: 16)

  mutating func insert(_ string: RawSpan) {
    let hash = Self.hash(string)
    if find(string, hash) { return }
    if (count + 1) * 2 > slots.count { grow() }
    place(Slot(hash: hash, start: UInt32(bytes.count) + 1, count: UInt32(string.byteCount)))
    for offset in 0..<string.byteCount { bytes.append(string[offset]) }
    count += 1
  }

  func contains(_ string: RawSpan) -> Bool { find(string, Self.hash(string)) }

  private func find(_ string: RawSpan, _ hash: UInt32) -> Bool {
    var index = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    while true {
      let slot = slots[index]
      if slot.start == 0 { return false }
      if slot.hash == hash, Int(slot.count) == string.byteCount {
        let start = Int(slot.start) &- 1
        if bytes.bytes.extracting(start..<start &+ string.byteCount).equals(string) { return true }
      }
      index = (index &+ 1) & (slots.count &- 1)
    }
  }

  private mutating func place(_ slot: Slot) {
    var index = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
    while slots[index].start != 0 { index = (index + 1) & (slots.count - 1) }
    slots[index] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Self.free, count: old.count * 2)
    for slot in old where slot.start != 0 { place(slot) }
  }

  /// The last sixteen bytes are enough: what is looked up are hashes and keys, and the text of a strkey ends with its checksum.
  private static func hash(_ string: RawSpan) -> UInt32 {
    let count = string.byteCount
    var hash = UInt64(truncatingIfNeeded: count)
    if count >= 16 {
      hash ^= string.chunk(at: count &- 8)
      hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
      hash ^= string.chunk(at: count &- 16)
    } else {
      for offset in 0..<count { hash = hash << 8 ^ hash >> 51 ^ UInt64(string[offset]) }
    }
    hash = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
    return UInt32(truncatingIfNeeded: hash >> 32)
  }
}
