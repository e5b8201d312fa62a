import Bytes
import CZstd

/// Decompresses concatenated and skippable zstd frames from a small buffer of input straight into the buffer of records.
///
/// Compressed bytes are appended to `input`; `decompress` takes them from there. It delivers all that the input so far gives,
/// so a writer that flushes its frame after each record is followed record by record; and all that stands before any damage,
/// the same for any way the bytes arrive.
@safe struct ZstdDecoder: ~Copyable {
  /// The most that a frame may ask for its window, as of the `zstd` program: 128 MiB.
  static let windowLog: Int32 = 27
  /// Frames of no more content than this are decompressed at once, without libzstd's own window in between.
  static let wholeFrameLimit = 16 << 20
  /// Compressed bytes that are waited for at most: most SEP-54 objects lie whole in it.
  static let inputRoom = 512 << 10
  /// The most that one block can hold (RFC 8878, section 3.1.1.2.4).
  private static let block = 128 << 10
  /// `ZSTD_d_stableOutBuffer`: blocks are decompressed into the output itself. A libzstd that does not know it copies them.
  private static let stableOutBuffer = ZSTD_d_experimentalParam2

  /// Compressed bytes; the first `consumed` of them are done with.
  var input = ByteBuffer(capacity: 16)
  private var consumed = 0
  private var isInsideFrame = false
  private var frames = 0
  /// How much input libzstd asked for last.
  private var wanted = 1
  /// The damage behind what was delivered.
  private var damage: StreamError?
  private let context: OpaquePointer

  init() {
    guard let context = unsafe ZSTD_createDCtx() else { fatalError("out of memory") }
    unsafe self.context = context
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  /// Forgets the FILE before.
  mutating func reset() {
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    input.truncate(to: 0)
    consumed = 0
    isInsideFrame = false
    frames = 0
    wanted = 1
    damage = nil
  }

  /// Whether `decompress` can do something without more input.
  var hasWork: Bool { consumed < input.count || damage != nil }
  /// Whether the input may end here.
  var isBetweenFrames: Bool { !isInsideFrame }
  /// How much more input is welcome; more than nothing whenever there is no work.
  var room: Int { Self.inputRoom - (input.count - consumed) }

  /// Drops the input that was used, to make room for more.
  mutating func discardConsumed() {
    input.removeFirst(consumed)
    consumed = 0
  }

  /// Decompresses some of the input to the end of `output`, in pieces of about `chunk` bytes;
  /// returns how many came out, perhaps none.
  mutating func decompress(to output: inout ByteBuffer, chunk: Int) throws(StreamError) -> Int {
    if let damage { throw damage }
    if !isInsideFrame, let whole = wholeFrame(input.bytes(consumed..<input.count), to: &output) {
      consumed += whole.used
      frames += 1
      return whole.produced
    }
    let step = step(input.bytes(consumed..<input.count), to: &output, room: max(chunk, Self.block), inPlace: false)
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

  /// What a call came to: libzstd's last status, the bytes it used and the bytes it produced.
  private struct Step {
    var status = 0
    var used = 0
    var produced = 0
  }

  /// Goes on until a frame ends, the input is used up, or another block might not find room.
  ///
  /// What libzstd produced in a call that fails is lost. So each call is given one block or one header and no byte more:
  /// then a call that fails has produced nothing. `inPlace` is without libzstd's own window; the whole frame must find room.
  private func step(_ compressed: RawSpan, to output: inout ByteBuffer, room: Int, inPlace: Bool) -> Step {
    var step = Step(status: wanted)
    _ = unsafe output.withRoom(room) { destination in
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
        } while step.status != 0 && step.used < source.count && (inPlace || room - step.produced >= Self.block)
      }
      return step.produced
    }
    return step
  }

  /// The bytes to give, of those that libzstd asks for: for a block it also asks for the header behind it.
  private static func piece(_ wanted: Int) -> Int {
    let blockHeader = 3
    return wanted > blockHeader ? wanted - blockHeader : wanted
  }

  /// Whether the input holds the next frame from its first byte to its last.
  var isAtWholeFrame: Bool {
    if isInsideFrame { return false }
    let next = input.bytes(consumed..<input.count)
    return unsafe next.withUnsafeBytes { bytes in
      unsafe ZSTD_isError(ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count)) == 0
    }
  }

  /// Decompresses the next frame in place if it is good and all there, and its content is known to be small. Returns nil, and does nothing,
  /// otherwise: where damage is noticed depends on the way, and the way may not depend on how the bytes arrived.
  ///
  /// The objects of a data lake do not declare how much they hold; their blocks do, about. More than the window is not taken: an offset that
  /// leads out of it is an error for one way of libzstd, and none for the other.
  private func wholeFrame(_ next: RawSpan, to output: inout ByteBuffer) -> Step? {
    guard let window = Self.window(next) else { return nil }
    let (size, bound) = unsafe next.withUnsafeBytes { source in
      let size = unsafe ZSTD_findFrameCompressedSize(source.baseAddress, source.count)
      return unsafe (size, ZSTD_isError(size) != 0 ? 0 : ZSTD_decompressBound(source.baseAddress, size))
    }
    guard ZSTD_isError(size) == 0, bound <= UInt64(min(Int64(Self.wholeFrameLimit), window)) else { return nil }
    let before = output.count
    let step = step(next.extracting(0..<size), to: &output, room: Int(bound), inPlace: true)
    if step.status == 0 { return step }
    output.truncate(to: before)
    unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
    return nil
  }

  /// The window of a frame (RFC 8878, section 3.1.1.1.2), without limit for one that is as large as the content. Nil for one too large, which
  /// libzstd has to refuse, and for what is no such frame: libzstd may know older formats.
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
    // A frame that holds more than it says: seen at another place depending on libzstd's buffer.
    case ZSTD_error_dstSize_tooSmall:
      StreamError(.zstd(unsafe String(cString: ZSTD_getErrorString(ZSTD_error_corruption_detected))))
    default: unsafe StreamError(.zstd(String(cString: ZSTD_getErrorName(status))))
    }
  }
}
