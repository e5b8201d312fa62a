// Streams: any input, in reads of any size, gives the same records and the same error.

import Bytes
import Foundation
import Ledgers
import StellarXDR
import Streams
import TestSupport

/// A file in memory, rewritten for each input and opened through its descriptor.
private let file: Int32 = {
  let name = "/soroban-pipes-fuzz.\(getpid())"
  let descriptor = unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
  require(descriptor >= 0, "a file in memory can be made")
  _ = unsafe shm_unlink(name)
  return descriptor
}()
private let path = "/dev/fd/\(file)"

/// Never written to.
private nonisolated(unsafe) var output = Output(descriptor: -1)

/// Sets the content of the file.
private func write(_ bytes: [UInt8]) {
  _ = ftruncate(file, bytes.count)
  let written = unsafe pwrite(file, bytes, bytes.count, 0)
  require(written == bytes.count, "the input can be written")
}

private struct Run: Equatable {
  static let badValue = "a value that is damaged or too long"

  var records: [[UInt8]] = []
  var places: [Place] = []
  var framings: [Framing] = []
  var error: String?
}

/// Reads the file.
private func read(format: InputFormat, chunk: Int, maximumRecord: Int) -> Run {
  var run = Run()
  var reader = RecordReader(
    InputFiles([path]), format: format, maximumRecord: maximumRecord, joining: .xdr, chunk: chunk)
  reader.framer = LedgerReader(network: nil, wanted: .all, countsEvents: false)
  while true {
    do throws(StreamError) {
      guard try unsafe reader.next(&output) else { return run }
      run.records.append(reader.record.copied)
      run.places.append(reader.place)
      run.framings.append(reader.framing)
    } catch {
      require(error.isBadData, "a file that can be read has only bad data: \(error)")
      require(!error.description.isEmpty, "an error has words")
      // For a truncated record, the numbers of available and required bytes depend on the last request; the truncation itself
      // does not. For an unframed record that is both damaged and too long, either error may be found first.
      switch error.kind {
      case .cutOff: run.error = "cut off"
      case .noRecord,
        .tooLong where reader.framing == .bare:
        run.error = Run.badValue
      default: run.error = "\(error)"
      }
      if !error.isSkippable { return run }
    }
  }
}

/// A stream as it is, or records that are first marked.
@Sendable func fuzzContainers(_ input: inout Input) {
  let choice = input.byte()
  if choice & 8 != 0 { return fuzzMarking(&input) }
  let format = [InputFormat.automatic, .xdr, .ndjson, .automatic][choice & 3]
  let maximumRecord = choice & 4 == 0 ? 1 << 16 : 100
  // About one to five hundred reads.
  let chunk = 1 + input.byte() % 64 * max(1, input.count / 512)
  write(input.bytes)
  // One chunk larger than any input.
  let whole = read(format: format, chunk: 16 << 10, maximumRecord: maximumRecord)
  let pieces = read(format: format, chunk: chunk, maximumRecord: maximumRecord)
  require(whole == pieces, "records do not depend on the chunk of \(chunk): \(whole) \(pieces)")
  for (record, framing) in zip(whole.records, whole.framings) {
    require(record.count <= maximumRecord, "a record of \(record.count) bytes is within --max-record")
    if framing == .marked { require(!record.isEmpty, "an empty record is an error") }
    let first = record.first { $0 > 0x20 }
    let isValue = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    if framing == .lines { require(isValue || !record.contains(0x0A), "only a JSON value has line feeds inside") }
  }
}

/// Records in fragments of sizes that the input chooses are read back complete.
private func fuzzMarking(_ input: inout Input) {
  let chunk = 1 + input.byte() % 200
  var stream: [UInt8] = []
  var records: [[UInt8]] = [[]]
  func header(_ length: Int, isLast: Bool) {
    stream += (0..<4).map { UInt8(truncatingIfNeeded: (length | (isLast ? 1 << 31 : 0)) >> (24 - 8 * $0)) }
  }
  while !input.isEmpty {
    let choice = input.byte()
    let length = min(choice & 0x3F, input.count)
    // A stream whose first fragment is not the last one looks like bare XDR. No record is empty.
    let isLast = choice & 0x80 != 0 || records.count == 1
    if isLast, length == 0, records[records.count - 1].isEmpty { continue }
    header(length, isLast: isLast)
    for _ in 0..<length {
      let byte = UInt8(input.byte())
      stream.append(byte)
      records[records.count - 1].append(byte)
    }
    if isLast { records.append([]) }
  }
  if !records[records.count - 1].isEmpty || !stream.isEmpty { header(0, isLast: true) }
  if records[records.count - 1].isEmpty { return }
  write(stream)
  let run = read(format: .automatic, chunk: chunk, maximumRecord: 1 << 20)
  require(run.error == nil, "the stream is good: \(run.error ?? "")")
  require(run.records == records, "the records that were marked come back")
}
