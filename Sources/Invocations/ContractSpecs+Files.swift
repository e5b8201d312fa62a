import Bytes
import StellarJSON
import StellarXDR

// The containers that specifications come in.

extension ContractSpecs {
  /// Adds a file: a WebAssembly module with `contractspecv0` sections (SEP-46, SEP-48), or SCSpecEntry back to back, record-marked, or in
  /// lines of base64 or SEP-51. `contract` is the only one that it is about.
  package mutating func add(_ file: RawSpan, contract: Hash32? = nil) throws(SpecError) {
    var entries = ByteBuffer(capacity: 4096)
    if WasmModule.isModule(file) {
      var module = try WasmModule(file)
      while let section = try module.nextSection(named: "contractspecv0") { entries.append(file.extracting(section)) }
      if entries.isEmpty { throw SpecError("WebAssembly without a contract specification (contractspecv0)") }
    } else if file.byteCount >= 4, file[0] & 0x80 != 0 {
      try Self.append(marked: file, to: &entries)
    } else if file.byteCount > 0, file[0] == 0 {
      // The number of an entry's kind is small.
      return try add(entries: file, isWhole: true, contract)
    } else {
      try Self.append(lines: file, to: &entries)
    }
    try add(entries: entries.bytes, isWhole: false, contract)
  }

  /// Fragments one behind the other are the entries back to back.
  private static func append(marked file: RawSpan, to entries: inout ByteBuffer) throws(SpecError) {
    var position = 0
    while position < file.byteCount {
      guard position + 4 <= file.byteCount, case let length = Int(file.word(at: position) & 0x7FFF_FFFF),
        length <= file.byteCount - position - 4
      else { throw SpecError("no contract specification: ends inside a record", at: position) }
      entries.append(file.extracting(position + 4..<position + 4 + length))
      position += 4 + length
    }
  }

  /// A line of base64 may hold several entries.
  private static func append(lines file: RawSpan, to entries: inout ByteBuffer) throws(SpecError) {
    let entry = Schema.shared.id("SCSpecEntry")
    var parser = Parser()
    var position = 0
    while position < file.byteCount {
      let start = position
      while position < file.byteCount, file[position] != UInt8(ascii: "\n") { position += 1 }
      let line = file.extracting(start..<position).trimmed
      position += 1
      if line.byteCount == 0 { continue }
      if line[0] == UInt8(ascii: "{") {
        do throws(ParseError) { try parser.parse(entry, line, into: &entries) } catch {
          let what = jsonPath(to: error.offset, in: line) + error.description(.shared)
          throw SpecError("no contract specification: \(what)", at: start + error.offset)
        }
      } else if let wrong = entries.append(decodingBase64: line) {
        let what = "neither WebAssembly, nor SCSpecEntry in XDR, base64 or JSON"
        throw SpecError("no contract specification: \(what)", at: start + wrong)
      }
    }
  }
}

extension RawSpan {
  /// Without white space and quotes around it.
  fileprivate var trimmed: RawSpan {
    @_lifetime(copy self)
    get {
      var (start, end) = (0, byteCount)
      while start < end, self[start] <= 0x20 || self[start] == UInt8(ascii: "\"") { start += 1 }
      while end > start, self[end - 1] <= 0x20 || self[end - 1] == UInt8(ascii: "\"") { end -= 1 }
      return extracting(start..<end)
    }
  }
}
