import Bytes
import Streams
import TestSupport
import Testing

@Suite struct FormatTests {
  /// The first bytes of a FILE, and the format that they indicate.
  static let table: [(String, [UInt8], Framing)] = [
    ("last fragment", [0x80, 0, 0, 1, 7], .marked),
    ("long record", [0xFF, 0xFF, 0xFF, 0xFF], .marked),
    ("object", Array("{\"a\":1}".utf8), .lines),
    ("array", Array("[1]".utf8), .lines),
    ("string", Array("\"AAAA\"".utf8), .lines),
    ("blank", Array("\n{}".utf8), .lines),
    ("base64", Array("AAAAAQ==".utf8), .lines),
    ("base64 of a batch", Array("A8K+/wPCvv8".utf8), .lines),
    ("short base64 line", Array("AA\nA".utf8), .lines),
    ("short base64 line of Windows", Array("AA\r\n".utf8), .lines),
    ("short base64 file", Array("AA".utf8), .lines),
    ("LedgerCloseMeta V0", [0, 0, 0, 0], .bare),
    ("LedgerCloseMeta V2", [0, 0, 0, 2], .bare),
    ("batch", [0x03, 0xC2, 0xBE, 0xFF], .bare),
    ("batch that begins like base64", [0x41, 0x42, 0x43, 0x00], .bare),
    ("number", Array("12 4".utf8), .bare),
    ("like a zstd frame", [0x28, 0xB5, 0x2F, 0xFE], .bare),
    ("like a skippable frame", [0x50, 0x2A, 0x4D, 0x19], .bare),
    ("one byte", [0x03], .bare),
  ]

  @Test(arguments: table.indices, [1, 2, 3, 4, 1000])
  func areRecognisedByTheFirstBytes(row: Int, chunk: Int) throws {
    let (name, bytes, framing) = Self.table[row]
    let folder = try TemporaryFolder()
    for (form, content) in [("plain", bytes), ("zstd", zstd(bytes))] {
      #expect(try Self.framing(try folder.file(form, content), .automatic, chunk) == framing, "\(name), \(form)")
    }
  }

  @Test func canBeForced() throws {
    let folder = try TemporaryFolder()
    let base64 = try folder.file("a", Array("AAAA".utf8))
    #expect(try Self.framing(base64, .xdr, 1) == .bare)
    let record = try folder.file("b", zstd(marked([1])))
    #expect(try Self.framing(record, .ndjson, 1) == .lines)
    #expect(try Self.framing(record, .xdr, 1) == .marked)
  }

  @Test(arguments: [1, 2, 1000]) func gzipIsRefusedWithAHint(chunk: Int) throws {
    let folder = try TemporaryFolder()
    let file = try folder.file("a", [0x1F, 0x8B, 8, 0, 0])
    for format in InputFormat.allCases {
      let run = readAll([file], format: format, chunk: chunk)
      #expect(run.error == StreamError(.gzip, file: file, offset: 0))
      #expect(run.error?.description.contains("zcat") == true)
    }
  }

  @Test func emptyFilesHaveNoRecords() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.file("a", [])
    for format in InputFormat.allCases { #expect(readAll([empty, "/dev/null", empty], format: format) == Run()) }
    #expect(readAll([empty, try folder.file("b", marked([1])), empty]).records == [[1]])
  }

  /// The container of the first FILE, as the reader reports it with a record.
  private static func framing(_ file: String, _ format: InputFormat, _ chunk: Int) throws -> Framing {
    var output = Output(descriptor: -1)
    var reader = RecordReader(InputFiles([file]), format: format, maximumRecord: 1 << 31, chunk: chunk)
    _ = try? reader.next(&output)
    return reader.framing
  }
}
