/// Damages inputs: truncates them, flips bits, splices, writes numbers at the limits.
package struct Mutator {
  package var random: SeededGenerator

  package init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A damaged copy of `input`; parts of `other` may be spliced in.
  package mutating func damaged(_ input: [UInt8], other: [UInt8]) -> [UInt8] {
    var bytes = input
    guard !bytes.isEmpty else { return bytes }
    switch random.below(10) {
    case 0: bytes.removeLast(random.below(bytes.count) + 1)
    case 1...3:
      for _ in 0...random.below(3) { bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8)) }
    case 4: for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8.random(in: 0...255, using: &random) }
    case 5...6: setWord(&bytes)
    case 7: splice(&bytes, other)
    case 8:
      let place = random.below(bytes.count)
      bytes.removeSubrange(place..<min(bytes.count, place + 4 * (1 + random.below(8))))
    default:
      let place = random.below(bytes.count)
      let end = min(bytes.count, place + 4 * (1 + random.below(8)))
      bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    }
    return bytes
  }

  /// Replaces an aligned word by a number that is likely to matter.
  private mutating func setWord(_ bytes: inout [UInt8]) {
    guard bytes.count >= 4 else { return }
    let place = random.below(bytes.count / 4) * 4
    let edges: [UInt32] = [
      0, 1, 2, 3, 4, 16, 17, 23, 24, 32, 33, 100, 101, 500, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, .max,
    ]
    let number = random.once(in: 3) ? UInt32(truncatingIfNeeded: random.next()) % 32 : edges[random.below(edges.count)]
    bytes.replaceSubrange(place..<place + 4, with: word(number))
  }

  /// The start of one and the end of another, both cut at word boundaries.
  private mutating func splice(_ bytes: inout [UInt8], _ other: [UInt8]) {
    let place = random.below(bytes.count / 4 + 1) * 4
    let from = random.below(other.count / 4 + 1) * 4
    bytes = Array(bytes.prefix(place)) + other.dropFirst(from).prefix(4096)
  }
}
