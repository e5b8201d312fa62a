import Bytes
import TestSupport
import Testing

/// Bytes that differ by position, so that a copy from or to the wrong position is noticed.
private func pattern(_ count: Int, from first: Int = 0) -> [UInt8] {
  (first..<first + count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
}

private func buffer(_ bytes: [UInt8], capacity: Int = 16) -> ByteBuffer {
  var buffer = ByteBuffer(capacity: capacity)
  buffer.append(bytes.bytes)
  return buffer
}

/// A buffer behaves like an array: the array is the model.
extension ByteBufferTests {
  /// Operations in random order. Small capacities make the buffer grow often; the model never grows by itself.
  @Test(arguments: 1...20) func behavesLikeAnArray(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    var model: [UInt8] = []
    var buffer = ByteBuffer(capacity: random.below(40))
    for step in 0..<2000 {
      let name = change(&buffer, &model, &random)
      let isSame = buffer.count == model.count && buffer.bytes.equals(model.bytes) && buffer.isEmpty == model.isEmpty
      let isWithin = buffer.count <= buffer.capacity
      guard isSame, isWithin else {
        Issue.record("seed \(seed), step \(step): \(name) gives \(buffer.bytes.copied) where \(model) is right")
        return
      }
      if model.count > 5000 {
        model.removeAll()
        buffer.truncate(to: 0)
        buffer.shrink(above: random.below(1000))
      }
    }
  }

  /// Applies one change to both; returns its name.
  private func change(_ buffer: inout ByteBuffer, _ model: inout [UInt8], _ random: inout SeededGenerator) -> String {
    let start = random.below(model.count + 1)
    let range = start..<start + random.below(model.count - start + 1)
    let number = random.next()
    switch random.below(14) {
    case 0:
      buffer.append(UInt8(truncatingIfNeeded: number))
      model.append(UInt8(truncatingIfNeeded: number))
      return "append(byte)"
    case 1, 2:
      let bytes = pattern(random.below(300), from: Int(number % 1000))
      buffer.append(bytes.bytes)
      model += bytes
      return "append(\(bytes.count) bytes)"
    case 3:
      buffer.append(again: range)
      model += model[range]
      return "append(again: \(range))"
    case 4:
      buffer.remove(range)
      model.removeSubrange(range)
      return "remove(\(range))"
    case 5:
      buffer.removeFirst(range.count)
      model.removeFirst(range.count)
      return "removeFirst(\(range.count))"
    case 6:
      buffer.truncate(to: start)
      model.removeLast(model.count - start)
      return "truncate(to: \(start))"
    case 7:
      let place = random.below(model.count - range.count + 1)
      buffer.move(range, to: place)
      model.replaceSubrange(place..<place + range.count, with: Array(model[range]))
      return "move(\(range), to: \(place))"
    case 8:
      buffer.append("a text of the program")
      model += Array("a text of the program".utf8)
      return "append(text)"
    case 9:
      buffer.append(utf8: "é\(number)")
      model += Array("é\(number)".utf8)
      return "append(utf8:)"
    case 10:
      buffer.append(bigEndian: number)
      buffer.append(bigEndian: UInt32(truncatingIfNeeded: number))
      model += word(UInt32(number >> 32)) + word(UInt32(truncatingIfNeeded: number)) + word(UInt32(truncatingIfNeeded: number))
      return "append(bigEndian:)"
    case 11:
      guard model.count >= 4 else { return "nothing" }
      let place = random.below(model.count - 3)
      buffer.replace(at: place, bigEndian: UInt32(truncatingIfNeeded: number))
      model.replaceSubrange(place..<place + 4, with: word(UInt32(truncatingIfNeeded: number)))
      return "replace(at: \(place))"
    case 12:
      buffer.reserve(Int(number % 5000))
      return "reserve(\(number % 5000))"
    default:
      buffer.shrink(above: range.count)
      return "shrink(above: \(range.count))"
    }
  }

  // MARK: growth

  /// The content survives growth, also across the size from which buffers use huge pages.
  @Test func growthMovesEverything() {
    let bytes = pattern(3 << 20)
    var grown = buffer(bytes)
    let small = grown.capacity
    #expect(small < 8 << 20)
    for factor in 2...5 {
      grown.append(bytes.bytes)
      let isWhole = grown.bytes(((factor - 1) * bytes.count)..<factor * bytes.count).equals(bytes.bytes)
      #expect(isWhole, "\(factor) times")
    }
    let isFirstWhole = grown.bytes(0..<bytes.count).equals(bytes.bytes)
    #expect(isFirstWhole && grown.count == 5 * bytes.count && grown.capacity >= grown.count)
  }

  /// Single appended bytes make the buffer grow a few times, not once per byte.
  @Test func growthIsGeometric() {
    var grown = ByteBuffer(capacity: 16)
    var capacities = [grown.capacity]
    for _ in 0..<1 << 20 {
      grown.append(UInt8(7))
      if grown.capacity != capacities.last { capacities.append(grown.capacity) }
    }
    #expect(capacities.count <= 17, "\(capacities)")
    #expect(zip(capacities, capacities.dropFirst()).allSatisfy { $1 >= 2 * $0 }, "\(capacities)")
  }

  @Test func reservedCapacityDoesNotGrowAgain() {
    var grown = ByteBuffer(capacity: 16)
    for extra in [0, 1, 15, 16, 17, 4096, 100_000] {
      grown.truncate(to: 0)
      grown.reserve(extra)
      let capacity = grown.capacity
      #expect(capacity >= extra)
      for _ in 0..<extra { grown.append(UInt8(1)) }
      #expect(grown.count == extra && grown.capacity == capacity, "\(extra)")
    }
  }

  @Test(arguments: [Int.min, -1, 0, 1, 15, 16, 17]) func anyCapacityIsABuffer(capacity: Int) {
    var made = ByteBuffer(capacity: capacity)
    #expect(made.count == 0 && made.capacity >= 16)
    made.append(pattern(100).bytes)
    let isWhole = made.bytes.equals(pattern(100).bytes)
    #expect(isWhole)
  }

  // MARK: reuse

  /// The next record overwrites the last one: nothing is allocated, and nothing of the last one remains.
  @Test func truncationKeepsTheCapacity() {
    var used = buffer(pattern(10_000))
    let capacity = used.capacity
    for round in 1...50 {
      used.truncate(to: 0)
      let bytes = pattern(10_000 - round, from: round)
      used.append(bytes.bytes)
      let isWhole = used.bytes.equals(bytes.bytes)
      #expect(isWhole && used.capacity == capacity)
    }
  }

  /// Used memory is never freed, and its content stays.
  @Test func shrinkingKeepsTheContent() {
    let bytes = pattern(100_000)
    var shrunk = buffer(bytes)
    shrunk.reserve(20 << 20)
    let capacity = shrunk.capacity
    shrunk.shrink(above: bytes.count - 1)
    #expect(shrunk.capacity == capacity)
    shrunk.shrink(above: bytes.count)
    let isWhole = shrunk.bytes.equals(bytes.bytes)
    #expect(isWhole && shrunk.capacity == bytes.count)
    shrunk.append(UInt8(9))
    #expect(shrunk.bytes[bytes.count] == 9 && shrunk.bytes[0] == bytes[0] && shrunk.count == bytes.count + 1)
  }

  /// A reader writes into the free capacity and commits only the bytes that it read.
  @Test func aReaderFillsTheCapacity() {
    var filled = ByteBuffer(capacity: 16)
    var expected: [UInt8] = []
    for count in [0, 1, 100, 5000] {
      let written = unsafe filled.withFreeCapacity(count + 10) { free in
        for offset in 0..<count { unsafe free[offset] = UInt8(truncatingIfNeeded: offset) }
        return count
      }
      #expect(written == count)
      expected += (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    }
    let isWhole = filled.bytes.equals(expected.bytes)
    #expect(isWhole)
  }
}
