import Bytes

/// The bytes of one FILE after the other, decompressed.
///
/// It is one value for all FILEs, so that opening the next one of a million small ones allocates nothing.
struct ByteSource: ~Copyable {
  private enum State { case closed, new, plain, compressed, ended }

  private(set) var descriptor = InputDescriptor()
  private var decoder = ZstdDecoder()
  private var state = State.closed
  /// How much is read at once.
  private let chunk: Int

  init(chunk: Int) { self.chunk = chunk }

  mutating func open(_ path: String, flushing output: inout Output) throws(StreamError) {
    try descriptor.open(path, flushing: &output)
    decoder.reset()
    state = .new
  }

  mutating func close() {
    descriptor.close()
    state = .closed
  }

  /// Whether the FILE is compressed.
  var isCompressed: Bool { state == .compressed }

  /// Whether `fill` would return without waiting for the FILE's writer.
  var isReady: Bool { state == .compressed && decoder.hasWork || descriptor.isReady }

  /// Appends some more of the FILE to `buffer`; false at its end. Flushes `output` before it waits.
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

  private mutating func decompress(to buffer: inout ByteBuffer, flushing output: inout Output) throws(StreamError) -> Bool {
    while true {
      try gather(flushing: &output)
      guard decoder.hasWork else {
        if decoder.isBetweenFrames { return false }
        throw StreamError(.cutOffFrame, file: descriptor.name)
      }
      do throws(StreamError) {
        if try decoder.decompress(to: &buffer, chunk: chunk) > 0 { return true }
      } catch {
        throw StreamError(error.kind, file: descriptor.name)
      }
    }
  }

  /// Fills the decoder's input as far as that is possible without waiting; waits only if there is nothing else to do.
  private mutating func gather(flushing output: inout Output) throws(StreamError) {
    // Inside a frame a steady stream of input is enough; a new frame had better be there as a whole, to be decompressed at once.
    if decoder.hasWork && (!decoder.isBetweenFrames || decoder.holdsWholeFrame) { return }
    decoder.discardConsumed()
    while decoder.room > 0 && (!decoder.hasWork || descriptor.isReady) {
      let length = min(chunk, decoder.room)
      if try descriptor.read(length, to: &decoder.input, flushing: &output) == 0 { return }
    }
  }
}
