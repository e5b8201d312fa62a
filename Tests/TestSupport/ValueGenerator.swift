import StellarXDR

/// Makes valid values of any type of the schema by walking its table. Every bit pattern, arm and count that the type allows can
/// occur, and every optional can be absent.
package struct ValueGenerator {
  package let schema: Schema
  package var random: SeededGenerator
  /// The minimum number of levels of a value of each node, to find the shortest way to end a value.
  private let heights: [Int]
  /// The remaining size before the value is brought to its end.
  private var room = 0

  package init(seed: UInt64, schema: Schema = .shared) {
    self.schema = schema
    random = SeededGenerator(seed: seed)
    heights = Self.heights(schema)
  }

  /// The XDR of a value of about `size` bytes, or of the minimum size of the type.
  package mutating func value(of type: TypeID, size: Int = 300) -> [UInt8] {
    room = size
    var out: [UInt8] = []
    append(type.node, to: &out)
    return out
  }

  private mutating func append(_ index: Int32, to out: inout [UInt8]) {
    let node = schema.node(index)
    let before = out.count
    switch node.kind {
    case .structure:
      for position in node.first..<node.first + node.count { append(schema.member(position).node, to: &out) }
      return
    case .union: return appendUnion(node, to: &out)
    case .array:
      let count = elementCount(atMost: Int(node.size))
      out += word(UInt32(count))
      room -= 4
      for _ in 0..<count { append(node.element, to: &out) }
      return
    case .fixedArray:
      for _ in 0..<node.size { append(node.element, to: &out) }
      return
    case .optional, .omittable:
      let isPresent = room > 0 && !random.once(in: 3)
      out += word(isPresent ? 1 : 0)
      room -= 4
      if isPresent { append(node.element, to: &out) }
      return
    case .versioned:
      // The value begins with the mark of its version.
      if out.count >= 4, out[..<2] == [0x53, 0x50], out[3] == 2 { append(node.element, to: &out) }
      return
    case .uint32, .int32: out += word(UInt32(truncatingIfNeeded: number()))
    case .uint64, .int64: out += doubleWord(number())
    case .bool: out += word(random.once(in: 2) ? 1 : 0)
    case .enumeration: out += word(UInt32(bitPattern: value(of: node)))
    case .fixedOpaque:
      let content = content(Int(node.size))
      out += content + [UInt8](repeating: 0, count: -content.count & 3)
    case .opaque, .string: out += counted(content(length(atMost: Int(node.size))))
    case .alias: break
    }
    room -= out.count - before
  }

  private mutating func appendUnion(_ node: Node, to out: inout [UInt8]) {
    var chosen = value(of: node)
    if room <= 0 {
      // The arm with the smallest height.
      let values = (node.low..<node.low + node.slots).filter { schema.member(of: node, value: $0) != nil }
      chosen = values.min { height(arm: $0, of: node) < height(arm: $1, of: node) } ?? chosen
    }
    out += word(UInt32(bitPattern: chosen))
    room -= 4
    if let member = schema.member(of: node, value: chosen), case let inside = schema.member(member).node, inside >= 0 {
      append(inside, to: &out)
    }
  }

  // MARK: choices

  private mutating func value(of node: Node) -> Int32 {
    while true {
      let value = Int32.random(in: node.low..<node.low + node.slots, using: &random)
      if schema.member(of: node, value: value) != nil { return value }
    }
  }

  private mutating func number() -> UInt64 {
    switch random.below(6) {
    case 0: 0
    case 1: UInt64.max
    case 2: 1 << 63
    case 3: 0x7FFF_FFFF_FFFF_FFFF
    case 4: UInt64.random(in: 0...1000, using: &random)
    default: random.next()
    }
  }

  private mutating func elementCount(atMost limit: Int) -> Int {
    guard room > 0 else { return 0 }
    return min(random.below(4), limit)
  }

  private mutating func length(atMost limit: Int) -> Int {
    if limit <= 128, random.once(in: 8) { return limit }
    return min(random.below(20), limit)
  }

  /// Bytes as in text, as in hashes, or all equal.
  private mutating func content(_ count: Int) -> [UInt8] {
    let kind = random.below(4)
    return (0..<count).map { offset in
      switch kind {
      case 0: UInt8.random(in: 0x20...0x7E, using: &random)
      case 1: random.once(in: 3) ? 0 : UInt8.random(in: 0...255, using: &random)
      // A code that is shorter than its field.
      case 2: offset < count / 3 ? UInt8.random(in: 0x41...0x5A, using: &random) : 0
      default: UInt8.random(in: 0...255, using: &random)
      }
    }
  }

  // MARK: heights

  private func height(arm value: Int32, of node: Node) -> Int {
    guard let member = schema.member(of: node, value: value), case let inside = schema.member(member).node, inside >= 0 else {
      return 0
    }
    return heights[Int(inside)]
  }

  private static func heights(_ schema: Schema) -> [Int] {
    let unknown = 1 << 20
    var heights = [Int](repeating: unknown, count: schema.nodeCount)
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in heights.indices {
        let node = schema.node(Int32(index))
        let members = (node.first..<node.first + node.count).map { schema.member($0).node }.map { $0 < 0 ? 0 : heights[Int($0)] }
        let height =
          switch node.kind {
          case .structure: 1 + (members.max() ?? 0)
          case .union: 1 + (members.min() ?? 0)
          case .fixedArray: 1 + heights[Int(node.element)]
          default: 0
          }
        if height < heights[index] {
          heights[index] = height
          hasChanged = true
        }
      }
    }
    return heights
  }
}
