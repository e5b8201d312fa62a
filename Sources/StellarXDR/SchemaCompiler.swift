/// Compiles the text of the schema into tables. A mistake in the text stops the program at its start with the line.
package struct SchemaCompiler: ~Copyable {
  var nodes: [Node] = []
  var members: [Member] = []
  var slots: [Int16] = []
  /// Member names, each in quotes and followed by a colon.
  var names: [UInt8] = []
  var types: [(name: String, node: Int32)] = []

  /// A hash table from names in the text to nodes, with open addressing: making a string of each name would take twice as long.
  private var ids: [(name: Range<Int>, node: Int32)] = Array(repeating: (0..<0, -1), count: 2048)
  /// The primitive types whose counted arrays have kinds of their own, in the order in which `init` adds them.
  private static let (string, opaque, byte): (Int32, Int32, Int32) = (5, 6, 7)
  private var text: [UInt8] = []
  private var position = 0

  package init(_ parts: [StaticString]) {
    var text: [UInt8] = []
    for part in parts {
      unsafe text.append(contentsOf: UnsafeBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount))
      text.append(UInt8(ascii: "\n"))
    }
    self.init(text)
  }

  /// A text that is not part of the program.
  package init(_ source: [UInt8]) {
    // The primitive types, by names that the text can use.
    text = Array("u32 i32 u64 i64 bool string opaque byte\n".utf8) + source
    nodes.reserveCapacity(1200)
    members.reserveCapacity(2400)
    names.reserveCapacity(32_000)
    for kind in [Node.Kind.uint32, .int32, .uint64, .int64, .bool, .string, .opaque, .fixedOpaque] {
      _ = register(wordRange(), add(Node(kind: kind, size: kind == .fixedOpaque ? 1 : .max)))
    }
    let start = position
    nameTypes()
    position = start
    for index in types.indices { readLine(types[index].node) }
    resolveAliases()
    var open = Array(repeating: false, count: nodes.count)
    for type in types { _ = measure(type.node, &open) }
  }

  // MARK: names, first, so that a type can be used before its line

  private mutating func nameTypes() {
    while skipSpace(), position < text.count {
      let name = wordRange()
      let node = add(Node(kind: .alias))
      if !register(name, node) { stop("\(string(name)) is declared twice") }
      types.append((string(name), node))
      while position < text.count, text[position] != UInt8(ascii: "\n") { position += 1 }
    }
  }

  private mutating func readLine(_ index: Int32) {
    _ = skipSpace()
    _ = wordRange()
    expect("=")
    let isRecursive = accept("recursive ")
    var node: Node
    if accept("{") {
      node = structure()
    } else if accept("enum {") {
      node = enumeration()
    } else if accept("union ") {
      node = union()
    } else {
      node = Node(kind: .alias, element: type())
    }
    node.isRecursive = isRecursive
    if accept("as ") {
      let name = string(wordRange())
      guard let form = Form(rawValue: name) else { stop("there is no form \(name)") }
      node.form = form
    }
    nodes[Int(index)] = node
  }

  // MARK: bodies

  private mutating func structure() -> Node {
    var own: [Member] = []
    repeat {
      var member = Member()
      if accept("...") {
        member.isSpread = true
        member.node = type()
      } else {
        name(&member, wordRange())
        expect(":")
        member.node = type()
      }
      own.append(member)
    } while accept(";")
    expect("}")
    return add(own, to: Node(kind: .structure))
  }

  private mutating func enumeration() -> Node {
    var own: [Member] = []
    repeat {
      var member = Member()
      name(&member, wordRange())
      expect("=")
      member.value = number()
      own.append(member)
    } while accept(";")
    expect("}")
    return add(own, to: Node(kind: .enumeration), values: own.map { $0.value })
  }

  private mutating func union() -> Node {
    var node = Node(kind: .union)
    var own: [Member] = []
    var values: [Int32] = []
    if !accept("{") {
      node.element = named(wordRange())
      expect("{")
    }
    repeat {
      let first = own.count
      repeat {
        var arm = Member()
        if node.element < 0 {
          values.append(number())
          expect("=")
          if accept("...") { arm.isSpread = true }
          name(&arm, wordRange())
        } else {
          let label = wordRange()
          values.append(value(of: label, in: node.element))
          name(&arm, label)
        }
        own.append(arm)
      } while accept("|")
      if accept(":") {
        let inside = type()
        for index in first..<own.count { own[index].node = inside }
      }
    } while accept(";")
    expect("}")
    return add(own, to: node, values: values)
  }

  /// `NAME` and what follows it: `*`, `?`, `!`, `<>`, `<n>`, `[n]`, in any order and number.
  private mutating func type() -> Int32 {
    var result = named(wordRange())
    while true {
      if accept("*") {
        result = add(Node(kind: .optional, element: result))
      } else if accept("?") {
        result = add(Node(kind: .omittable, element: result))
      } else if accept("!") {
        result = add(Node(kind: .versioned, element: result))
      } else if accept("<") {
        let limit = peek(">") ? UInt32.max : UInt32(number())
        expect(">")
        result = counted(result, limit, isFixed: false)
      } else if accept("[") {
        let length = UInt32(number())
        expect("]")
        result = counted(result, length, isFixed: true)
      } else {
        return result
      }
    }
  }

  private mutating func counted(_ element: Int32, _ size: UInt32, isFixed: Bool) -> Int32 {
    switch element {
    case Self.opaque: return add(Node(kind: isFixed ? .fixedOpaque : .opaque, size: size))
    case Self.string: return add(Node(kind: .string, size: size))
    case Self.byte where isFixed: return add(Node(kind: .fixedOpaque, form: .byteArray, size: size))
    default: break
    }
    return add(Node(kind: isFixed ? .fixedArray : .array, size: size, element: element))
  }

  // MARK: tables

  private mutating func add(_ node: Node) -> Int32 {
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  private mutating func add(_ own: [Member], to node: Node, values: [Int32] = []) -> Node {
    var node = node
    node.first = Int32(members.count)
    node.count = Int32(own.count)
    members += own
    guard let low = values.min(), let high = values.max() else { return node }
    node.low = low
    node.slot = Int32(slots.count)
    node.slots = high - low + 1
    slots += Array(repeating: -1, count: Int(node.slots))
    for (index, value) in values.enumerated() { slots[Int(node.slot + value - low)] = Int16(index) }
    return node
  }

  private mutating func name(_ member: inout Member, _ name: Range<Int>) {
    member.name = Int32(names.count)
    names.append(UInt8(ascii: "\""))
    names += text[name]
    names.append(UInt8(ascii: "\""))
    member.nameCount = Int32(names.count) - member.name
    names.append(UInt8(ascii: ":"))
  }

  private func named(_ name: Range<Int>) -> Int32 {
    let node = ids[slot(of: name)].node
    if node < 0 { stop("there is no type \(string(name))") }
    return node
  }

  /// Returns false if the name exists already.
  private mutating func register(_ name: Range<Int>, _ node: Int32) -> Bool {
    let slot = slot(of: name)
    if ids[slot].node >= 0 { return false }
    if types.count >= ids.count / 2 { stop("too many types") }
    ids[slot] = (name, node)
    return true
  }

  /// The slot of a name, or the free slot for it. The hash is FNV-1a.
  private func slot(of name: Range<Int>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for offset in name { hash = (hash ^ UInt32(text[offset])) &* 16_777_619 }
    var slot = Int(truncatingIfNeeded: hash) & (ids.count - 1)
    while ids[slot].node >= 0, !text[ids[slot].name].elementsEqual(text[name]) { slot = (slot + 1) & (ids.count - 1) }
    return slot
  }

  private func value(of label: Range<Int>, in enumeration: Int32) -> Int32 {
    let node = nodes[Int(enumeration)]
    guard node.kind == .enumeration else { stop("a union is declared before the enumeration that it switches on") }
    for member in members[Int(node.first)..<Int(node.first + node.count)]
    where names[Int(member.name + 1)..<Int(member.name + member.nameCount - 1)].elementsEqual(text[label]) {
      return member.value
    }
    stop("the enumeration has no \(string(label))")
  }

  /// Replaces an alias by a copy of its type, with the alias's form if it has one.
  private mutating func resolveAliases() {
    for index in nodes.indices {
      var target = nodes[index]
      var steps = 0
      while target.kind == .alias {
        let form = target.form
        target = nodes[Int(target.element)]
        if form != .plain { target.form = form }
        steps += 1
        if steps > 10 { stop("a type is an alias of itself") }
      }
      nodes[index] = target
    }
  }

  /// Computes the minimum size of a node, and whether the size is all there is to check. `open` marks nodes that are being computed.
  private mutating func measure(_ index: Int32, _ open: inout [Bool]) -> (minimum: UInt32, isPlain: Bool) {
    var node = nodes[Int(index)]
    if node.minimum > 0 { return (node.minimum, node.isPlain) }
    // A type can contain itself only after a count or a flag, so the size of the inner one does not matter.
    if open[Int(index)] { return (0, false) }
    open[Int(index)] = true
    defer { open[Int(index)] = false }
    switch node.kind {
    case .uint32, .int32: (node.minimum, node.isPlain) = (4, true)
    case .uint64, .int64: (node.minimum, node.isPlain) = (8, true)
    case .fixedOpaque: (node.minimum, node.isPlain) = ((node.size + 3) & ~3, node.size % 4 == 0)
    case .bool, .enumeration, .opaque, .string: node.minimum = 4
    case .optional, .omittable, .array:
      _ = measure(node.element, &open)
      node.minimum = 4
    case .versioned: _ = measure(node.element, &open)
    case .fixedArray:
      let element = measure(node.element, &open)
      (node.minimum, node.isPlain) = (element.minimum * node.size, element.isPlain)
    case .structure:
      node.isPlain = true
      for member in node.first..<node.first + node.count {
        let part = measure(members[Int(member)].node, &open)
        node.minimum += part.minimum
        node.isPlain = node.isPlain && part.isPlain
      }
    case .union:
      var least = UInt32.max
      for member in node.first..<node.first + node.count {
        let inside = members[Int(member)].node
        least = min(least, inside < 0 ? 0 : measure(inside, &open).minimum)
      }
      node.minimum = 4 + least
    case .alias: stop("unresolved")
    }
    nodes[Int(index)] = node
    return (node.minimum, node.isPlain)
  }

  // MARK: text

  private mutating func skipSpace() -> Bool {
    while position < text.count, text[position] == UInt8(ascii: " ") || text[position] == UInt8(ascii: "\n") { position += 1 }
    return true
  }

  private mutating func wordRange() -> Range<Int> {
    while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
    let start = position
    while position < text.count, isNameByte(text[position]) { position += 1 }
    if position == start { stop("a name was expected") }
    return start..<position
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private mutating func number() -> Int32 {
    let digits = wordRange()
    // Nearly all numbers have one or two digits.
    if digits.count == 1, case let digit = text[digits.lowerBound] &- UInt8(ascii: "0"), digit < 10 { return Int32(digit) }
    let word = string(digits)
    let value = word.hasPrefix("0x") ? Int32(word.dropFirst(2), radix: 16) : Int32(word)
    guard let value else { stop("\(word) is not a number") }
    return value
  }

  private func peek(_ token: StaticString) -> Bool {
    // Most tokens that are tried differ in their first byte.
    guard position < text.count, unsafe text[position] == token.utf8Start[0], position + token.utf8CodeUnitCount <= text.count
    else { return false }
    for offset in 1..<token.utf8CodeUnitCount where unsafe token.utf8Start[offset] != text[position + offset] { return false }
    return true
  }

  private mutating func accept(_ token: StaticString) -> Bool {
    while position < text.count, text[position] == UInt8(ascii: " ") { position += 1 }
    guard peek(token) else { return false }
    position += token.utf8CodeUnitCount
    return true
  }

  private mutating func expect(_ token: StaticString) {
    if !accept(token) { stop("'\(token)' was expected") }
  }

  private func stop(_ reason: String) -> Never {
    let line = text[..<min(position, text.count)].split(separator: UInt8(ascii: "\n")).last.map {
      String(decoding: $0, as: UTF8.self)
    }
    fatalError("schema: \(reason), after: \(line?.suffix(80) ?? "")")
  }
}
