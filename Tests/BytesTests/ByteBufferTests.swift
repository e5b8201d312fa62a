import Bytes
import TestSupport
import Testing

@Suite struct ByteBufferTests {
  @Test func growthKeepsTheContent() {
    var buffer = ByteBuffer(capacity: 1)
    for byte in 0..<1000 { buffer.append(UInt8(truncatingIfNeeded: byte)) }
    #expect(buffer.count == 1000)
    #expect(buffer.bytes[999] == UInt8(truncatingIfNeeded: 999))
    buffer.removeFirst(990)
    #expect(buffer.bytes[0] == UInt8(truncatingIfNeeded: 990))
    #expect(buffer.count == 10)
  }

  /// A large buffer keeps its huge pages as it grows, and its data does not begin just after the start of a page.
  @Test func largeBuffersAreAligned() {
    var buffer = ByteBuffer(capacity: 1 << 10)
    while buffer.capacity < 256 << 20 {
      buffer.reserve(buffer.capacity - buffer.count + 1)
      // malloc(3) takes at most 32 MiB from its heap.
      guard buffer.capacity >= 64 << 20 else { continue }
      #if canImport(Glibc)
        let start = unsafe buffer.bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
        #expect(start % 4096 == 64)
      #endif
      // Including the bytes that malloc(3) needs before and after the block.
      #expect((buffer.capacity + 80) % (2 << 20) == 0)
    }
    let capacity = buffer.capacity
    buffer.shrink(above: capacity)
    #expect(buffer.capacity == capacity)
    buffer.shrink(above: 8 << 20)
    #expect(buffer.capacity < 16 << 20)
  }
}
