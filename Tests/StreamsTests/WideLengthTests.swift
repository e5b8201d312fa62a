// Lengths that do not fit into a 32-bit Int, as in the WebAssembly module. The results are the same as with 64 bits.

import Bytes
import Streams
import TestSupport
import Testing

private final class HugeRecord: BareFramer {
  func extent(of bytes: RawSpan, at offset: Int64, atEnd: Bool, announced: inout AnnouncedRecords) -> Extent {
    .more(atLeast: 0x1_0000_0000)
  }
}

@Suite struct WideLengthTests {
  /// Each fragment has the maximum length of 31 bits, or their sum exceeds it.
  @Test func fragmentsAboveThirtyOneBits() throws {
    let folder = try TemporaryFolder()
    let first: [UInt8] = [0, 0, 0, 4, 1, 2, 3, 4]
    let run = readAll([try folder.file("a", [0x80, 0, 0, 1, 9] + first + [0xFF, 0xFF, 0xFF, 0xFF])], maximumRecord: 1000)
    #expect(run.records == [[9]])
    #expect(run.error?.kind == .tooLong(4 + 0x7FFF_FFFF, limit: 1000))
  }

  /// An unframed record that needs more bytes than fit into 32 bits.
  @Test func recordsAboveFourGiB() throws {
    let folder = try TemporaryFolder()
    var output = Output(descriptor: -1)
    var reader = RecordReader(InputFiles([try folder.file("a", [0, 1, 2, 3])]), format: .xdr, maximumRecord: 1000)
    reader.framer = HugeRecord()
    var error: StreamError?
    do throws(StreamError) { _ = try reader.next(&output) } catch let thrown { error = thrown }
    #expect(error?.kind == .cutOff(have: 4, need: 0x1_0000_0004))
    #expect(error?.description == "the input ends inside a record, 4 of 4294967300 bytes are there")
  }
}
