import Bytes
import StellarJSON
import StellarXDR
import Streams

extension Output {
  /// Appends a record as a line of text. A large record is written in parts while it is rendered, after the bytes before it in
  /// the buffer. A smaller record must be finished by the caller. The renderer throws before any part of the record is written.
  package mutating func append(line record: RawSpan, _ type: TypeID, by renderer: Renderer) throws {
    let partialText = renderer.partialText
    let isLarge = record.byteCount > Self.large
    if isLarge { partialText.begin(buffer) }
    defer { if isLarge { partialText.end() } }
    try renderer.render(type, record, into: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    guard isLarge, !partialText.parts.isEmpty else { return }
    partialText.take(from: &buffer)
    for part in partialText.parts {
      partialText.appendText(before: part, to: &buffer)
      renderer.renderPart(part.content, record.extracting(part.bytes), into: &buffer)
      try finishRecord()
    }
  }
}
