/// Constant lookup tables, one after the other in memory that is never freed. Characters are in the order in which they are stored.
///
/// Each `ByteBuffer` keeps the start address, because each use of a global would cost an initialisation check.
enum Tables {
  // The offset of each table.
  static var hexPairs: Int { 0 }
  static var base64Pairs: Int { 256 }
  static var base32Pairs: Int { 4352 }
  static var crc16: Int { 5376 }
  /// `sextets[a | b << 8]` is the twelve bits of the base64 characters `a` and `b`; `notSextets` if one of them is not base64.
  static var sextets: Int { 7424 }
  private static var count: Int { 7424 + 65536 }
  static var notSextets: UInt64 { 0xF000 }

  // Written once before the first use, and indexed below the length of each table.
  nonisolated(unsafe) static let shared: UnsafePointer<UInt16> = {
    let tables = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
    func pairs(_ start: Int, bits: Int, _ alphabet: String) {
      let characters = Array(alphabet.utf8)
      for value in 0..<1 << (2 * bits) {
        let (first, second) = (characters[value >> bits], characters[value & (1 << bits - 1)])
        unsafe (tables + start + value).initialize(to: (UInt16(second) << 8 | UInt16(first)).littleEndian)
      }
    }
    pairs(hexPairs, bits: 4, "0123456789abcdef")
    pairs(base64Pairs, bits: 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    pairs(base32Pairs, bits: 5, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    // `crc16[k * 256 + b]` is the contribution of a byte `b` that `k` bytes follow, so that eight bytes take eight independent lookups.
    for index in 0..<2048 {
      let sum: UInt16
      if index < 256 {
        sum = (0..<8).reduce(UInt16(index) << 8) { sum, _ in sum & 0x8000 != 0 ? sum << 1 ^ 0x1021 : sum << 1 }
      } else {
        let before = unsafe tables[crc16 + index - 256]
        sum = unsafe before << 8 ^ tables[crc16 + Int(before >> 8)]
      }
      unsafe (tables + crc16 + index).initialize(to: sum)
    }
    unsafe (tables + sextets).initialize(repeating: UInt16(notSextets), count: 65536)
    // The inverse table: the pair of characters of twelve bits gives the bits.
    for value in 0..<4096 {
      let pair = unsafe UInt16(littleEndian: tables[base64Pairs + value])
      unsafe tables[sextets + Int(pair)] = UInt16(value)
    }
    return unsafe UnsafePointer(tables)
  }()

  /// The checksum of eight bytes; the upper sixteen bits already include the previous sum.
  @unsafe @inline(__always)
  static func crc16(_ table: UnsafePointer<UInt16>, _ word: UInt64) -> UInt16 {
    var sum: UInt16 = 0
    for index in 0..<8 { sum ^= unsafe table[index &* 256 &+ Int(truncatingIfNeeded: word >> UInt64(index &* 8) & 0xFF)] }
    return sum
  }
}
