import Bytes
import CommandLineTools
import Invocations
import Ledgers
import Proto
import StellarJSON
import StellarXDR
import Streams

final class DecodeLoop: RecordLoop {
  private var decoder: ValueDecoder
  let framer: any BareFramer

  init(_ decoder: consuming ValueDecoder, _ framer: any BareFramer) {
    self.decoder = decoder
    self.framer = framer
  }

  /// A copy for another thread.
  func copy() -> DecodeLoop { DecodeLoop(decoder.copy(), framer) }

  /// Adds the statistics of another thread's loop.
  func merge(_ other: DecodeLoop) { decoder.merge(other.decoder) }

  /// The paths of `--field` that led to no string.
  var unseenFields: [(path: String, suggestion: String?)] { decoder.unseenFields }

  func run(_ session: inout Session) throws {
    while try session.next() {
      // The text of a large record is written in parts while it is made.
      let isLarge = decoder.needsPartialText(session.reader.record.byteCount, session.reader.framing)
      if isLarge { decoder.partialText.begin(session.output.buffer) }
      defer { if isLarge { decoder.partialText.end() } }
      do throws(DataError) {
        try decoder.decode(session.reader.record, session.reader.framing, into: &session.output.buffer)
      } catch {
        try session.skip(Failure(error, at: session.reader.place))
        continue
      }
      session.output.buffer.append(UInt8(ascii: "\n"))
      if isLarge, !decoder.partialText.parts.isEmpty {
        try writeParts(&session)
      } else {
        try session.finishRecords()
        while decoder.hasMore { try writeNext(&session) }
      }
    }
  }

  /// Writes another value of the current line.
  private func writeNext(_ session: inout Session) throws {
    do throws(DataError) { try decoder.decodeNext(of: session.reader.record, into: &session.output.buffer) } catch {
      throw Failure(error, at: session.reader.place)
    }
    session.output.buffer.append(UInt8(ascii: "\n"))
    try session.finishRecords()
  }

  /// Writes a large record in parts.
  private func writeParts(_ session: inout Session) throws {
    let partialText = decoder.partialText
    partialText.take(from: &session.output.buffer)
    for part in partialText.parts {
      try session.output.finishRecord()
      partialText.appendText(before: part, to: &session.output.buffer)
      decoder.withBytes(for: part, in: session.reader.record, session.reader.framing) {
        decoder.renderPart(part.content, $0, into: &session.output.buffer)
      }
    }
    try session.finishRecords()
  }
}

/// Decodes records for an option that applies only to ContractInvocation and ContractEvent records.
final class RenderLoop<Rendering: InvocationRenderer & ~Copyable>: RecordLoop {
  private var renderer: Rendering
  private var decoder: InvocationDecoder
  private let option: String
  /// The part of the omissions that the session has counted.
  private var counted = 0
  let framer: any BareFramer

  init(_ renderer: consuming Rendering, _ option: String) {
    self.renderer = renderer
    self.option = option
    decoder = InvocationDecoder(option: option)
    framer = RefusingFramer("XDR without record marking; \(option) reads record-marked XDR")
  }

  /// The values that could not be written as requested.
  var omissions: Omissions { renderer.omissions }

  /// Counts the new part of the omissions.
  private func countOmissions(_ session: inout Session) {
    if renderer.omissions.count > counted { session.count(omissions: renderer.omissions.count - counted) }
    counted = renderer.omissions.count
  }

  func run(_ session: inout Session) throws {
    while try session.next() {
      defer { countOmissions(&session) }
      do throws(DataError) {
        guard try decoder.decode(session.reader.record, session.reader.framing, &renderer, into: &session.output.buffer) else {
          continue
        }
      } catch {
        try session.skip(Failure(error, at: session.reader.place))
        continue
      }
      session.output.buffer.append(UInt8(ascii: "\n"))
      try session.finishRecords()
    }
  }
}

final class EncodeLoop: RecordLoop {
  private var encoder: ValueEncoder
  let framer: any BareFramer = RefusingFramer("XDR without record marking; scval-json --encode reads lines of JSON")

  init(_ type: TypeID, _ format: OutputFormat) { encoder = ValueEncoder(type: type, format: format) }

  func run(_ session: inout Session) throws {
    while try session.next() {
      do { try encoder.encode(session.reader.record, session.reader.framing, &session.output) } catch let error as DataError {
        try session.skip(Failure(error, at: session.reader.place))
        continue
      }
      try session.finishRecords()
    }
  }
}
