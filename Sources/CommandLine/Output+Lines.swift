import Bytes
import StellarJSON
import StellarXDR
import Streams

extension Output {
  /// Appends a record as a line of text. A large record is written in parts while it is rendered, after the bytes before it in
  /// the buffer. A smaller record must be finished by the caller. The renderer throws before any part of the record is written.
  package mutating func append(line record: RawSpan, _ type: TypeID, by renderer: Renderer) throws {
    let outline = renderer.outline
    let isLarge = record.byteCount > Self.large
    if isLarge { outline.begin(buffer) }
    defer { if isLarge { outline.end() } }
    try renderer.render(type, record, into: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    guard isLarge, !outline.gaps.isEmpty else { return }
    outline.take(from: &buffer)
    for gap in outline.gaps {
      outline.appendText(before: gap, to: &buffer)
      renderer.fill(gap.filling, record.extracting(gap.bytes), into: &buffer)
      try finishRecord()
    }
  }
}
