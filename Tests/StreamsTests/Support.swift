// Shared by the tests of this folder: files, pipes, containers, and a run of the reader.

import Bytes
import CZstd
import Foundation
import Streams
import TestSupport
import Testing

/// The result of reading some FILEs.
struct Run: Equatable {
  var records: [[UInt8]] = []
  var places: [Place] = []
  var error: StreamError?
}

/// Reads all records of `files` as a tool does. Unframed bytes are read as `Toy` records.
func readAll(
  _ files: [String], format: InputFormat = .automatic, maximumRecord: Int = 1 << 20, joining: LineJoining = .off,
  chunk: Int = 256 << 10, keepGoing: Bool = false
) -> Run {
  var run = Run()
  var output = Output(descriptor: -1)
  var reader = RecordReader(InputFiles(files), format: format, maximumRecord: maximumRecord, joining: joining, chunk: chunk)
  reader.framer = ToyFramer()
  while true {
    do throws(StreamError) {
      guard try reader.next(&output) else { return run }
      run.records.append(reader.record.copied)
      run.places.append(reader.place)
    } catch {
      run.error = error
      if !(keepGoing && error.isSkippable) { return run }
    }
  }
}

/// A type of unframed records: a word with the length (its first byte is zero, as in a LedgerCloseMeta), then the bytes.
/// 0x00FFFFnn is a header that announces nn records, as that of a LedgerCloseMetaBatch does.
enum Toy {
  static func record(_ payload: [UInt8]) -> [UInt8] { bigEndian(UInt32(payload.count)) + payload }
  static func header(_ count: UInt8) -> [UInt8] { [0, 0xFF, 0xFF, count] }
}

/// Finds `Toy` records.
final class ToyFramer: BareFramer {
  /// The size of the bytes that it examined.
  private(set) var walked = 0

  func extent(of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords) -> Extent {
    guard bytes.byteCount >= 4 else { return .more(atLeast: Int64(4 - bytes.byteCount)) }
    let length = Int(bytes.word(at: 0))
    if length == 0xFFFF00 { return .skip(4) }
    if length >> 8 == 0xFFFF {
      announced.count = UInt32(length & 0xFF)
      let rest = extent(of: bytes.extracting(droppingFirst: 4), at: offset + 4, atEnd: atEnd, announced: &announced)
      return if case .record(_, let length) = rest { .record(skip: 4, length: length) } else { rest }
    }
    walked += min(bytes.byteCount, 4 + length)
    guard bytes.byteCount >= 4 + length else { return .more(atLeast: Int64(4 + length - bytes.byteCount)) }
    if announced.count > 0 { announced.count -= 1 }
    return .record(length: 4 + length)
  }
}

func bigEndian(_ word: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }

/// RFC 5531 record marking, in fragments of `size` bytes.
func marked(_ payload: [UInt8], fragments size: Int = .max) -> [UInt8] {
  var result: [UInt8] = []
  var rest = payload[...]
  repeat {
    let fragment = rest.prefix(size)
    rest = rest.dropFirst(size)
    result += bigEndian(UInt32(fragment.count) | (rest.isEmpty ? 1 << 31 : 0)) + fragment
  } while !rest.isEmpty
  return result
}

/// A frame. With `declaresSize` false it has its own window, like a frame that a stream was compressed to.
func zstd(_ bytes: [UInt8], level: Int32 = 3, checksum: Bool = false, declaresSize: Bool = true) -> [UInt8] {
  let context = unsafe ZSTD_createCCtx()
  defer { unsafe ZSTD_freeCCtx(context) }
  unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
  unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
  unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, declaresSize ? 1 : 0)
  var compressed = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
  let length = unsafe ZSTD_compress2(context, &compressed, compressed.count, bytes, bytes.count)
  return Array(compressed.prefix(length))
}

func skippableFrame(_ content: [UInt8]) -> [UInt8] {
  [0x5E, 0x2A, 0x4D, 0x18, UInt8(content.count), 0, 0, 0] + content
}

/// A zstd frame of uncompressed blocks, one for each piece, as made by a writer that flushes after each; it declares no size.
func flushedFrame(_ pieces: [[UInt8]]) -> [[UInt8]] {
  let windowOf128KiB: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
  let blocks = pieces.map { piece in
    let header = piece.count << 3
    return [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16)] + piece
  }
  return [windowOf128KiB] + blocks + [[1, 0, 0]]
}

/// Pseudorandom bytes, the same in each run.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return UInt8(truncatingIfNeeded: state >> 32)
  }
}

/// A folder that is removed with the value.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "streams-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    let whole = path + "/" + name
    let folder = (whole as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: whole))
    return whole
  }
}

/// A pipe whose reading end a reader can open as a FILE.
struct Pipe: ~Copyable {
  let readEnd: Int32
  private(set) var writeEnd: Int32

  init() {
    var ends: [Int32] = [0, 0]
    _ = unsafe pipe(&ends)
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    if writeEnd >= 0 { close(writeEnd) }
  }

  var path: String { "/dev/fd/\(readEnd)" }

  func write(_ bytes: [UInt8]) { writeAll(writeEnd, bytes) }

  mutating func end() {
    close(writeEnd)
    writeEnd = -1
  }

  /// Call this after other code has closed the writing end.
  mutating func abandon() { writeEnd = -1 }

  /// The number of bytes that were written and not read yet.
  var waiting: Int {
    var count: Int32 = 0
    _ = unsafe ioctl(readEnd, UInt(FIONREAD), &count)
    return Int(count)
  }

  func read(_ limit: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = unsafe Foundation.read(readEnd, &bytes, limit)
    return Array(bytes.prefix(max(count, 0)))
  }

  /// Reads until there are `count` bytes.
  func readAll(_ count: Int) -> [UInt8] {
    var received: [UInt8] = []
    while received.count < count { received += read(70_000) }
    return received
  }
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return }
    rest = rest.dropFirst(count)
  }
}

/// Runs `body` on its own thread; `wait` waits for its end.
struct Background {
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    let done = done
    Thread.detachNewThread {
      body()
      done.signal()
    }
  }

  func wait() { done.wait() }
}

/// The resident memory of this process.
func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4096 : 0
}
