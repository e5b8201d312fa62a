// Counts and lengths that do not fit into a 32-bit Int, as in the WebAssembly module. The results are the same as with 64 bits.

import Bytes
import StellarXDR
import TestSupport
import Testing

@Suite struct WideCountTests {
  /// The error in an SCVal that begins with `words` and continues with zeros.
  private func problem(_ words: [UInt32]) -> XDRError? {
    let bytes = concatenated(words.map(word)) + [UInt8](repeating: 0, count: 64)
    do throws(XDRError) {
      try Schema.shared.validate(Schema.shared.scval, bytes.bytes)
      return nil
    } catch { return error }
  }

  /// The minimum size of the elements times their number is close to a multiple of 2^32.
  @Test(arguments: [0x1FFF_FFFF, 0x2000_0000, 0x2000_0001, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
  func countsThatWrap(count: UInt32) throws {
    let found = problem([17, 1, count])
    let error = try #require(found)
    #expect(error.fact == .countBeyondEnd && error.offset == 8)
    // A key and a value of a map each have at least four bytes.
    #expect(error.value == 12 + 8 * Int64(count))
  }

  @Test(arguments: [0x7FFF_FFFD, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFC, 0xFFFF_FFFD, 0xFFFF_FFFF] as [UInt32])
  func lengthsThatWrap(length: UInt32) throws {
    let found = problem([13, length])
    let error = try #require(found)
    #expect(error.fact == .countBeyondEnd && error.offset == 4)
    #expect(error.value == 8 + (Int64(length) + 3) / 4 * 4)
  }
}
