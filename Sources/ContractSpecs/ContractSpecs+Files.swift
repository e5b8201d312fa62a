import Bytes
import StellarJSON
import StellarXDR

// The file formats of specifications.

extension ContractSpecs {
  /// Adds a file: a WebAssembly module with `contractspecv0` sections (SEP-46, SEP-48), or SCSpecEntry values as raw XDR,
  /// record-marked XDR, or text (base64 or SEP-51, concatenated or in an array). `contract` limits the file to one contract.
  package mutating func add(_ file: RawSpan, contract: Hash32? = nil) throws(DataError) {
    var entries = ByteBuffer(capacity: 4096)
    if WasmModule.isModule(file) {
      var module = try WasmModule(file)
      while let section = try module.nextSection(named: "contractspecv0") { entries.append(file.extracting(section)) }
      if entries.isEmpty { throw DataError("WebAssembly without a contract specification (contractspecv0)") }
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
  private static func append(marked file: RawSpan, to entries: inout ByteBuffer) throws(DataError) {
    var position = 0
    while position < file.byteCount {
      guard position + 4 <= file.byteCount, case let length = Int(file.word(at: position) & 0x7FFF_FFFF),
        length <= file.byteCount - position - 4
      else { throw DataError("not a contract specification: ends inside a record", at: position) }
      entries.append(file.extracting(position + 4..<position + 4 + length))
      position += 4 + length
    }
  }

  private static func append(text file: RawSpan, to entries: inout ByteBuffer) throws(DataError) {
    do throws(JSONError) { try append(values: file, to: &entries) } catch {
      let isOther = error == JSONError(.expected, at: error.offset)
      let what = isOther ? "neither WebAssembly, nor SCSpecEntry in XDR, base64 or JSON" : error.message(in: file)
      throw DataError("not a contract specification: \(what)", at: error.offset)
    }
  }

  /// Text: entries as base64 or SEP-51, concatenated or in arrays. It ignores white space between them, so that JSON can be
  /// pretty-printed and base64 wrapped.
  private static func append(values file: RawSpan, to entries: inout ByteBuffer) throws(JSONError) {
    var parser = Parser()
    var cursor = JSONCursor(file)
    while true {
      while !cursor.isAtEnd, file[cursor.position] <= 0x20 { cursor.position += 1 }
      if cursor.isAtEnd { return }
      switch file[cursor.position] {
      case UInt8(ascii: "["):
        guard try cursor.beginArray() else { continue }
        repeat { try append(element: &cursor, &parser, to: &entries) } while try cursor.next(before: UInt8(ascii: "]"))
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

  /// An entry as an object, or a string with base64 of one or more entries.
  private static func append(
    element cursor: inout JSONCursor, _ parser: inout Parser, to entries: inout ByteBuffer
  ) throws(JSONError) {
    guard try cursor.peek() == UInt8(ascii: "\"") else {
      return try parser.parseNext(Schema.shared.id("SCSpecEntry"), &cursor, into: &entries)
    }
    let token = try cursor.string()
    var plain = ByteBuffer(capacity: token.content.count)
    try plain.append(unescaped: token, of: cursor.text)
    try append(base64: plain.bytes, at: token.content.lowerBound, to: &entries)
  }

  private static func append(base64 text: RawSpan, at offset: Int, to entries: inout ByteBuffer) throws(JSONError) {
    if let wrong = entries.append(decodingBase64: text) { throw JSONError(.expected, at: offset + wrong) }
  }
}
