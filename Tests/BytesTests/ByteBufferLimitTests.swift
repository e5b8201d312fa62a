import Bytes
import Foundation
import Testing

/// An access out of bounds ends the process before it touches memory.
@Suite struct ByteBufferLimitTests {
  /// A caller's error, made on a buffer that holds ten bytes and has a larger capacity.
  private static func commit(_ mistake: Int) {
    var buffer = ByteBuffer(capacity: 1000)
    for byte in 0..<10 { buffer.append(UInt8(byte)) }
    switch mistake {
    case 0: buffer.truncate(to: 11)
    case 1: buffer.truncate(to: -1)
    case 2: buffer.removeFirst(11)
    case 3: buffer.remove(5..<11)
    case 4: buffer.remove(-1..<2)
    case 5: buffer.move(0..<6, to: 5)
    case 6: buffer.move(5..<11, to: 0)
    case 7: buffer.move(0..<1, to: -1)
    case 8: buffer.append(again: 5..<11)
    case 9: buffer.append(again: -1..<5)
    case 10: buffer.replace(at: 7, bigEndian: 1)
    case 11: buffer.replace(at: -1, bigEndian: 1)
    case 12: _ = buffer.bytes(5..<11).byteCount
    case 13: _ = unsafe buffer.withFreeCapacity(5) { _ in 6 }
    case 14: _ = unsafe buffer.withFreeCapacity(5) { _ in -1 }
    // More than any capacity.
    case 15: buffer.reserve(1 << 62)
    case 16: buffer.reserve(.max)
    case 17: buffer.reserve(.max - 10)
    case 18: _ = ByteBuffer(capacity: .max).count
    case 19: _ = ByteBuffer(capacity: 1 << 62).count
    default: exit(EXIT_SUCCESS)
    }
    // The call was not refused.
    exit(EXIT_SUCCESS)
  }

  @Test(arguments: 0..<20) func refuses(mistake: Int) async {
    await #expect(processExitsWith: .signal(Self.trap)) { [mistake] in
      // No backtrace: it takes a second.
      signal(Self.trap, SIG_DFL)
      Self.commit(mistake)
    }
  }

  /// The signal of a Swift trap.
  #if arch(x86_64)
    static let trap = SIGILL
  #else
    static let trap = SIGTRAP
  #endif

  /// The largest values that are allowed.
  @Test func allows() {
    var buffer = ByteBuffer(capacity: 16)
    for byte in 0..<10 { buffer.append(UInt8(byte)) }
    buffer.truncate(to: 10)
    buffer.move(0..<5, to: 5)
    buffer.move(10..<10, to: 10)
    buffer.remove(10..<10)
    buffer.append(again: 10..<10)
    #expect(buffer.bytes.copied == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    buffer.replace(at: 6, bigEndian: 0x0A0B_0C0D)
    buffer.append(again: 0..<10)
    #expect(buffer.bytes.copied == [0, 1, 2, 3, 4, 0, 10, 11, 12, 13, 0, 1, 2, 3, 4, 0, 10, 11, 12, 13])
    buffer.removeFirst(20)
    #expect(buffer.count == 0)
  }

  /// Overlapping moves in both directions, by every distance: the result is that of a move through a copy.
  @Test func movesMayOverlap() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
    for (range, place) in [(0..<200, 1), (0..<200, 100), (1..<300, 0), (100..<300, 0), (50..<250, 51), (0..<300, 0)] {
      var buffer = ByteBuffer(capacity: 16)
      buffer.append(bytes.bytes)
      buffer.move(range, to: place)
      var expected = bytes
      expected.replaceSubrange(place..<place + range.count, with: bytes[range])
      #expect(buffer.bytes.copied == expected, "\(range) to \(place)")
    }
  }

  /// An append of the buffer's own bytes still reads the right ones if the buffer grows meanwhile.
  @Test func repeatsMayGrowTheBuffer() {
    var buffer = ByteBuffer(capacity: 16)
    var expected = [UInt8]("0123456789".utf8)
    buffer.append(expected.bytes)
    for _ in 0..<12 {
      let range = expected.count / 3..<expected.count
      buffer.append(again: range)
      expected += expected[range]
      let isSame = buffer.bytes.equals(expected.bytes)
      #expect(isSame, "\(expected.count) bytes")
    }
  }
}
