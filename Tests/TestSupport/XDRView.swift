import Bytes
import StellarXDR

/// A value in XDR whose parts are read by their SEP-51 names: `record["meta"]["tx_hash"]`. A missing part fails the test.
package struct XDRView {
  let schema: Schema
  let node: Int32
  let all: [UInt8]
  /// The range of the value.
  package let range: Range<Int>

  package init(_ type: String, _ bytes: [UInt8], schema: Schema = .shared) {
    guard let id = schema.type(named: type) else { preconditionFailure("there is no type \(type)") }
    self.init(schema: schema, node: id.node, all: bytes, range: 0..<bytes.count)
  }

  private init(schema: Schema, node: Int32, all: [UInt8], range: Range<Int>) {
    (self.schema, self.node, self.all, self.range) = (schema, node, all, range)
  }

  /// The value's bytes.
  package var xdr: [UInt8] { Array(all[range]) }

  /// A member of a structure, or the value of a union's arm if the union has that arm.
  package subscript(name: String) -> XDRView {
    guard let found = member(name) else { preconditionFailure("\(schema.describe(node: node)) has no \(name) here") }
    return found
  }

  /// The value of an optional; nil if it is absent.
  package var value: XDRView? {
    let inside = schema.node(node).element
    return word(at: range.lowerBound) == 0 ? nil : part(inside, from: range.lowerBound + 4)
  }

  package var elements: [XDRView] {
    let inside = schema.node(node).element
    var position = range.lowerBound + 4
    return (0..<word(at: range.lowerBound)).map { _ in
      let element = part(inside, from: position)
      position = element.range.upperBound
      return element
    }
  }

  /// The name of an enumeration's value or of a union's arm.
  package var name: String {
    let value = Int32(bitPattern: word(at: range.lowerBound))
    guard let member = schema.member(of: schema.node(node), value: value) else { preconditionFailure("no such value") }
    return schema.name(schema.member(member))
  }

  package var integer: Int64 {
    let value = range.reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64(all[$1]) }
    return Int64(bitPattern: value)
  }

  package var flag: Bool { integer == 1 }

  /// The content of a counted opaque or string.
  package var content: [UInt8] {
    let start = range.lowerBound + 4
    return Array(all[start..<start + Int(word(at: range.lowerBound))])
  }

  // MARK: walking

  /// Like the subscript; nil if the member is missing.
  package func member(named name: String) -> XDRView? { member(name) }

  private func member(_ name: String) -> XDRView? {
    let node = schema.node(node)
    if node.kind == .union {
      let value = Int32(bitPattern: word(at: range.lowerBound))
      guard let index = schema.member(of: node, value: value), case let arm = schema.member(index) else { return nil }
      if arm.node >= 0, schema.name(arm) == name { return part(arm.node, from: range.lowerBound + 4) }
      return arm.isSpread ? part(arm.node, from: range.lowerBound + 4).member(name) : nil
    }
    var position = range.lowerBound
    for index in node.first..<node.first + node.count {
      let member = schema.member(index)
      let part = part(member.node, from: position)
      position = part.range.upperBound
      if member.isSpread {
        if let found = part.member(name) { return found }
      } else if schema.name(member) == name {
        return part
      }
    }
    return nil
  }

  private func part(_ node: Int32, from start: Int) -> XDRView {
    var cursor = Cursor(all.bytes, at: start)
    do throws(XDRError) { try schema.skip(node, &cursor) } catch {
      preconditionFailure("no \(schema.describe(node: node)) at \(start): \(error.description(schema))")
    }
    return XDRView(schema: schema, node: node, all: all, range: start..<cursor.position)
  }

  private func word(at offset: Int) -> UInt32 { all.bytes.word(at: offset) }
}
