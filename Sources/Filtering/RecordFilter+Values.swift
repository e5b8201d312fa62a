import Bytes
import StellarJSON
import StellarXDR

extension RecordFilter {
  /// Converts the value at `range` of a line to XDR, in `decoded`. Returns false for a value in native style, which is matched
  /// without conversion.
  ///
  /// A raw value is `{"xdr":"…"}`. A SEP-51 value is an object with one member, named after an arm of SCVal, or one of two
  /// strings. All other values are native. Then the rest of the record is also native, unless a specification can have produced
  /// the value in a SEP-51 record.
  mutating func decode(_ range: Range<Int>, _ line: RawSpan) throws(RecordError) -> Bool {
    if isNative { return false }
    if decodedRange == range { return true }
    let value = line.extracting(range)
    decoded.truncate(to: 0)
    decoded.shrink(above: 1 << 20)
    decodedRange = nil
    var isDecoded = try decodeRaw(value, at: range.lowerBound)
    if !isDecoded { isDecoded = try decodeSEP51(value) }
    if isDecoded { decodedRange = range } else { isNative = value.isSurelyNative }
    return isDecoded
  }

  /// `{"xdr":"<base64>"}`; false for anything else, and for text that is not base64.
  private mutating func decodeRaw(_ value: RawSpan, at start: Int) throws(RecordError) -> Bool {
    guard value[0] == UInt8(ascii: "{") else { return false }
    var source = LineSource(value, at: 0)
    var members = try source.members()
    guard let name = try source.nextName(&members), value.equals("xdr", name), value[source.position] == UInt8(ascii: "\"") else {
      return false
    }
    let place = source.position
    guard let token = try source.string(), !token.isEscaped, try source.nextName(&members) == nil,
      decoded.append(decodingBase64: value.extracting(token.content)) == nil
    else {
      return false
    }
    do throws(XDRError) { try shapes.schema.validate(shapes.schema.scval, decoded.bytes) } catch {
      throw .value(error, offset: start + place)
    }
    return true
  }

  private mutating func decodeSEP51(_ value: RawSpan) throws(RecordError) -> Bool {
    let scval = shapes.schema.scval
    switch value[0] {
    case UInt8(ascii: "{"):
      var source = LineSource(value, at: 0)
      var members = try source.members()
      guard let name = try source.nextName(&members), shapes.schema.number(of: name, value, in: scval.node) != nil else {
        return false
      }
    case UInt8(ascii: "\""):
      guard value.equals("\"void\"") || value.equals("\"ledger_key_contract_instance\"") else { return false }
    default: return false
    }
    do throws(JSONError) { try parser.parse(scval, value, into: &decoded) } catch { return false }
    return true
  }
}

extension RawSpan {
  /// Whether a value that is not SEP-51 cannot be part of a SEP-51 record. In such records `scval-json --spec` writes only
  /// objects, arrays, null, and names of cases.
  fileprivate var isSurelyNative: Bool {
    switch self[0] {
    case UInt8(ascii: "\""):
      // Text that is longer than a declared name is a strkey or hex.
      if byteCount < 3 || byteCount > 57 || self[1].isDigit { return true }
      for offset in 1..<byteCount - 1 where !self[offset].isDigit && self[offset] != UInt8(ascii: "_") {
        if !(0x61...0x7A).contains(self[offset] | 0x20) { return true }
      }
      return false
    case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "n"): return false
    default: return true
    }
  }
}
