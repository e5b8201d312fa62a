import Bytes
import CZstd

/// Decompresses concatenated and skippable zstd frames from a small input buffer directly into the buffer of records.
///
/// Append compressed bytes to `input` and call `decompress`. It produces everything that the input so far contains, so that a
/// writer that flushes its frame after each record can be followed record by record. It produces all data before any damage,
/// whatever the sizes of the reads.
@safe struct ZstdDecoder: ~Copyable {
  /// The largest window that a frame may require, the same as the limit of the `zstd` program: 128 MiB.
  static let windowLog: Int32 = 27
  /// Frames with no more content than this are decompressed in one step, without libzstd's own window.
  static let wholeFrameLimit = 16 << 20
  /// Capacity of the input: most SEP-54 objects fit completely.
  static let inputCapacity = 512 << 10
  /// The most bytes that one block can contain (RFC 8878, section 3.1.1.2.4).
  private static let block = 128 << 10
  /// `ZSTD_d_stableOutBuffer`: libzstd decompresses blocks directly into the output. A libzstd without this parameter copies
  /// them.
  private static let stableOutBuffer = ZSTD_d_experimentalParam2

  /// Compressed bytes; the first `consumed` of them are used up.
  var input = ByteBuffer(capacity: 16)
  private var consumed = 0
  private var isInsideFrame = false
  private var frames = 0
  /// How much input libzstd last asked for.
  private var wanted = 1
  /// The damage after the bytes that were produced.
  private var damage: StreamError?
  private let context: OpaquePointer

  init() {
    guard let context = unsafe ZSTD_createDCtx() else { fatalError("out of memory") }
    unsafe self.context = context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  /// Prepares for the next FILE.
  mutating func reset() {
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    input.truncate(to: 0)
    consumed = 0
    isInsideFrame = false
    frames = 0
    wanted = 1
    damage = nil
  }

  /// Whether `decompress` can make progress without more input.
  var hasWork: Bool { consumed < input.count || damage != nil }
  /// Whether the input may end here.
  var isBetweenFrames: Bool { !isInsideFrame }
  /// How many more bytes the input accepts; at least one if there is no work.
  var freeCapacity: Int { Self.inputCapacity - (input.count - consumed) }

  /// Removes the used input.
  mutating func discardConsumed() {
    input.removeFirst(consumed)
    consumed = 0
  }

  /// Appends decompressed bytes to `output`, in pieces of about `chunk` bytes. Returns their number, which may be 0.
  mutating func decompress(to output: inout ByteBuffer, chunk: Int) throws(StreamError) -> Int {
    if let damage { throw damage }
    if !isInsideFrame, let whole = wholeFrame(input.bytes(consumed..<input.count), to: &output) {
      consumed += whole.used
      frames += 1
      return whole.produced
    }
    let step = step(input.bytes(consumed..<input.count), to: &output, capacity: max(chunk, Self.block), inPlace: false)
    consumed += step.used
    guard ZSTD_isError(step.status) == 0 else {
      let failure = failure(step.status)
      damage = failure
      if step.produced == 0 { throw failure }
      return step.produced
    }
    isInsideFrame = step.status != 0
    wanted = max(step.status, 1)
    if !isInsideFrame { frames += 1 }
    return step.produced
  }

  /// The result of a call: libzstd's last status, and the numbers of bytes used and produced.
  private struct CallResult {
    var status = 0
    var used = 0
    var produced = 0
  }

  /// Continues until a frame ends, the input is used up, or the output may be too small for another block.
  ///
  /// The output of a libzstd call that fails is lost. So each call gets exactly one block or one header: then a call that fails
  /// has produced nothing. `inPlace` does not use libzstd's own window; then the output must have capacity for the complete
  /// frame.
  private func step(_ compressed: RawSpan, to output: inout ByteBuffer, capacity: Int, inPlace: Bool) -> CallResult {
    var step = CallResult(status: wanted)
    _ = unsafe output.withFreeCapacity(capacity) { destination in
      var to = unsafe ZSTD_outBuffer(dst: destination.baseAddress, size: destination.count, pos: 0)
      unsafe compressed.withUnsafeBytes { source in
        if !isInsideFrame { unsafe ZSTD_DCtx_setParameter(context, Self.stableOutBuffer, inPlace ? 1 : 0) }
        repeat {
          let length = min(Self.piece(step.status), source.count - step.used)
          var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: step.used + length, pos: step.used)
          step.status = unsafe ZSTD_decompressStream(context, &to, &from)
          guard ZSTD_isError(step.status) == 0 else { break }
          step.used = unsafe from.pos
          step.produced = unsafe to.pos
        } while step.status != 0 && step.used < source.count && (inPlace || capacity - step.produced >= Self.block)
      }
      return step.produced
    }
    return step
  }

  /// How many of the bytes that libzstd asks for to pass: with a block it also asks for the next block's header.
  private static func piece(_ wanted: Int) -> Int {
    let blockHeader = 3
    return wanted > blockHeader ? wanted - blockHeader : wanted
  }

  /// Whether the input contains the complete next frame.
  var isAtWholeFrame: Bool { wholeFrameSize != nil }

  /// The compressed size of the next frame; nil if the input does not contain all of it.
  private var wholeFrameSize: Int? {
    if isInsideFrame || damage != nil { return nil }
    let next = input.bytes(consumed..<input.count)
    return unsafe next.withUnsafeBytes { bytes in
      let size = unsafe ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count)
      return ZSTD_isError(size) == 0 ? size : nil
    }
  }

  /// Moves complete frames to the input of another decoder, until that has `enough` compressed bytes.
  mutating func moveFrames(to other: inout ZstdDecoder, enough: Int) {
    while other.input.count < enough, let size = wholeFrameSize {
      other.input.append(input.bytes(consumed..<consumed + size))
      consumed += size
      frames += 1
    }
  }

  /// Puts back compressed frames, which are decompressed before the present input.
  mutating func returnFrames(_ frames: RawSpan) {
    var input = ByteBuffer(capacity: frames.byteCount + self.input.count - consumed)
    input.append(frames)
    input.append(self.input.bytes(consumed..<self.input.count))
    self.input = input
    consumed = 0
  }

  /// Decompresses the next frame in place if it is intact and complete, and its content is known to be small. Otherwise returns
  /// nil and changes nothing: the choice of the method affects where damage is noticed, so it must not depend on the sizes of the
  /// reads.
  ///
  /// The objects of a data lake do not declare their size, but their blocks give a bound. The content must not exceed the window:
  /// an offset that points outside it is an error for only one of libzstd's two methods.
  private func wholeFrame(_ next: RawSpan, to output: inout ByteBuffer) -> CallResult? {
    guard let window = Self.window(next) else { return nil }
    let (size, bound) = unsafe next.withUnsafeBytes { source in
      let size = unsafe ZSTD_findFrameCompressedSize(source.baseAddress, source.count)
      return unsafe (size, ZSTD_isError(size) != 0 ? 0 : ZSTD_decompressBound(source.baseAddress, size))
    }
    guard ZSTD_isError(size) == 0, bound <= UInt64(min(Int64(Self.wholeFrameLimit), window)) else { return nil }
    let before = output.count
    let step = step(next.extracting(0..<size), to: &output, capacity: Int(bound), inPlace: true)
    if step.status == 0 { return step }
    output.truncate(to: before)
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    return nil
  }

  /// The window size of a frame (RFC 8878, section 3.1.1.1.2); `Int64.max` if the window is the whole content. Nil if it is too
  /// large, which libzstd must refuse, and for any other kind of frame: libzstd may know older formats.
  private static func window(_ frame: RawSpan) -> Int64? {
    guard frame.byteCount > 5, frame.word(at: 0) == 0x28B5_2FFD else { return nil }
    if frame[4] & 0x20 != 0 { return .max }
    let base: Int64 = 1 << Int64(10 + frame[5] >> 3)
    let window = base + base / 8 * Int64(frame[5] & 7)
    return window <= 1 << windowLog ? window : nil
  }

  private func failure(_ status: Int) -> StreamError {
    switch ZSTD_getErrorCode(status) {
    case ZSTD_error_frameParameter_windowTooLarge: StreamError(.zstdWindow(limit: 1 << Self.windowLog))
    case ZSTD_error_prefix_unknown where frames > 0: StreamError(.garbageAfterZstd)
    // A frame that contains more than it declares. libzstd reports this at a position that depends on its buffer.
    case ZSTD_error_dstSize_tooSmall:
      StreamError(.zstd(unsafe String(cString: ZSTD_getErrorString(ZSTD_error_corruption_detected))))
    default: unsafe StreamError(.zstd(String(cString: ZSTD_getErrorName(status))))
    }
  }
}
