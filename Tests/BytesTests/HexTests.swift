import Bytes
import Testing

/// Four characters are looked up at once, as a word whose highest bit may be set.
@Suite struct HexTests {
  @Test func everyByteInEveryPosition() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<4 {
        var bytes = [UInt8](repeating: 0x5A, count: 9)
        bytes[place] = byte
        var out = ByteBuffer(capacity: 16)
        out.append(hex: bytes.bytes)
        let wanted = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(out.bytes.text == wanted)
      }
    }
  }
}
