import Bytes
import StellarXDR

/// Why a line could not be read.
package enum LineError: Error {
  case json(JSONError)
  /// Text at this offset of the line should be base64.
  case notBase64(offset: Int)
  /// The base64 at this offset of the line holds no value of the type.
  case value(XDRError, offset: Int)
}

/// Lines of JSON with base64 XDR in them to lines with the values in its place. All other bytes pass through as they came.
package struct LineRewriter: ~Copyable {
  let renderer: Renderer
  let type: TypeID
  /// Values whose outlines have gaps, and behind them the one that was read last.
  private var xdr = ByteBuffer(capacity: 4096)
  private var lastStart = 0
  private var hits: [FieldPaths.Hit] = []
  /// Where the next of several values back to back begins in the bytes of a base64 line; nil behind the last.
  private var next: Int?
  /// The paths that led to a string so far, as bits, and what those may have meant that did not in the first line.
  private var seen: UInt64 = 0
  private var suggestions: [String?]?
  /// Where the text stands in the line that was decoded last.
  package private(set) var lastText = 0..<0

  package init(renderer: Renderer, type: TypeID) {
    self.renderer = renderer
    self.type = type
  }

  /// What `value` errors are about: the XDR that was read last.
  package var lastValue: RawSpan {
    @_lifetime(borrow self)
    get { xdr.bytes(lastStart..<xdr.count) }
  }

  /// A line that is one base64 text, with or without quotes, and white space around it. Of several values back to back, which are one text,
  /// it writes the first; `hasMore` tells of the others.
  package mutating func rewrite(base64 line: RawSpan, into out: inout ByteBuffer) throws(LineError) {
    beginLine()
    next = nil
    var first = 0
    var last = line.byteCount
    while first < last, line[first] <= 0x20 { first += 1 }
    while last > first, line[last - 1] <= 0x20 { last -= 1 }
    if first < last, line[first] == UInt8(ascii: "\"") {
      var cursor = JSONCursor(line)
      let token: JSONCursor.StringToken
      do throws(JSONError) {
        token = try cursor.string()
        try cursor.expectEnd()
      } catch { throw .json(error) }
      try decode(token, line)
    } else {
      beginValue()
      lastText = first..<last
      if let wrong = xdr.append(decodingBase64: line.extracting(first..<last)) { throw .notBase64(offset: first + wrong) }
    }
    let start = out.count
    do throws(XDRError) { try renderer.render(type, lastValue, into: &out) } catch {
      guard error.fact == .leftOver, renderer.schema.areValues(type, lastValue, from: error.offset) else {
        throw .value(error, offset: first)
      }
      next = error.offset
      // The gaps of an outline are those of one value that is all of the bytes.
      guard renderer.outline.isOn else { return }
      renderer.outline.abandon()
      out.truncate(to: start)
      next = 0
      try rewriteNext(into: &out)
    }
  }

  /// Whether `rewriteNext` has another value to write.
  package var hasMore: Bool { next != nil }

  /// Writes the next value of a base64 line that holds several.
  package mutating func rewriteNext(into out: inout ByteBuffer) throws(LineError) {
    guard let start = next else { return }
    let end: Int
    do throws(XDRError) { end = try renderer.render(type, lastValue, from: start, into: &out) } catch {
      throw .value(error, offset: lastText.lowerBound)
    }
    next = end < lastValue.byteCount ? end : nil
  }

  /// Strings at the given places.
  package mutating func rewrite(_ line: RawSpan, fields: FieldPaths, into out: inout ByteBuffer) throws(LineError) {
    beginLine()
    hits.removeAll(keepingCapacity: true)
    do throws(JSONError) { try fields.find(in: line, into: &hits, seen: &seen) } catch { throw .json(error) }
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

  /// The paths that led to no string in any line, and what each may have meant. `other` has read other lines of the same input.
  package func unseen(_ fields: FieldPaths, with other: borrowing LineRewriter) -> [(path: String, meant: String?)] {
    fields.paths.indices.filter { (seen | other.seen) >> UInt64($0) & 1 == 0 }.map { path in
      (fields.text(of: path), suggestion(for: path) ?? other.suggestion(for: path))
    }
  }

  private func suggestion(for path: Int) -> String? {
    guard let suggestions, path < suggestions.count else { return nil }
    return suggestions[path]
  }

  /// Objects anywhere whose only member is `"xdr"` with base64 text. Other text there is no value of ours, and passes.
  package mutating func rewrite(embedded line: RawSpan, into out: inout ByteBuffer) throws(LineError) {
    beginLine()
    var cursor = JSONCursor(line)
    var copied = 0
    try walk(&cursor, &copied, &out)
    do throws(JSONError) { try cursor.expectEnd() } catch { throw .json(error) }
    pass(copied..<line.byteCount, of: line, to: &out)
  }

  private mutating func walk(_ cursor: inout JSONCursor, _ copied: inout Int, _ out: inout ByteBuffer) throws(LineError) {
    var nesting = JSONNesting()
    while true {
      switch try json({ () throws(JSONError) in try cursor.peek() }) {
      case UInt8(ascii: "{"):
        if try object(&cursor, &nesting, &copied, &out) { continue }
      case UInt8(ascii: "["):
        if try json({ () throws(JSONError) in try cursor.open(&nesting) }) { continue }
      default: try json { () throws(JSONError) in try cursor.skipValue() }
      }
      if try !json({ () throws(JSONError) in try cursor.goOn(&nesting) }) { return }
    }
  }

  /// Opens an object: true before a value in it, false behind it: it was empty, or a value stands in its place now.
  private mutating func object(
    _ cursor: inout JSONCursor, _ nesting: inout JSONNesting, _ copied: inout Int, _ out: inout ByteBuffer
  ) throws(LineError) -> Bool {
    let start = cursor.position
    if try plainObject(&cursor, &copied, &out) { return false }
    let isOpen = try json { () throws(JSONError) in
      try cursor.enter()
      return try cursor.beginObject()
    }
    guard isOpen else {
      cursor.depth -= 1
      return false
    }
    let name = try json { () throws(JSONError) in try cursor.memberName() }
    let isText = try json { () throws(JSONError) in try cursor.peek() } == UInt8(ascii: "\"")
    guard isText, cursor.equals(name, "xdr") else {
      nesting.push(true)
      return true
    }
    let token = try json { () throws(JSONError) in try cursor.string() }
    if try json({ () throws(JSONError) in try cursor.next(before: UInt8(ascii: "}")) }) {
      _ = try json { () throws(JSONError) in try cursor.memberName() }
      nesting.push(true)
      return true
    }
    cursor.depth -= 1
    try replace(token, place: start..<cursor.position, cursor, &copied, &out)
    return false
  }

  /// An object as the tools write it, without white space or escapes: decoded while it is looked for its end, instead of being read as JSON
  /// first. False (and nothing is read) for any other.
  private mutating func plainObject(
    _ cursor: inout JSONCursor, _ copied: inout Int, _ out: inout ByteBuffer
  ) throws(LineError) -> Bool {
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

  private mutating func replace(
    _ token: JSONCursor.StringToken, place: Range<Int>, _ cursor: borrowing JSONCursor, _ copied: inout Int,
    _ out: inout ByteBuffer
  ) throws(LineError) {
    // What is not base64, or not even text (half of a surrogate pair), is no value of ours.
    do throws(LineError) { try decode(token, cursor.text) } catch { return }
    pass(copied..<place.lowerBound, of: cursor.text, to: &out)
    copied = place.upperBound
    try renderLast(at: place.lowerBound, into: &out)
  }

  // MARK: parts of a line

  private mutating func beginLine() {
    xdr.truncate(to: 0)
    xdr.shrink(above: 8 << 20)
  }

  @inline(__always)
  private func pass(_ range: Range<Int>, of line: RawSpan, to out: inout ByteBuffer) {
    if renderer.outline.isOn, renderer.outline.add(text: range, out) { return }
    out.append(line.extracting(range))
  }

  /// Calls `body` with the bytes for a gap in the line that was rewritten last.
  package func withBytes(for gap: Outline.Gap, in line: RawSpan, _ body: (RawSpan) -> Void) {
    if case .text = gap.filling { body(line.extracting(gap.bytes)) } else { body(xdr.bytes(gap.bytes)) }
  }

  // MARK: one value

  private mutating func beginValue() {
    lastStart = renderer.outline.keptBytes
    xdr.truncate(to: lastStart)
  }

  private mutating func decode(_ token: JSONCursor.StringToken, _ line: RawSpan) throws(LineError) {
    beginValue()
    lastText = token.content
    var wrong: Int?
    if token.isEscaped {
      var plain = ByteBuffer(capacity: token.content.count)
      // Half of a surrogate pair is good JSON, and no base64.
      if (try? plain.append(unescaped: token, of: line)) == nil || xdr.append(decodingBase64: plain.bytes) != nil { wrong = 0 }
    } else {
      wrong = xdr.append(decodingBase64: line.extracting(token.content))
    }
    if let wrong { throw .notBase64(offset: token.content.lowerBound + wrong) }
  }

  @inline(__always)
  private func renderLast(at offset: Int, into out: inout ByteBuffer) throws(LineError) {
    do throws(XDRError) { try renderer.render(type, lastValue, into: &out) } catch { throw .value(error, offset: offset) }
  }

  @inline(__always)
  private func json<T>(_ body: () throws(JSONError) -> T) throws(LineError) -> T {
    do throws(JSONError) { return try body() } catch { throw .json(error) }
  }
}
