import Bytes
import StellarJSON
import StellarXDR

// Converts entries to the tables.

extension ContractSpecs {
  /// Adds entries in raw XDR. `isWhole`: they are the complete file, so offsets in them are offsets in the file.
  mutating func add(entries: RawSpan, isWhole: Bool, _ contract: Hash32?) throws(DataError) {
    if entries.byteCount == 0 { throw DataError("a contract specification without entries") }
    var reading = SpecReading(spec: contracts.count)
    contracts.append(contract)
    var cursor = Cursor(entries)
    var number = 0
    while !cursor.isAtEnd {
      number += 1
      let start = cursor.position
      do throws(XDRError) { try read(&cursor, &reading) } catch {
        let entry = entries.extracting(start..<entries.byteCount)
        let what = "SCSpecEntry \(number): \(Schema.shared.message(for: error, in: SpecReading.entry, entry))"
        throw DataError(number == 1 ? "not a contract specification: \(what)" : what, at: isWhole ? error.offset : nil)
      }
    }
    resolve(reading)
  }

  /// Replaces references with copies of the nodes that they refer to.
  private mutating func resolve(_ reading: SpecReading) {
    for (node, name) in reading.references {
      if let declared = reading.declared[name] { nodes[Int(node)] = nodes[Int(declared)] }
    }
  }

  // MARK: entries

  /// The state of reading one file.
  private struct SpecReading {
    static let entry = Schema.shared.id("SCSpecEntry")
    let spec: Int
    /// The nodes of declared types. Toolchains declare a name twice if two crates declare it; the first declaration counts.
    var declared: [[UInt8]: Int32] = [:]
    var references: [(node: Int32, name: [UInt8])] = []
  }

  private mutating func read(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) {
    // Checks the entry and its depth first; the code below only walks it.
    var ahead = cursor
    try Schema.shared.skip(SpecReading.entry, &ahead)
    switch try cursor.uint32() {
    case 0: try function(&cursor, &reading)
    case 1: try structure(&cursor, &reading)
    case 2: try union(&cursor, &reading)
    case 3: try enumeration(.enumeration, &cursor, &reading)
    case 4: try enumeration(.errorEnumeration, &cursor, &reading)
    default: try event(&cursor, &reading)
    }
  }

  private mutating func function(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) {
    try cursor.skipText()
    let name = append(try cursor.opaque())
    let first = members.count
    for _ in 0..<(try cursor.count(minimum: 12)) {
      try cursor.skipText()
      members.append(try member(&cursor, &reading))
    }
    let output = try cursor.uint32() == 1 ? try type(&cursor, &reading) : nil
    functions.append(Function(spec: reading.spec, name: name, inputs: first..<members.count, output: output))
  }

  private mutating func structure(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) {
    let name = try declarationName(&cursor)
    var fields: [Member] = []
    for _ in 0..<(try cursor.count(minimum: 12)) {
      try cursor.skipText()
      fields.append(try member(&cursor, &reading))
    }
    declare(name, structure(of: fields), &reading)
  }

  private mutating func union(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) {
    let name = try declarationName(&cursor)
    var cases: [Member] = []
    for _ in 0..<(try cursor.count(minimum: 12)) {
      let hasValues = try cursor.uint32() == 1
      try cursor.skipText()
      var member = newMember(named: try cursor.opaque())
      if hasValues {
        var types: [Int32] = []
        for _ in 0..<(try cursor.count(minimum: 4)) { types.append(try type(&cursor, &reading)) }
        member.first = Int32(parts.count)
        member.count = Int32(types.count)
        parts += types
      }
      // Stores the kind separately from the number of values: a tuple case without values is still written as its name.
      member.value = hasValues ? 1 : 0
      cases.append(member)
    }
    declare(name, node(.union, cases), &reading)
  }

  private mutating func enumeration(_ kind: Kind, _ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) {
    let name = try declarationName(&cursor)
    var cases: [Member] = []
    for _ in 0..<(try cursor.count(minimum: 12)) {
      try cursor.skipText()
      var member = newMember(named: try cursor.opaque())
      member.value = try cursor.uint32()
      cases.append(member)
    }
    declare(name, node(kind, cases), &reading)
  }

  private mutating func event(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) {
    try cursor.skipText(2)
    let name = append(try cursor.opaque())
    var prefix: [Range<Int>] = []
    for _ in 0..<(try cursor.count(minimum: 4)) { prefix.append(append(try cursor.opaque())) }
    var topics: [Member] = []
    var values: [Member] = []
    for _ in 0..<(try cursor.count(minimum: 16)) {
      try cursor.skipText()
      let parameter = try member(&cursor, &reading)
      if try cursor.uint32() == 1 { topics.append(parameter) } else { values.append(parameter) }
    }
    guard let format = Event.Format(rawValue: try cursor.uint32()) else { return }
    let data: Int32?
    switch format {
    case .singleValue:
      // A single value cannot hold several; such an event cannot be recognised.
      if values.count > 1 { return }
      data = values.first.map { parts[Int($0.first)] }
    case .vec:
      data = append(Node(kind: .tuple, first: Int32(parts.count), count: Int32(values.count)))
      parts += values.map { parts[Int($0.first)] }
    case .map: data = append(sorted(values))
    }
    events.append(
      Event(spec: reading.spec, name: name, prefix: prefix, topics: topics, format: format, values: values, data: data))
  }

  // MARK: types

  /// The arm of SCVal for each SCSpecType that is one kind of value.
  private static let tags: [UInt32: UInt32] = [
    1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7, 9: 8, 10: 9, 11: 10, 12: 11, 13: 12, 14: 13, 16: 14, 17: 15, 19: 18, 20: 18,
  ]

  private mutating func type(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) -> Int32 {
    let kind = try cursor.uint32()
    var inside: [Int32] = []
    func node(_ kind: Kind, _ types: [Int32]) -> Node {
      Node(kind: kind, first: Int32(parts.count), count: Int32(types.count))
    }
    switch kind {
    case 1000, 1002: inside = [try type(&cursor, &reading)]
    case 1001, 1004: inside = [try type(&cursor, &reading), try type(&cursor, &reading)]
    case 1005: for _ in 0..<(try cursor.count(minimum: 4)) { inside.append(try type(&cursor, &reading)) }
    case 1006: return append(Node(kind: .bytesN, size: try cursor.uint32()))
    case 2000:
      let reference = append(Node(kind: .any))
      reading.references.append((reference, try cursor.opaque().copied))
      return reference
    default: return append(Self.tags[kind].map { Node(kind: .leaf, size: $0) } ?? Node(kind: .any))
    }
    let shape: Kind = kind == 1000 ? .option : kind == 1001 ? .result : kind == 1002 ? .vec : kind == 1004 ? .map : .tuple
    let index = append(node(shape, inside))
    parts += inside
    return index
  }

  /// The node of a struct. If its fields are named by their numbers, it is a tuple struct, which is a vec on the wire.
  private mutating func structure(of fields: [Member]) -> Node {
    let isTuple = !fields.isEmpty && fields.indices.allSatisfy { text[fields[$0].name].elementsEqual("\($0)".utf8) }
    guard isTuple else { return sorted(fields) }
    let types = fields.map { parts[Int($0.first)] }
    let node = Node(kind: .tupleStructure, first: Int32(parts.count), count: Int32(types.count))
    parts += types
    return node
  }

  /// The node of a struct. If two fields have the same name, the JSON object would be ambiguous, so the type counts as unknown.
  private mutating func sorted(_ fields: [Member]) -> Node {
    let fields = fields.sorted { text[$0.name].lexicographicallyPrecedes(text[$1.name]) }
    if Set(fields.map { Array(text[$0.quoted]) }).count < fields.count { return Node(kind: .any) }
    return node(.structure, fields)
  }

  private mutating func node(_ kind: Kind, _ list: [Member]) -> Node {
    let node = Node(kind: kind, first: Int32(members.count), count: Int32(list.count))
    members += list
    return node
  }

  private mutating func append(_ node: Node) -> Int32 {
    nodes.append(node)
    return Int32(nodes.count - 1)
  }

  private mutating func declare(_ name: [UInt8], _ node: Node, _ reading: inout SpecReading) {
    guard reading.declared[name] == nil else { return }
    let index = append(node)
    reading.declared[name] = index
    declarations.append(Declaration(spec: reading.spec, type: index))
  }

  // MARK: names

  /// Reads documentation, library and name; returns the name.
  private func declarationName(_ cursor: inout Cursor) throws(XDRError) -> [UInt8] {
    try cursor.skipText(2)
    return try cursor.opaque().copied
  }

  /// Reads a name and a type.
  private mutating func member(_ cursor: inout Cursor, _ reading: inout SpecReading) throws(XDRError) -> Member {
    var member = newMember(named: try cursor.opaque())
    let type = try type(&cursor, &reading)
    member.first = Int32(parts.count)
    member.count = 1
    parts.append(type)
    return member
  }

  private mutating func newMember(named name: RawSpan) -> Member {
    var quoted = ByteBuffer(capacity: 64)
    quoted.append(quotedText: name)
    return Member(name: append(name), quoted: append(quoted.bytes))
  }

  private mutating func append(_ name: RawSpan) -> Range<Int> {
    let start = text.count
    text += name.copied
    return start..<text.count
  }
}

extension Cursor {
  /// Skips strings.
  fileprivate mutating func skipText(_ count: Int = 1) throws(XDRError) {
    for _ in 0..<count { _ = try opaqueRange() }
  }
}
