import Bytes
import StellarXDR

/// The text of a large record without its bulk: it has gaps, each to be filled from some bytes of a value by itself, in any thread.
///
/// ```
///   value   | header |  set of transactions  | results |  100 elements  |  100 elements  | … |
///   text    {"v1":{"ledger_header":{…},"tx_set":{…[      ],"tx_processing":[              ,               , … ]}}
///   gaps                                           ^                        ^              ^
/// ```
/// While it is on, a renderer checks large values as a whole and leaves out what fills the gaps, so that a record can be written while it is
/// rendered, and its text is not in memory as a whole. What that adds is the time that *skip* takes.
package final class Outline {
  package enum Filling: Sendable {
    /// Elements of an array, rendered by this program, with commas between them.
    case elements(Int32, count: Int)
    case hex, string, base64
    /// What a line of JSON holds besides values: as it is.
    case text
    case nothing
  }

  package struct Gap: Sendable {
    /// The text that stands before the gap, and behind the one before.
    package let text: Range<Int>
    package let filling: Filling
    /// Of the record for text, and where the record is a value itself; else of the values that were decoded.
    package let bytes: Range<Int>
  }

  /// Bytes after which a gap is closed: whole groups of base64, and enough for what comes again to be near (see `RepeatCache`).
  package static let closed = 3 << 16
  let closed: Int
  /// A value of more bytes gets gaps, and an element of an array gaps of its own.
  var large: Int { 2 * closed }

  package private(set) var gaps: [Gap] = []
  private(set) var isOn = false
  /// Whether a large value is being rendered.
  private(set) var isOpen = false
  /// The text, behind what else stands there.
  private var text = ByteBuffer()
  private var textStart = 0
  /// More text than this, of small values in a line, is not copied.
  private var mostCopied: Int { 6 * closed }
  /// Where the record begins in the buffer that it is rendered into.
  private var start = 0
  /// Where the value at hand begins among the bytes of all that have gaps, and where those end so far that are needed.
  private var base = 0
  private var valuesEnd = 0
  /// Bytes of elements that may still be looked into. They were passed over before, so that without an end to it a nest of arrays would be
  /// passed over once for each of them.
  private var budget = 0

  /// Tests make `closed` small: a multiple of three.
  init(closed: Int) { self.closed = closed }

  /// Begins the outline of the record that is rendered to the end of `out` next.
  package func begin(_ out: borrowing ByteBuffer) {
    gaps.removeAll(keepingCapacity: true)
    (isOn, start, valuesEnd) = (true, out.count, 0)
  }

  /// Takes the record's text from the end of `out`. The last gap is one for nothing: text stands before it.
  package func take(from out: inout ByteBuffer) {
    isOn = false
    appendGap(.nothing, 0..<0, out)
    if out.count - start <= mostCopied {
      text.append(out.bytes(start..<out.count))
      out.truncate(to: start)
      textStart = 0
    } else {
      swap(&text, &out)
      out.append(text.bytes(0..<start))
      textStart = start
    }
  }

  /// Ends it, after all gaps were filled, or when there will be none.
  package func end() {
    isOn = false
    guard text.count > 0 else { return }
    text.truncate(to: 0)
    text.shrink(above: mostCopied)
  }

  /// Ends it without gaps: the record is several values, each of which is rendered for itself.
  func abandon() {
    isOn = false
    gaps.removeAll(keepingCapacity: true)
  }

  /// How many bytes of values are still needed when another one is decoded.
  var keptBytes: Int { isOn ? valuesEnd : 0 }

  fileprivate func open(_ size: Int) { (isOpen, base, budget) = (true, valuesEnd, 4 * size) }

  fileprivate func close() { isOpen = false }

  /// A gap for a part of the value at hand, at the end of `out`.
  fileprivate func add(_ filling: Filling, _ bytes: Range<Int>, _ out: borrowing ByteBuffer) {
    valuesEnd = base + bytes.upperBound
    appendGap(filling, base + bytes.lowerBound..<valuesEnd, out)
  }

  private func appendGap(_ filling: Filling, _ bytes: Range<Int>, _ out: borrowing ByteBuffer) {
    let before = gaps.last?.text.upperBound ?? 0
    gaps.append(Gap(text: before..<out.count - start, filling: filling, bytes: bytes))
  }

  /// Gaps for bytes of the value that are each written for itself; false for few.
  func add(opaque bytes: Range<Int>, _ filling: Filling, _ out: borrowing ByteBuffer) -> Bool {
    guard bytes.count > large else { return false }
    for part in parts(of: bytes) { add(filling, part, out) }
    return true
  }

  /// Gaps for text of a line; false for a short one.
  func add(text: Range<Int>, _ out: borrowing ByteBuffer) -> Bool {
    guard text.count > large else { return false }
    for part in parts(of: text) { appendGap(.text, part, out) }
    return true
  }

  private func parts(of bytes: Range<Int>) -> some Sequence<Range<Int>> {
    stride(from: bytes.lowerBound, to: bytes.upperBound, by: closed).lazy.map { $0..<min($0 + self.closed, bytes.upperBound) }
  }

  fileprivate func mayEnter(_ size: Int) -> Bool {
    guard size > large, size <= budget else { return false }
    budget -= size
    return true
  }

  /// Appends the text that stands before a gap.
  package func appendText(before gap: Gap, to out: inout ByteBuffer) {
    Self.append(text, textStart + gap.text.lowerBound..<textStart + gap.text.upperBound, to: &out)
  }

  private static func append(_ text: borrowing ByteBuffer, _ range: Range<Int>, to out: inout ByteBuffer) {
    out.append(text.bytes(range))
  }
}

extension Renderer {
  /// Renders a value but for what fills the gaps of its outline; that is checked.
  func renderOutline(_ type: TypeID, _ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError) {
    outline.open(bytes.byteCount)
    defer { outline.close() }
    var cursor = Cursor(bytes)
    try value(type.node, &cursor, &out)
    try schema.expectEnd(type, cursor)
  }

  /// The elements of an array as gaps, but for large ones.
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
      outline.add(.elements(program, count: waiting), first..<end, out)
      (first, waiting) = (end, 0)
    }
    for _ in 0..<count {
      let start = cursor.position
      try schema.skip(element, &cursor)
      if outline.mayEnter(cursor.position - start) {
        close(at: start, &out)
        comma(&out)
        cursor.position = start
        try run(program, &cursor, &out)
        first = cursor.position
      } else {
        waiting += 1
        if cursor.position - first >= outline.closed { close(at: cursor.position, &out) }
      }
    }
    close(at: cursor.position, &out)
  }

  /// Writes what belongs into a gap, from the gap's bytes.
  package func fill(_ filling: Outline.Filling, _ bytes: RawSpan, into out: inout ByteBuffer) {
    switch filling {
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
