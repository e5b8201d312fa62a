import ArgumentParser
import Bytes
import CommandLineTools
import Foundation
import Streams

/// The smallest tool: copies records, marked or as lines. A line that begins with `X` is unreadable.
struct CopyTool: Tool {
  static let about = About(
    name: "copy", abstract: "Copies records.", role: .transform, reads: ["test.a.v1"], writes: ["test.b.v1"],
    notes: "Nothing more.", examples: [.init("Copy \"a\" to b.", "copy < a > b"), .init("Again.", "copy < b")])

  @OptionGroup var ledgers: LedgerOptions
  @OptionGroup var options: StreamOptions

  var outputFormat: OutputFormat? { options.output ?? .ndjson }

  func run(_ session: inout Session) throws -> ExitStatus {
    while try session.next() {
      if session.reader.record[0] == UInt8(ascii: "X") {
        try session.skip(Failure(Diagnostic("begins with X", at: session.reader.place, ledger: 7)))
      } else {
        try copy(&session)
      }
    }
    return session.counters.recordsOut > 0 ? .success : .noMatch
  }

  private func copy(_ session: inout Session) throws(StreamError) {
    let record = session.reader.place.record
    session.counters.count(ledger: UInt32(record))
    if session.reader.record[0] == UInt8(ascii: "W") {
      session.messages.warn("words", Diagnostic("a word", at: session.reader.place))
    }
    if outputFormat == .xdr { session.output.beginMarkedRecord() }
    session.output.buffer.append(session.reader.record)
    if outputFormat == .xdr { try session.output.endMarkedRecord() } else { session.output.buffer.append("\n") }
    try session.finishRecords()
  }
}

/// Does what `main` of the tool does, in the test's own process, with `text` as a FILE. Exits with the tool's status.
func runCopy(_ arguments: [String], text: String? = nil) throws -> Never {
  var files: [String] = []
  if let text {
    let path = NSTemporaryDirectory() + "copy-\(getpid())"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    files = [path]
  }
  let status = CopyTool.main(arguments + files)
  if let file = files.first { try? FileManager.default.removeItem(atPath: file) }
  exit(status.rawValue)
}
