import Bytes

/// The decompressed bytes of a series of FILEs, one at a time.
///
/// One value serves all FILEs, so that a million small FILEs need no allocation each.
struct ByteSource: ~Copyable {
  private enum State { case closed, new, plain, compressed, frames, ended }

  private(set) var descriptor = InputDescriptor()
  private var decoder = ZstdDecoder()
  private var state = State.closed
  /// Bytes read at a time.
  private let chunk: Int
  /// Whether the bytes that the last `fill` added end at the end of a frame. Records often end there too.
  private(set) var isAtFrameEnd = false

  /// Tests make `chunk` small.
  init(chunk: Int) { self.chunk = chunk }

  mutating func open(_ path: String) throws(StreamError) {
    close()
    try descriptor.open(path)
    decoder.reset()
    state = .new
  }

  mutating func close() {
    descriptor.close()
    state = .closed
    isAtFrameEnd = false
  }

  /// Whether more bytes are needed to know if the FILE is compressed.
  var isUndecided: Bool { state == .new }

  var isCompressed: Bool { state == .compressed }

  /// Whether `fill` returns without waiting for the FILE's writer.
  var isReady: Bool { state == .frames || state == .compressed && decoder.hasWork || descriptor.isReady }

  /// Appends more of the FILE to `buffer`; returns false at its end. Throws `waiting` if no bytes are available yet. It may read
  /// compressed bytes and append nothing; it returns then too, because the caller may have something better to do than to wait.
  mutating func fill(_ buffer: inout ByteBuffer) throws(StreamError) -> Bool {
    while true {
      switch state {
      case .new: try begin(&buffer)
      case .plain: return try descriptor.read(chunk, to: &buffer) > 0
      case .compressed:
        try gather()
        return try decompress(to: &buffer)
      case .frames: return try decompress(to: &buffer)
      case .ended, .closed: return false
      }
      if !buffer.isEmpty { return true }
    }
  }

  /// Reads the first bytes, until they show whether the FILE is compressed. `buffer` is otherwise empty, because no record
  /// continues in the next FILE.
  private mutating func begin(_ buffer: inout ByteBuffer) throws(StreamError) {
    var atEnd = false
    while true {
      switch Compression.sniff(buffer.bytes, atEnd: atEnd) {
      case nil: atEnd = try descriptor.read(chunk, to: &buffer) == 0
      case .gzip?: throw StreamError(.gzip, file: descriptor.name, offset: 0)
      case .zstd?:
        decoder.input.append(buffer.bytes)
        buffer.truncate(to: 0)
        state = .compressed
        return
      case Compression.none?:
        state = atEnd ? .ended : .plain
        return
      }
    }
  }

  /// Decompresses the available input. It may append nothing: at the end of a frame, or if a block is incomplete.
  private mutating func decompress(to buffer: inout ByteBuffer) throws(StreamError) -> Bool {
    do throws(StreamError) {
      guard decoder.hasWork else {
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

  // MARK: frames for another thread

  /// Moves complete frames to another source, which decompresses them. Returns false inside a frame, or if the next frame is
  /// incomplete.
  mutating func moveFrames(to other: inout ByteSource) -> Bool {
    guard state == .compressed, decoder.isBetweenFrames else { return false }
    if !decoder.isAtWholeFrame {
      guard decoder.hasWork || descriptor.isReady else { return false }
      // The same error occurs again when these bytes are needed.
      do throws(StreamError) { try gather() } catch { return false }
    }
    guard decoder.isAtWholeFrame else { return false }
    other.close()
    other.decoder.reset()
    other.descriptor.name = descriptor.name
    other.state = .frames
    decoder.moveFrames(to: &other.decoder, enough: Self.enoughFrames)
    return true
  }

  /// Compressed bytes of frames for one thread: an object of a data lake, or several small frames.
  private static let enoughFrames = 64 << 10

  /// The compressed frames that were moved here.
  var frames: RawSpan {
    @_lifetime(borrow self)
    get { decoder.input.bytes }
  }

  /// Puts back frames that were moved to other sources; they are read in order.
  mutating func returnFrames(_ frames: RawSpan) { decoder.returnFrames(frames) }

  /// Fills the decoder's input without waiting. Waits only if the decoder has no work.
  private mutating func gather() throws(StreamError) {
    // Inside a frame any input is enough. A new frame is best collected first: a complete frame is decompressed in one step.
    if decoder.hasWork, !decoder.isBetweenFrames || decoder.isAtWholeFrame { return }
    decoder.discardConsumed()
    while decoder.freeCapacity > 0 && (!decoder.hasWork || descriptor.isReady) {
      if try descriptor.read(min(chunk, decoder.freeCapacity), to: &decoder.input) == 0 { return }
    }
  }
}
