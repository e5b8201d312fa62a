import Bytes
import StellarXDR

/// Replaces base64 XDR in lines of JSON by the decoded values. All other bytes remain unchanged.
package struct LineRewriter: ~Copyable {
  let renderer: Renderer
  let type: TypeID
  /// The bytes of values whose partial texts have parts, followed by those of the last value.
  private var xdr = ByteBuffer(capacity: 4096)
  private var lastStart = 0
  private var hits: [FieldPaths.Hit] = []
  /// The offset of the next value in the bytes of a base64 line with several values; nil after the last.
  private var next: Int?
  /// The paths that have led to a string, as bits; and, from the first line, suggestions for those that did not.
  private var seen: UInt64 = 0
  private var suggestions: [String?]?
  /// The position of the last base64 text in the line.
  package private(set) var lastText = 0..<0

  package init(renderer: Renderer, type: TypeID) {
    self.renderer = renderer
    self.type = type
  }

  /// What is wrong with the XDR that was decoded last, after a `notXDR` error.
  package private(set) var lastError: XDRError?

  /// The XDR that was decoded last.
  package var lastValue: RawSpan {
    @_lifetime(borrow self)
    get { xdr.bytes(lastStart..<xdr.count) }
  }

  /// Rewrites a line that is one base64 text, with or without quotes and surrounding white space. If it contains several values
  /// back to back, this writes the first; `hasMore` shows whether there are others.
  package mutating func rewrite(base64 line: RawSpan, into out: inout ByteBuffer) throws(JSONError) {
    beginLine()
    next = nil
    var first = 0
    var last = line.byteCount
    while first < last, line[first] <= 0x20 { first += 1 }
    while last > first, line[last - 1] <= 0x20 { last -= 1 }
    if first < last, line[first] == UInt8(ascii: "\"") {
      var cursor = JSONCursor(line)
      let token = try cursor.string()
      try cursor.expectEnd()
      try decode(token, line)
    } else {
      beginValue()
      lastText = first..<last
      if let wrong = xdr.append(decodingBase64: line.extracting(first..<last)) { throw JSONError(.notBase64, at: first + wrong) }
    }
    let start = out.count
    do throws(XDRError) { try renderer.render(type, lastValue, into: &out) } catch {
      guard error.fact == .leftOver, renderer.schema.areValues(type, lastValue, from: error.offset) else {
        throw notXDR(error, at: first)
      }
      next = error.offset
      // A partial text requires that one value is all of the bytes.
      guard renderer.partialText.isOn else { return }
      renderer.partialText.abandon()
      out.truncate(to: start)
      next = 0
      try rewriteNext(into: &out)
    }
  }

  /// Whether `rewriteNext` has another value to write.
  package var hasMore: Bool { next != nil }

  /// Writes the next value of a base64 line with several.
  package mutating func rewriteNext(into out: inout ByteBuffer) throws(JSONError) {
    guard let start = next else { return }
    let end: Int
    do throws(XDRError) { end = try renderer.render(type, lastValue, from: start, into: &out) } catch {
      throw notXDR(error, at: lastText.lowerBound)
    }
    next = end < lastValue.byteCount ? end : nil
  }

  /// Rewrites the strings at the given paths.
  package mutating func rewrite(_ line: RawSpan, fields: FieldPaths, into out: inout ByteBuffer) throws(JSONError) {
    beginLine()
    hits.removeAll(keepingCapacity: true)
    try fields.find(in: line, into: &hits, seen: &seen)
    if suggestions == nil { suggestions = seen == fields.all ? [] : fields.suggestions(in: line, seen: seen) }
    var copied = 0
    for hit in hits {
      let place = hit.token.content.lowerBound - 1..<hit.token.content.upperBound + 1
      pass(copied..<place.lowerBound, of: line, to: &out)
      copied = place.upperBound
      try decode(hit.token, line)
      try renderLast(at: place.lowerBound, into: &out)
    }
    pass(copied..<line.byteCount, of: line, to: &out)
  }

  /// Adds the statistics of another rewriter, which has read other lines of the same input.
  package mutating func merge(_ other: borrowing LineRewriter) {
    seen |= other.seen
    suggestions = suggestions ?? other.suggestions
  }

  /// The paths that led to no string in any line, each with a suggestion.
  package func unseen(_ fields: FieldPaths) -> [(path: String, suggestion: String?)] {
    fields.paths.indices.filter { seen >> UInt64($0) & 1 == 0 }.map { path in
      (fields.text(of: path), suggestions.flatMap { path < $0.count ? $0[path] : nil })
    }
  }

  /// Rewrites all objects whose only member is `"xdr"` with base64 text. Other text there is not an XDR value and remains
  /// unchanged.
  package mutating func rewrite(embedded line: RawSpan, into out: inout ByteBuffer) throws(JSONError) {
    beginLine()
    var cursor = JSONCursor(line)
    var copied = 0
    var nesting = JSONNesting()
    while true {
      switch try cursor.peek() {
      case UInt8(ascii: "{"):
        if try object(&cursor, &nesting, &copied, &out) { continue }
      case UInt8(ascii: "["):
        if try cursor.open(&nesting) { continue }
      default: try cursor.skipValue()
      }
      if try !cursor.advance(&nesting) { break }
    }
    try cursor.expectEnd()
    pass(copied..<line.byteCount, of: line, to: &out)
  }

  /// Opens an object. Returns true before its first value; false after it, if it was empty or was replaced by a value.
  private mutating func object(
    _ cursor: inout JSONCursor, _ nesting: inout JSONNesting, _ copied: inout Int, _ out: inout ByteBuffer
  ) throws(JSONError) -> Bool {
    let start = cursor.position
    if try plainObject(&cursor, &copied, &out) { return false }
    guard try cursor.beginObject() else { return false }
    let name = try cursor.memberName()
    let isText = try cursor.peek() == UInt8(ascii: "\"")
    guard isText, cursor.equals(name, "xdr") else {
      nesting.push(true)
      return true
    }
    let token = try cursor.string()
    if try cursor.next(before: UInt8(ascii: "}")) {
      _ = try cursor.memberName()
      nesting.push(true)
      return true
    }
    // Text that is not base64, or not valid Unicode (half of a surrogate pair), is not an XDR value.
    do throws(JSONError) { try decode(token, cursor.text) } catch { return false }
    pass(copied..<start, of: cursor.text, to: &out)
    copied = cursor.position
    try renderLast(at: start, into: &out)
    return false
  }

  /// Rewrites an object in the tools' own form, without white space or escapes. It decodes the base64 while it searches for the
  /// end of the object, instead of parsing JSON first. Returns false, and reads nothing, for any other object.
  private mutating func plainObject(
    _ cursor: inout JSONCursor, _ copied: inout Int, _ out: inout ByteBuffer
  ) throws(JSONError) -> Bool {
    let start = cursor.position
    let text = cursor.text
    // {"xdr":"
    guard start &+ 10 <= text.byteCount, text.chunk(at: start) == 0x223A_2272_6478_227B, cursor.depth < JSONCursor.maximumDepth
    else {
      return false
    }
    beginValue()
    guard let quote = xdr.append(decodingBase64: text, from: start &+ 8), quote &+ 1 < text.byteCount,
      text[quote &+ 1] == UInt8(ascii: "}")
    else { return false }
    pass(copied..<start, of: text, to: &out)
    cursor.position = quote &+ 2
    copied = cursor.position
    try renderLast(at: start, into: &out)
    return true
  }

  // MARK: parts of a line

  private mutating func beginLine() {
    xdr.truncate(to: 0)
    xdr.shrink(above: 8 << 20)
  }

  @inline(__always)
  private func pass(_ range: Range<Int>, of line: RawSpan, to out: inout ByteBuffer) {
    if renderer.partialText.isOn, renderer.partialText.add(text: range, out) { return }
    out.append(line.extracting(range))
  }

  /// Calls `body` with the bytes for a part in the line that was rewritten last.
  package func withBytes(for part: PartialText.Part, in line: RawSpan, _ body: (RawSpan) -> Void) {
    if case .text = part.content { body(line.extracting(part.bytes)) } else { body(xdr.bytes(part.bytes)) }
  }

  // MARK: one value

  private mutating func beginValue() {
    lastStart = renderer.partialText.keptBytes
    xdr.truncate(to: lastStart)
  }

  private mutating func decode(_ token: JSONCursor.StringToken, _ line: RawSpan) throws(JSONError) {
    beginValue()
    lastText = token.content
    var wrong: Int?
    // Half of a surrogate pair is valid JSON but not base64.
    do throws(JSONError) { wrong = try xdr.append(decodingBase64: token, of: line) } catch { wrong = 0 }
    if let wrong { throw JSONError(.notBase64, at: token.content.lowerBound + (token.isEscaped ? 0 : wrong)) }
  }

  @inline(__always)
  private mutating func renderLast(at offset: Int, into out: inout ByteBuffer) throws(JSONError) {
    do throws(XDRError) { try renderLast(into: &out) } catch { throw notXDR(error, at: offset) }
  }

  /// Not a part of a mutating function, which would copy the renderer for each value.
  @inline(__always)
  private func renderLast(into out: inout ByteBuffer) throws(XDRError) { try renderer.render(type, lastValue, into: &out) }

  private mutating func notXDR(_ error: XDRError, at offset: Int) -> JSONError {
    lastError = error
    return JSONError(.notXDR, at: offset, node: type.node)
  }
}
