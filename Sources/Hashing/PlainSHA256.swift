import Bytes

/// SHA-256 (FIPS 180-4) in Swift, for platforms where swift-crypto does not build.
package struct PlainSHA256 {
  private static let blockSize = 64

  /// FIPS 180-4, section 5.3.3.
  private var hash: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// The incomplete block, as words; `length` says how much of it is filled.
  private var partial = InlineArray<16, UInt32>(repeating: 0)
  /// The number of bytes so far.
  private var length: UInt64 = 0

  package init() {}

  package mutating func update(_ bytes: RawSpan) {
    var offset = 0
    let count = bytes.byteCount
    // Fill the incomplete block.
    while offset < count, filled != 0 {
      append(bytes[offset])
      offset &+= 1
    }
    while offset &+ Self.blockSize <= count {
      for index in 0..<16 { partial[index] = bytes.word(at: offset &+ index &* 4) }
      compress()
      offset &+= Self.blockSize
      length &+= UInt64(Self.blockSize)
    }
    while offset < count {
      append(bytes[offset])
      offset &+= 1
    }
  }

  package consuming func finalize() -> Hash32 {
    let bits = length &* 8
    append(0x80)
    while filled != Self.blockSize &- 8 { append(0) }
    for shift in stride(from: UInt64(56), through: 0, by: -8) { append(UInt8(truncatingIfNeeded: bits >> shift)) }
    func pair(_ index: Int) -> UInt64 { UInt64(hash[index]) << 32 | UInt64(hash[index + 1]) }
    return Hash32(pair(0), pair(2), pair(4), pair(6))
  }

  /// The number of bytes in the incomplete block.
  private var filled: Int { Int(truncatingIfNeeded: length & 63) }

  private mutating func append(_ byte: UInt8) {
    let (word, place) = (filled >> 2, UInt32(truncatingIfNeeded: filled & 3))
    if place == 0 { partial[word] = 0 }
    partial[word] |= UInt32(byte) << (24 &- place &* 8)
    length &+= 1
    if filled == 0 { compress() }
  }

  /// FIPS 180-4, section 6.2.2, with the message schedule in a ring of sixteen words.
  private mutating func compress() {
    var words = partial
    var (a, b, c, d) = (hash[0], hash[1], hash[2], hash[3])
    var (e, f, g, h) = (hash[4], hash[5], hash[6], hash[7])
    for round in 0..<64 {
      let place = round & 15
      if round >= 16 {
        let early = words[(round &+ 1) & 15]
        let late = words[(round &+ 14) & 15]
        words[place] =
          words[place] &+ words[(round &+ 9) & 15] &+ (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3)
          &+ (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10)
      }
      let first =
        h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ (e & f ^ ~e & g) &+ roundConstants[round] &+ words[place]
      let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    hash &+= [a, b, c, d, e, f, g, h]
  }

  @inline(__always)
  private func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word >> bits | word << (32 &- bits) }
}

/// FIPS 180-4, section 4.2.2.
private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
  0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
  0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
  0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
  0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
  0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
  0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
]
