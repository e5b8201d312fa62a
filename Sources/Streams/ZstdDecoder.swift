import Bytes
import CZstd

/// Decompresses concatenated and skippable zstd frames from a small buffer of input straight into the buffer of records.
///
/// Compressed bytes are appended to `input`; `decompress` takes them from there. It delivers all that the input so far gives,
/// so a writer that flushes its frame after each record is followed record by record.
@safe struct ZstdDecoder: ~Copyable {
  /// The most that a frame may ask for its window, as of the `zstd` program: 128 MiB.
  static let windowLog: Int32 = 27
  /// Frames up to this size are decompressed in one pass, without libzstd's own window in between.
  static let onePassLimit = 16 << 20
  /// Compressed bytes that are waited for at most: most SEP-54 objects lie whole in it.
  static let inputRoom = 512 << 10

  /// Compressed bytes; the first `consumed` of them are done with.
  var input = ByteBuffer(capacity: 16)
  private var consumed = 0
  private var isInsideFrame = false
  private var frames = 0
  /// Whether the last call filled all of its room, so that libzstd may hold more without further input.
  private var mayHoldMore = false
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
    frames = 0
    isInsideFrame = false
    mayHoldMore = false
  }

  /// Whether `decompress` can do something without more input.
  var hasWork: Bool { consumed < input.count || mayHoldMore }
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
    let room = isInsideFrame ? chunk : max(chunk, onePassRoom)
    let (status, used, produced) = step(input.bytes(consumed..<input.count), to: &output, room: room)
    guard ZSTD_isError(status) == 0 else { throw failure(status) }
    consumed += used
    isInsideFrame = status != 0
    mayHoldMore = isInsideFrame && produced == room
    if !isInsideFrame { frames += 1 }
    return produced
  }

  /// One call of libzstd: its status, the bytes it used and the bytes it produced.
  private func step(_ compressed: RawSpan, to output: inout ByteBuffer, room: Int) -> (Int, Int, Int) {
    var status = 0
    var used = 0
    let produced = unsafe output.withRoom(room) { destination in
      unsafe compressed.withUnsafeBytes { source in
        var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var to = unsafe ZSTD_outBuffer(dst: destination.baseAddress, size: destination.count, pos: 0)
        status = unsafe ZSTD_decompressStream(context, &to, &from)
        used = unsafe from.pos
        return unsafe to.pos
      }
    }
    return (status, used, produced)
  }

  /// Whether the input holds the next frame from its first byte to its last.
  var holdsWholeFrame: Bool {
    let next = input.bytes(consumed..<input.count)
    return unsafe next.withUnsafeBytes { bytes in
      unsafe ZSTD_isError(ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count)) == 0
    }
  }

  /// The size of the next frame's content, if it is declared and the frame is all there:
  /// with that much room libzstd needs one pass.
  private var onePassRoom: Int {
    let next = input.bytes(consumed..<input.count)
    let declared = unsafe next.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // The values for "not known" and "error" are the two largest.
    return declared <= UInt64(Self.onePassLimit) && holdsWholeFrame ? Int(declared) : 0
  }

  private func failure(_ status: Int) -> StreamError {
    switch ZSTD_getErrorCode(status) {
    case ZSTD_error_frameParameter_windowTooLarge: StreamError(.zstdWindow(limit: 1 << Self.windowLog))
    case ZSTD_error_prefix_unknown where frames > 0: StreamError(.garbageAfterZstd)
    default: unsafe StreamError(.zstd(String(cString: ZSTD_getErrorName(status))))
    }
  }
}
