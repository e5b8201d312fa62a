import Bytes
import StellarXDR

/// The text of a large record without some parts. Each missing part is rendered from a range of a value's bytes, independently and in any thread.
///
/// ```
///   value   | header |  set of transactions  | results |  100 elements  |  100 elements  | … |
///   text    {"v1":{"ledger_header":{…},"tx_set":{…[      ],"tx_processing":[              ,               , … ]}}
///   parts                                           ^                        ^              ^
/// ```
/// While a partial text is on, the renderer checks large values completely but leaves these parts out. The record can then be written
/// while the parts are rendered, and its complete text is never in memory. The extra cost is one *skip* over the value.
package final class PartialText {
  package enum Content: Sendable {
    /// Elements of an array, written by this program, with commas between them.
    case elements(Int32, count: Int)
    case hex, string, base64
    /// Text of a JSON line between its values, copied unchanged.
    case text
    case nothing
  }

  package struct Part: Sendable {
    /// The text between the previous part and this one.
    package let text: Range<Int>
    package let content: Content
    /// A range of the record for text, and if the record is itself a value; otherwise a range of the decoded values.
    package let bytes: Range<Int>
  }

  /// The size in bytes at which a part ends: a multiple of three, for base64, and large enough that most repeated values are
  /// in the same part (see `RepeatCache`).
  package static let partSize = 3 << 16
  let partSize: Int
  /// A larger value gets parts, and a larger array element gets parts of its own.
  var large: Int { 2 * partSize }

  package private(set) var parts: [Part] = []
  private(set) var isOn = false
  /// Whether a large value is being rendered.
  private(set) var isOpen = false
  /// A buffer with the text, which starts at `textStart`.
  private var text = ByteBuffer()
  private var textStart = 0
  /// Larger texts are swapped instead of copied.
  private var copyLimit: Int { 6 * partSize }
  /// The start of the record in the buffer that it is rendered into.
  private var start = 0
  /// The start of the current value in the bytes of all values with parts, and the end of the bytes that parts need so far.
  private var base = 0
  private var valuesEnd = 0
  /// The bytes of elements that may still be entered. Each was skipped before, so without this limit nested arrays would be
  /// skipped once per level.
  private var budget = 0

  /// Tests use a small `partSize`, which must be a multiple of three.
  init(partSize: Int) { self.partSize = partSize }

  /// Begins the partial text of the next record, which is rendered to the end of `out`.
  package func begin(_ out: borrowing ByteBuffer) {
    parts.removeAll(keepingCapacity: true)
    (isOn, start, valuesEnd) = (true, out.count, 0)
  }

  /// Moves the record's text from the end of `out` into the partial text. The last part has no content, only text before it.
  package func take(from out: inout ByteBuffer) {
    isOn = false
    appendPart(.nothing, 0..<0, out)
    if out.count - start <= copyLimit {
      text.append(out.bytes(start..<out.count))
      out.truncate(to: start)
      textStart = 0
    } else {
      swap(&text, &out)
      out.append(text.bytes(0..<start))
      textStart = start
    }
  }

  /// Ends the partial text after all parts are filled, or if there are none.
  package func end() {
    isOn = false
    guard text.count > 0 else { return }
    text.truncate(to: 0)
    text.shrink(above: copyLimit)
  }

  /// Ends the partial text without parts, because the record consists of several values that are rendered separately.
  func abandon() {
    isOn = false
    parts.removeAll(keepingCapacity: true)
  }

  /// The number of decoded bytes that parts still need when another value is decoded.
  var keptBytes: Int { isOn ? valuesEnd : 0 }

  fileprivate func open(_ size: Int) { (isOpen, base, budget) = (true, valuesEnd, 4 * size) }

  fileprivate func close() { isOpen = false }

  /// Adds a part at the end of `out` for a part of the current value.
  fileprivate func add(_ content: Content, _ bytes: Range<Int>, _ out: borrowing ByteBuffer) {
    valuesEnd = base + bytes.upperBound
    appendPart(content, base + bytes.lowerBound..<valuesEnd, out)
  }

  private func appendPart(_ content: Content, _ bytes: Range<Int>, _ out: borrowing ByteBuffer) {
    let before = parts.last?.text.upperBound ?? 0
    parts.append(Part(text: before..<out.count - start, content: content, bytes: bytes))
  }

  /// Adds parts for opaque bytes of the value. Returns false, and adds none, if there are few.
  func add(opaque bytes: Range<Int>, _ content: Content, _ out: borrowing ByteBuffer) -> Bool {
    guard bytes.count > large else { return false }
    for part in parts(of: bytes) { add(content, part, out) }
    return true
  }

  /// Adds parts for text of a line. Returns false, and adds none, if it is short.
  func add(text: Range<Int>, _ out: borrowing ByteBuffer) -> Bool {
    guard text.count > large else { return false }
    for part in parts(of: text) { appendPart(.text, part, out) }
    return true
  }

  private func parts(of bytes: Range<Int>) -> some Sequence<Range<Int>> {
    stride(from: bytes.lowerBound, to: bytes.upperBound, by: partSize).lazy.map { $0..<min($0 + self.partSize, bytes.upperBound) }
  }

  fileprivate func mayEnter(_ size: Int) -> Bool {
    guard size > large, size <= budget else { return false }
    budget -= size
    return true
  }

  /// Appends the text before a part.
  package func appendText(before part: Part, to out: inout ByteBuffer) {
    Self.append(text, textStart + part.text.lowerBound..<textStart + part.text.upperBound, to: &out)
  }

  private static func append(_ text: borrowing ByteBuffer, _ range: Range<Int>, to out: inout ByteBuffer) {
    out.append(text.bytes(range))
  }
}

extension Renderer {
  /// Renders a value except the contents of its parts, which are only checked.
  func renderPartially(_ type: TypeID, _ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError) {
    partialText.open(bytes.byteCount)
    defer { partialText.close() }
    var cursor = Cursor(bytes)
    try value(type.node, &cursor, &out)
    try schema.expectEnd(type, cursor)
  }

  /// Adds parts for the elements of an array; renders large elements with parts of their own.
  func outlineElements(
    _ element: Int32, _ program: Int32, count: Int, _ cursor: inout Cursor, _ out: inout ByteBuffer
  ) throws(XDRError) {
    var first = cursor.position
    var waiting = 0
    var isFirst = true
    func comma(_ out: inout ByteBuffer) {
      if !isFirst { out.append(UInt8(ascii: ",")) }
      isFirst = false
    }
    func close(at end: Int, _ out: inout ByteBuffer) {
      guard waiting > 0 else { return }
      comma(&out)
      partialText.add(.elements(program, count: waiting), first..<end, out)
      (first, waiting) = (end, 0)
    }
    for _ in 0..<count {
      let start = cursor.position
      try schema.skip(element, &cursor)
      if partialText.mayEnter(cursor.position - start) {
        close(at: start, &out)
        comma(&out)
        cursor.position = start
        try run(program, &cursor, &out)
        first = cursor.position
      } else {
        waiting += 1
        if cursor.position - first >= partialText.partSize { close(at: cursor.position, &out) }
      }
    }
    close(at: cursor.position, &out)
  }

  /// Writes the contents of a part from the part's bytes.
  package func renderPart(_ content: PartialText.Content, _ bytes: RawSpan, into out: inout ByteBuffer) {
    switch content {
    case .hex: out.append(hex: bytes)
    case .string: out.append(escaped: bytes)
    case .base64: out.append(base64: bytes)
    case .text: out.append(bytes)
    case .nothing: break
    case .elements(let program, let count):
      var cursor = Cursor(bytes)
      repeats.begin()
      defer { repeats.end() }
      do throws(XDRError) { try run(program, times: count, &cursor, &out) } catch {
        preconditionFailure("rendering refuses what was passed over")
      }
    }
  }
}
