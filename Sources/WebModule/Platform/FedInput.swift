import Bytes

// The counterpart of Streams' files and descriptors for an input that the host feeds. RecordReader is the same for both.

/// The only input, which exists from the beginning.
package struct InputFiles {
  package struct File {
    let path: String
    let lakeObject: LakeObject?
  }

  /// Data lakes cannot be followed here.
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

/// A placeholder: there are no data lakes here.
package struct LakeObject: Equatable {
  package var directory: String? { nil }
  package var path: String { "" }
  package var ledgers: ClosedRange<UInt32> { 0...0 }
}

/// A placeholder: there are no files here.
struct FileStamp {
  init() {}
  init(of path: String) {}
}

extension RecordReader {
  mutating func nextFile() throws(StreamError) -> InputFiles.File? { try files.next() }

  /// Adds bytes to the input.
  mutating func feed(_ bytes: RawSpan) { source.feed(bytes) }

  /// No bytes are coming for now.
  mutating func pause() { source.isPaused = true }

  /// No more bytes will come.
  mutating func endInput() { source.isComplete = true }
}

/// The name and the size of the input.
struct InputDescriptor {
  fileprivate(set) var name = ""
  fileprivate(set) var total: Int64 = 0
  var bytesRead: Int { Int(clamping: total) }
}

/// The decompressed bytes of the input that was fed.
struct ByteSource: ~Copyable {
  private enum State { case closed, new, plain, compressed }

  private(set) var descriptor = InputDescriptor()
  private(set) var isAtFrameEnd = false
  /// Whether all bytes of the input have been fed.
  fileprivate(set) var isComplete = false
  /// Whether no bytes are coming for now: then `isReady` is false without input.
  fileprivate(set) var isPaused = false

  private var state = State.closed
  private var decoder = ZstdDecoder()
  private let chunk: Int
  /// The bytes that were fed; the first `used` of them are used up.
  private var fed = ByteBuffer(capacity: 16)
  private var used = 0
  /// Capacity that the buffer keeps after a larger piece.
  private static let keptCapacity = 1 << 20

  init(chunk: Int) { self.chunk = chunk }

  mutating func open(_ path: String) throws(StreamError) {
    descriptor.name = path
    state = .new
  }

  mutating func close() { state = .closed }

  fileprivate mutating func feed(_ bytes: RawSpan) {
    isPaused = false
    fed.removeFirst(used)
    used = 0
    if fed.isEmpty { fed.shrink(above: Self.keptCapacity) }
    fed.append(bytes)
  }

  var isUndecided: Bool { state == .new }

  var isCompressed: Bool { state == .compressed }

  var isReady: Bool { used < fed.count || state == .compressed && decoder.hasWork || !isPaused && !isComplete }

  /// Appends more of the input to `buffer`; returns false at the end. Throws `waiting` if no bytes are available.
  mutating func fill(_ buffer: inout ByteBuffer) throws(StreamError) -> Bool {
    switch state {
    case .new:
      try begin()
      return try fill(&buffer)
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

  /// Passes input to the decoder. A new frame is best collected first: a complete frame is decompressed in one step.
  private mutating func gather() throws(StreamError) {
    if decoder.hasWork, !decoder.isBetweenFrames || decoder.isAtWholeFrame { return }
    decoder.discardConsumed()
    let count = min(decoder.freeCapacity, fed.count - used)
    if count > 0 {
      Self.append(fed, used..<used + count, to: &decoder.input)
      use(count)
    }
    if decoder.isBetweenFrames, decoder.freeCapacity > 0, !isComplete, !isPaused, !decoder.isAtWholeFrame {
      throw StreamError(.waiting)
    }
  }
}

extension RawSpan {
  /// The offset of the first `byte` at or after `start`.
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
