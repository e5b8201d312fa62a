import Bytes

// What Streams has for files and descriptors, for an input that is fed by the host. RecordReader is the same for both.

/// One input, which is there from the beginning.
package struct InputFiles {
  struct File {
    let path: String
    let lakeObject: LakeObject?
  }

  /// No data lake is followed.
  struct Follower {}
  var follower: Follower? { nil }

  private var name: String?

  package init(_ name: String) { self.name = name }

  mutating func next() throws(StreamError) -> File? {
    guard let name else { return nil }
    self.name = nil
    return File(path: name, lakeObject: nil)
  }
}

/// There are no data lakes here.
package struct LakeObject: Equatable {
  package var directory: String? { nil }
  package var ledgers: ClosedRange<UInt32> { 0...0 }
}

/// A FILE as it was when it was opened.
struct FileStamp {
  init() {}
  init(of path: String) {}
}

extension RecordReader {
  mutating func waitForObject(_ output: inout Output) throws(StreamError) -> InputFiles.File? { nil }
  mutating func readAgain(_ output: inout Output) throws(StreamError) -> Bool { false }

  /// Adds bytes to the input.
  mutating func feed(_ bytes: RawSpan) { source.feed(bytes) }

  /// No bytes will come for now.
  mutating func pause() { source.isPaused = true }

  /// No bytes will come any more.
  mutating func endInput() { source.isComplete = true }
}

/// What is known of the input besides its bytes.
struct InputDescriptor {
  fileprivate(set) var name = ""
  fileprivate(set) var total: Int64 = 0
  var bytesRead: Int { Int(clamping: total) }
}

/// The bytes that were fed, decompressed.
struct ByteSource: ~Copyable {
  private enum State { case closed, new, plain, compressed }

  private(set) var descriptor = InputDescriptor()
  private(set) var isAtFrameEnd = false
  /// All that will come has come.
  fileprivate(set) var isComplete = false
  /// Nothing comes for now: who asks whether it is worth to wait is told no.
  fileprivate(set) var isPaused = false

  private var state = State.closed
  private var decoder = ZstdDecoder()
  private let chunk: Int
  /// What was fed; the first `used` bytes are done with.
  private var fed = ByteBuffer(capacity: 16)
  private var used = 0
  /// Capacity that is kept for the next pieces after a larger one.
  private static let keptRoom = 1 << 20

  init(chunk: Int, longAfter: Int) { self.chunk = chunk }

  mutating func open(_ path: String) throws(StreamError) {
    descriptor.name = path
    state = .new
  }

  mutating func close() { state = .closed }

  fileprivate mutating func feed(_ bytes: RawSpan) {
    isPaused = false
    fed.removeFirst(used)
    used = 0
    if fed.isEmpty { fed.shrink(above: Self.keptRoom) }
    fed.append(bytes)
  }

  var isCompressed: Bool { state == .compressed }

  var isReady: Bool { used < fed.count || state == .compressed && decoder.hasWork || !isPaused && !isComplete }

  /// Appends some more to `buffer`; false at the end. Throws `waiting` where nothing is there.
  mutating func fill(_ buffer: inout ByteBuffer, flushing output: inout Output) throws(StreamError) -> Bool {
    switch state {
    case .new:
      try begin()
      return try fill(&buffer, flushing: &output)
    case .plain:
      guard used < fed.count else { return try end() }
      let count = min(chunk, fed.count - used)
      Self.append(fed, used..<used + count, to: &buffer)
      use(count)
      return true
    case .compressed: return try decompress(to: &buffer)
    case .closed: return false
    }
  }

  private func end() throws(StreamError) -> Bool {
    if isComplete { return false }
    throw StreamError(.waiting)
  }

  private mutating func use(_ count: Int) {
    used += count
    descriptor.total += Int64(count)
  }

  private static func append(_ fed: borrowing ByteBuffer, _ range: Range<Int>, to buffer: inout ByteBuffer) {
    buffer.append(fed.bytes(range))
  }

  private mutating func begin() throws(StreamError) {
    switch Compression.sniff(fed.bytes(used..<fed.count), atEnd: isComplete) {
    case nil: throw StreamError(.waiting)
    case .gzip?: throw StreamError(.gzip, file: descriptor.name, offset: 0)
    case .zstd?: state = .compressed
    case Compression.none?: state = .plain
    }
  }

  private mutating func decompress(to buffer: inout ByteBuffer) throws(StreamError) -> Bool {
    try gather()
    do throws(StreamError) {
      guard decoder.hasWork else {
        guard isComplete else { throw StreamError(.waiting) }
        if decoder.isBetweenFrames { return false }
        throw StreamError(.cutOffFrame)
      }
      _ = try decoder.decompress(to: &buffer, chunk: chunk)
    } catch {
      throw StreamError(error.kind, file: descriptor.name)
    }
    isAtFrameEnd = decoder.isBetweenFrames
    return true
  }

  /// Gives the decoder input. A new frame had better be there as a whole, to be decompressed at once.
  private mutating func gather() throws(StreamError) {
    if decoder.hasWork, !decoder.isBetweenFrames || decoder.isAtWholeFrame { return }
    decoder.discardConsumed()
    let count = min(decoder.room, fed.count - used)
    if count > 0 {
      Self.append(fed, used..<used + count, to: &decoder.input)
      use(count)
    }
    if decoder.isBetweenFrames, decoder.room > 0, !isComplete, !isPaused, !decoder.isAtWholeFrame {
      throw StreamError(.waiting)
    }
  }
}

extension RawSpan {
  /// The offset of the first `byte` at `start` or behind it.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = start
    while offset &+ 8 <= byteCount {
      let others = chunk(at: offset) ^ (ones &* UInt64(byte))
      let found = (others &- ones) & ~others & (ones &* 0x80)
      if found != 0 { return offset &+ found.trailingZeroBitCount >> 3 }
      offset &+= 8
    }
    while offset < byteCount {
      if self[offset] == byte { return offset }
      offset &+= 1
    }
    return nil
  }
}
