import Bytes

/// The bytes of one FILE after the other, decompressed.
///
/// It is one value for all FILEs, so that opening the next one of a million small ones allocates nothing.
struct ByteSource: ~Copyable {
  private enum State { case closed, new, plain, compressed, ended }

  private(set) var descriptor = InputDescriptor()
  private let decompression: Decompression
  private var state = State.closed
  /// How much is read at once.
  private let chunk: Int
  /// Bytes after which the next piece is decompressed while this one is worked on.
  private let longAfter: Int
  private var decompressed = 0
  /// Whether what `fill` gave last ends where a frame does, as records often do.
  private(set) var isAtFrameEnd = false

  /// Tests make the numbers small.
  init(chunk: Int, longAfter: Int = longStream) {
    self.chunk = chunk
    self.longAfter = longAfter
    decompression = Decompression(chunk: chunk)
  }

  deinit { decompression.end() }

  mutating func open(_ path: String) throws(StreamError) {
    close()
    try descriptor.open(path)
    decompression.reset()
    state = .new
  }

  mutating func close() {
    decompression.finish()
    descriptor.close()
    state = .closed
    isAtFrameEnd = false
  }

  /// Whether the FILE is compressed.
  var isCompressed: Bool { state == .compressed }

  /// Whether `fill` would return without waiting for the FILE's writer.
  var isReady: Bool {
    state == .compressed && (decompression.isStarted || decompression.decoder.hasWork) || descriptor.isReady
  }

  /// Appends some more of the FILE to `buffer`; false at its end. Flushes `output` before it waits. What was there may have come to nothing:
  /// then it returns all the same, because the caller may know something better than to wait for more.
  mutating func fill(_ buffer: inout ByteBuffer, flushing output: inout Output) throws(StreamError) -> Bool {
    while true {
      switch state {
      case .new: try begin(&buffer, flushing: &output)
      case .plain: return try descriptor.read(chunk, to: &buffer, flushing: &output) > 0
      case .compressed: return try decompress(to: &buffer, flushing: &output)
      case .ended, .closed: return false
      }
      if !buffer.isEmpty { return true }
    }
  }

  /// Reads the first bytes, enough to see whether they are compressed.
  /// `buffer` is empty, because no record goes from one FILE to the next.
  private mutating func begin(_ buffer: inout ByteBuffer, flushing output: inout Output) throws(StreamError) {
    var atEnd = false
    while true {
      switch Compression.sniff(buffer.bytes, atEnd: atEnd) {
      case nil: atEnd = try descriptor.read(chunk, to: &buffer, flushing: &output) == 0
      case .gzip?: throw StreamError(.gzip, file: descriptor.name, offset: 0)
      case .zstd?:
        decompression.decoder.input.append(buffer.bytes)
        buffer.truncate(to: 0)
        state = .compressed
        return
      case Compression.none?:
        state = atEnd ? .ended : .plain
        return
      }
    }
  }

  /// Decompresses what is there, which may be nothing yet: the end of a frame, or less than a block.
  private mutating func decompress(to buffer: inout ByteBuffer, flushing output: inout Output) throws(StreamError) -> Bool {
    do throws(StreamError) {
      let count: Int
      if decompression.isStarted {
        count = try decompression.deliver(to: &buffer)
      } else {
        try gather(flushing: &output)
        guard decompression.decoder.hasWork else {
          if decompression.decoder.isBetweenFrames { return false }
          throw StreamError(.cutOffFrame)
        }
        count = try decompression.decoder.decompress(to: &buffer, chunk: chunk)
      }
      decompressed += count
    } catch {
      throw StreamError(error.kind, file: descriptor.name)
    }
    isAtFrameEnd = decompression.decoder.isBetweenFrames
    if decompressed >= longAfter { goAhead(flushing: &output) }
    return true
  }

  /// Begins to decompress the next frame, if it is there as a whole. A part of a frame is not worth it: until a record is complete there is
  /// nothing to do beside.
  private mutating func goAhead(flushing output: inout Output) {
    guard decompression.decoder.hasWork || descriptor.isReady else { return }
    // What fails now fails again when it is needed.
    do throws(StreamError) { try gather(flushing: &output) } catch { return }
    if decompression.decoder.isAtWholeFrame { decompression.start() }
  }

  /// Fills the decoder's input as far as that is possible without waiting; waits only if there is nothing else to do.
  private mutating func gather(flushing output: inout Output) throws(StreamError) {
    // Inside a frame a steady stream of input is enough; a new frame had better be there as a whole, to be decompressed at once.
    if decompression.decoder.hasWork, !decompression.decoder.isBetweenFrames || decompression.decoder.isAtWholeFrame { return }
    decompression.decoder.discardConsumed()
    while decompression.decoder.room > 0 && (!decompression.decoder.hasWork || descriptor.isReady) {
      let length = min(chunk, decompression.decoder.room)
      if try descriptor.read(length, to: &decompression.decoder.input, flushing: &output) == 0 { return }
    }
  }
}

/// Decompresses; of a long stream, the next piece while the one before is worked on.
private final class Decompression: SecondThread, @unchecked Sendable {
  /// Room that is kept for the next frame after a larger one.
  private static let keptRoom = 4 << 20

  var decoder = ZstdDecoder()
  private var piece = ByteBuffer(capacity: 16)
  private var failure: StreamError?
  private let chunk: Int

  init(chunk: Int) {
    self.chunk = chunk
  }

  override func work() {
    do throws(StreamError) { _ = try decoder.decompress(to: &piece, chunk: chunk) } catch { failure = error }
  }

  /// Waits for the piece that was started and appends it to `buffer`; returns its length.
  func deliver(to buffer: inout ByteBuffer) throws(StreamError) -> Int {
    finish()
    if let failure { throw failure }
    let count = piece.count
    if buffer.isEmpty { swap(&buffer, &piece) } else { Self.append(piece, to: &buffer) }
    piece.truncate(to: 0)
    piece.shrink(above: Self.keptRoom)
    return count
  }

  func reset() {
    finish()
    decoder.reset()
    piece.truncate(to: 0)
    failure = nil
  }

  private static func append(_ piece: borrowing ByteBuffer, to buffer: inout ByteBuffer) {
    buffer.append(piece.bytes)
  }
}
