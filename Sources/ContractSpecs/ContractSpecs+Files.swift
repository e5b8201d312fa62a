import Bytes
import StellarJSON
import StellarXDR

// The file formats of specifications.

extension ContractSpecs {
  /// Adds a file: a WebAssembly module with `contractspecv0` sections (SEP-46, SEP-48), or SCSpecEntry values as raw XDR,
  /// record-marked XDR, or text (base64 or SEP-51, concatenated or in an array). `contract` limits the file to one contract.
  package mutating func add(_ file: RawSpan, contract: Hash32? = nil) throws(SpecError) {
    var entries = ByteBuffer(capacity: 4096)
    if WasmModule.isModule(file) {
      var module = try WasmModule(file)
      while let section = try module.nextSection(named: "contractspecv0") { entries.append(file.extracting(section)) }
      if entries.isEmpty { throw SpecError("WebAssembly without a contract specification (contractspecv0)") }
    } else if file.byteCount >= 4, file[0] & 0x80 != 0 {
      try Self.append(marked: file, to: &entries)
    } else if file.byteCount > 0, file[0] == 0 {
      // The kind of an entry is a small number, so raw XDR starts with a zero byte.
      return try add(entries: file, isWhole: true, contract)
    } else {
      try Self.append(text: file, to: &entries)
    }
    try add(entries: entries.bytes, isWhole: false, contract)
  }

  /// Appends the contents of record-marked fragments.
  private static func append(marked file: RawSpan, to entries: inout ByteBuffer) throws(SpecError) {
    var position = 0
    while position < file.byteCount {
      guard position + 4 <= file.byteCount, case let length = Int(file.word(at: position) & 0x7FFF_FFFF),
        length <= file.byteCount - position - 4
      else { throw SpecError("not a contract specification: ends inside a record", at: position) }
      entries.append(file.extracting(position + 4..<position + 4 + length))
      position += 4 + length
    }
  }

  /// Text: entries as base64 or SEP-51, concatenated or in arrays. It ignores white space between them, so that JSON can be
  /// pretty-printed and base64 wrapped.
  private static func append(text file: RawSpan, to entries: inout ByteBuffer) throws(SpecError) {
    var parser = Parser()
    var cursor = JSONCursor(file)
    while true {
      while !cursor.isAtEnd, file[cursor.position] <= 0x20 { cursor.position += 1 }
      if cursor.isAtEnd { return }
      switch file[cursor.position] {
      case UInt8(ascii: "["): try append(array: &cursor, &parser, to: &entries)
      case UInt8(ascii: "{"), UInt8(ascii: "\""): try append(element: &cursor, &parser, to: &entries)
      default:
        let start = cursor.position
        while !cursor.isAtEnd, file[cursor.position] != UInt8(ascii: "\n") { cursor.position += 1 }
        var end = cursor.position
        while file[end - 1] <= 0x20 { end -= 1 }
        try append(base64: file.extracting(start..<end), at: start, to: &entries)
      }
    }
  }

  private static func append(
    array cursor: inout JSONCursor, _ parser: inout Parser, to entries: inout ByteBuffer
  ) throws(SpecError) {
    do throws(JSONError) {
      guard try cursor.beginArray() else { return }
    } catch { throw SpecError(error, in: cursor.text) }
    while true {
      try append(element: &cursor, &parser, to: &entries)
      do throws(JSONError) {
        guard try cursor.next(before: UInt8(ascii: "]")) else { return }
      } catch { throw SpecError(error, in: cursor.text) }
    }
  }

  /// An entry as an object, or a string with base64 of one or more entries.
  private static func append(
    element cursor: inout JSONCursor, _ parser: inout Parser, to entries: inout ByteBuffer
  ) throws(SpecError) {
    let isText: Bool
    let token: JSONCursor.StringToken
    do throws(JSONError) {
      isText = try cursor.peek() == UInt8(ascii: "\"")
      token = isText ? try cursor.string() : JSONCursor.StringToken(content: 0..<0, isEscaped: false)
    } catch { throw SpecError(error, in: cursor.text) }
    if isText {
      var plain = ByteBuffer(capacity: token.content.count)
      let text = cursor.text
      do throws(JSONError) { try plain.append(unescaped: token, of: text) } catch { throw SpecError(error, in: text) }
      return try append(base64: plain.bytes, at: token.content.lowerBound, to: &entries)
    }
    do throws(ParseError) { try parser.parseNext(Schema.shared.id("SCSpecEntry"), &cursor, into: &entries) } catch {
      let what = jsonPath(to: error.offset, in: cursor.text) + error.description(.shared)
      throw SpecError("not a contract specification: \(what)", at: error.offset)
    }
  }

  private static func append(base64 text: RawSpan, at offset: Int, to entries: inout ByteBuffer) throws(SpecError) {
    guard let wrong = entries.append(decodingBase64: text) else { return }
    let what = "neither WebAssembly, nor SCSpecEntry in XDR, base64 or JSON"
    throw SpecError("not a contract specification: \(what)", at: offset + wrong)
  }
}

extension SpecError {
  fileprivate init(_ error: JSONError, in text: RawSpan) {
    self.init("not a contract specification: \(jsonPath(to: error.offset, in: text))\(error.description)", at: error.offset)
  }
}
