import Bytes
import StellarJSON
import StellarXDR
import Streams

extension Output {
  /// Appends the line that a renderer makes of a record. A large one is written while it is rendered, and with it all that stands before it in
  /// the buffer; otherwise it is still to be finished. The renderer's errors come before anything of the record is written.
  package mutating func append(line record: RawSpan, _ type: TypeID, by renderer: Renderer) throws {
    let outline = renderer.outline
    let isLarge = record.byteCount > Self.mostBeside
    if isLarge { outline.begin(buffer) }
    defer { if isLarge { outline.end() } }
    try renderer.render(type, record, into: &buffer)
    buffer.append(UInt8(ascii: "\n"))
    guard isLarge, !outline.gaps.isEmpty else { return }
    outline.take(from: &buffer)
    beginParts()
    for gap in outline.gaps {
      outline.appendText(before: gap, to: &buffer)
      renderer.fill(gap.filling, record.extracting(gap.bytes), into: &buffer)
      try finishRecord()
    }
  }
}
