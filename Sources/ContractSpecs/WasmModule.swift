import Bytes
import StellarJSON

/// The custom sections of a WebAssembly module. It ignores all other sections.
///
/// ```
///   00 61 73 6d 01 00 00 00 | 00  d3 08  0e "contractspecv0" …  | 01 …
///   "\0asm"     version 1     id  size   length and name, content
/// ```
struct WasmModule: ~Escapable {
  private let bytes: RawSpan
  private var position: Int

  static func isModule(_ bytes: RawSpan) -> Bool { bytes.byteCount >= 4 && bytes.word(at: 0) == 0x0061_736D }

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) throws(DataError) {
    guard bytes.byteCount >= 8, bytes.word(at: 4) == 0x0100_0000 else {
      throw DataError("WebAssembly that is not a module of version 1", at: 4)
    }
    self.bytes = bytes
    position = 8
  }

  /// Moves to the next custom section of that name and returns the range of its content; nil at the end.
  mutating func nextSection(named name: StaticString) throws(DataError) -> Range<Int>? {
    while position < bytes.byteCount {
      let isCustom = bytes[position] == 0
      position += 1
      let end = try length(upTo: bytes.byteCount)
      guard isCustom else {
        position = end
        continue
      }
      let content = try length(upTo: end)
      let isNamed = bytes.extracting(position..<content).equals(name)
      position = end
      if isNamed { return content..<end }
    }
    return nil
  }

  /// Reads a length (LEB128, at most 32 bits), and returns the end of the bytes of that length.
  private mutating func length(upTo limit: Int) throws(DataError) -> Int {
    // Five times seven bits do not fit into a 32-bit Int.
    var length: Int64 = 0
    for shift in stride(from: 0, through: 28, by: 7) {
      guard position < limit else { throw DataError("WebAssembly that ends inside a section", at: position) }
      let byte = bytes[position]
      position += 1
      length |= Int64(byte & 0x7F) << Int64(shift)
      guard byte & 0x80 == 0 else { continue }
      guard length <= limit - position else {
        throw DataError("WebAssembly section of \(length) bytes where \(limit - position) are left", at: position)
      }
      return position + Int(length)
    }
    throw DataError("WebAssembly section whose length has more than 32 bits", at: position)
  }
}
