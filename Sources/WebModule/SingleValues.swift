import Bytes

/// Decodes and encodes single values, and keeps the last result.
struct SingleValues: ~Copyable {
  private(set) var output = ByteBuffer(capacity: 256)
  private(set) var message: [UInt8] = []
  private(set) var status: ExitStatus?
  private(set) var offset: Int64?
  private var parser = Parser()
  private var xdr = ByteBuffer(capacity: 256)
  /// The renderer of the last type and style, kept for the next value of the same type and style.
  private var renderer: (type: TypeID, renderer: Renderer)?

  /// Removes the last result.
  mutating func forget() {
    output.truncate(to: 0)
    output.shrink(above: 1 << 20)
    (message, status, offset) = ([], nil, nil)
  }

  mutating func refuse(_ what: String, _ status: ExitStatus, at offset: Int? = nil) {
    output.truncate(to: 0)
    message = Array(what.utf8)
    self.status = status
    self.offset = offset.map { Int64($0) }
  }

  mutating func tell(_ text: String) {
    forget()
    output.append(utf8: text)
  }

  mutating func listTypes() {
    forget()
    for type in Schema.shared.types {
      output.append(utf8: type.name)
      output.append(UInt8(ascii: "\n"))
    }
  }

  private mutating func type(_ name: String) -> TypeID? {
    forget()
    if let type = Schema.shared.type(named: name) { return type }
    refuse("'\(name)' is not a known type", .usage)
    return nil
  }

  mutating func decode(_ name: String, _ style: ValueStyle, isText: Bool, _ value: RawSpan) -> Bool {
    guard let type = type(name) else { return false }
    if !isText { return render(type, style, value) }
    xdr.truncate(to: 0)
    xdr.shrink(above: 1 << 20)
    if let offset = xdr.append(decodingBase64: value.trimmed) {
      refuse(OtherText(value.trimmed)?.rawValue ?? "not base64", .badData, at: offset)
      return false
    }
    // Taken out while it is read.
    var bytes = ByteBuffer(capacity: 16)
    swap(&bytes, &xdr)
    let isGood = render(type, style, bytes.bytes)
    swap(&bytes, &xdr)
    if isGood { return true }
    // The offset is in the XDR, so it would be wrong for the text.
    offset = nil
    if let other = OtherText(value.trimmed) { refuse(other.rawValue, .badData) }
    return false
  }

  private mutating func render(_ type: TypeID, _ style: ValueStyle, _ bytes: RawSpan) -> Bool {
    let renderer: Renderer
    if let kept = self.renderer, kept.type == type, kept.renderer.style == style {
      renderer = kept.renderer
    } else {
      renderer = Renderer(style: style, of: type)
      self.renderer = (type, renderer)
    }
    do throws(XDRError) {
      try renderer.render(type, bytes, into: &output)
      return true
    } catch {
      let what = Schema.shared.message(for: error, in: type, bytes) + TypeHint.text(for: error, type, bytes)
      refuse(what, .badData, at: error.offset)
      return false
    }
  }

  private static func append(_ xdr: borrowing ByteBuffer, asText: Bool, to output: inout ByteBuffer) {
    if asText { output.append(base64: xdr.bytes) } else { output.append(xdr.bytes) }
  }

  mutating func encode(_ name: String, asText: Bool, _ json: RawSpan) -> Bool {
    guard let type = type(name) else { return false }
    xdr.truncate(to: 0)
    xdr.shrink(above: 1 << 20)
    do throws(JSONError) { try parser.parse(type, json, into: &xdr) } catch {
      refuse(error.message(in: json), .badData, at: error.offset)
      return false
    }
    Self.append(xdr, asText: asText, to: &output)
    return true
  }
}

extension RawSpan {
  /// The bytes without surrounding white space.
  fileprivate var trimmed: RawSpan {
    @_lifetime(copy self)
    get {
      var (start, end) = (0, byteCount)
      while start < end, self[start] <= 0x20 { start += 1 }
      while end > start, self[end - 1] <= 0x20 { end -= 1 }
      let part = extracting(start..<end)
      return part
    }
  }
}
