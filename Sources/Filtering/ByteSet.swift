import Bytes

/// A set of byte strings for lookups: an open-addressing table that is built once. A lookup takes one or two probes, whatever the
/// size of the set.
struct ByteSet: Sendable {
  private struct Slot {
    var hash: UInt32
    /// The start of the string plus one; zero for a free slot.
    var start: UInt32
    var count: UInt32
  }

  private static let free = Slot(hash: 0, start: 0, count: 0)

  private(set) var count = 0
  private var bytes: [UInt8] = []
  /// The number of slots is a power of two, at least twice the number of strings.
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

  /// Hashes only the last sixteen bytes. They are enough, because the strings are hashes and keys, or strkeys, which end with a
  /// checksum.
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
