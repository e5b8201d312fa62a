import Bytes
import Testing

@Suite struct ByteBufferTests {
  @Test func growsAndKeepsWhatWasWritten() {
    var buffer = ByteBuffer(capacity: 1)
    for byte in 0..<1000 { buffer.append(UInt8(truncatingIfNeeded: byte)) }
    #expect(buffer.count == 1000)
    #expect(buffer.bytes[999] == UInt8(truncatingIfNeeded: 999))
    buffer.removeFirst(990)
    #expect(buffer.bytes[0] == UInt8(truncatingIfNeeded: 990))
    #expect(buffer.count == 10)
  }
}
