import Bytes
import StellarXDR

/// Compiles the programs: each node's program, after the programs it branches to that are not a node's own (arms, omittable
/// members).
struct RenderProgramCompiler {
  private(set) var steps: [RenderStep] = []
  /// The texts of the steps, concatenated.
  private(set) var texts: [UInt8] = []
  /// The size of all steps with their texts, which is the offset of the next one.
  private(set) var size = 0
  private(set) var targets: [Int32] = []
  private(set) var entries: [Int32]
  private let schema: Schema

  /// Structures and unions with more members than this are called from others instead of copied into them.
  private static let longestInline = 6

  /// Steps whose target is the start of a node's program, which is known only at the end.
  private var references: [(step: Int, node: Int32)] = []
  private var shapes: [Int32: Int32] = [:]

  /// The types whose values often repeat within a record.
  private let repeatable: [Int32]

  /// The types, spread in records, whose values often equal those of the previous record.
  static let recurring: [StaticString] = ["EventTransaction", "EventTransactionOutcome"]
  private let recurring: [Int32]

  init(_ schema: Schema) {
    self.schema = schema
    repeatable = ["LedgerEntry", "ContractEvent", "HostFunction"].compactMap { schema.type(named: $0)?.node }
    recurring = Self.recurring.map { schema.id($0).node }
    entries = Array(repeating: -1, count: schema.nodeCount)
  }

  mutating func compile(_ types: [TypeID]) {
    var waiting = types.map { $0.node }
    while let index = waiting.popLast() {
      guard entries[Int(index)] < 0 else { continue }
      entries[Int(index)] = write(value(index, isWhole: true))
      waiting += parts(of: schema.node(index))
    }
    for reference in references { steps[reference.step].target = entries[Int(reference.node)] }
  }

  /// The nodes that a node consists of.
  private func parts(of node: Node) -> [Int32] {
    switch node.kind {
    case .structure, .union: (node.first..<node.first + node.count).map { schema.member($0).node }.filter { $0 >= 0 }
    case .optional, .omittable, .versioned, .array, .fixedArray, .alias: [node.element]
    default: []
    }
  }

  /// A step before it is written: literals are bytes, and other programs are named by their node.
  private enum Part {
    case literal([UInt8])
    case step(RenderStep)
    /// A step whose target is a node's program.
    case leading(RenderStep, to: Int32)
    /// A step whose target is the program of a node's shape, if the node has another program.
    case shaping(RenderStep, Int32)
    /// A step whose target is a program of its own, which is written first.
    case branching(RenderStep, [Part])
    /// A step that selects one of several programs.
    case choosing(RenderStep, low: Int32, [Choice])
  }

  private enum Choice {
    case program([Part])
    case void(Int32)
    case none
  }

  private mutating func write(_ parts: [Part]) -> Int32 {
    // The programs that this one branches to are written before it.
    var own: [(step: RenderStep, node: Int32?, text: [UInt8])] = []
    var text: [UInt8] = []
    for part in parts {
      var step: RenderStep
      var node: Int32?
      switch part {
      case .literal(let more):
        text += more
        continue
      case .step(let given): step = given
      case .leading(let given, let to): (step, node) = (given, to)
      case .shaping(let given, let shaped):
        step = given
        step.target = shape(of: shaped)
      case .branching(let given, let program):
        step = given
        step.target = write(program)
      case .choosing(let given, let low, let choices):
        step = given
        let places = choices.map { choice in
          switch choice {
          case .program(let parts): write(parts)
          case .void(let member): RenderStep.void - member
          case .none: RenderStep.none
          }
        }
        step.target = Int32(targets.count)
        targets += [low, Int32(choices.count)] + places
      }
      own.append((step, node, text))
      text = []
    }
    var needsEnd = true
    if let last = own.last?.step.code {
      let isShort = text.count < RenderStep.longestEnding
      if isShort { own[own.count - 1].step.ending = UInt8(text.count + 1) }
      // The `ending` of the last step replaces an `end`. A `leave` has no text after it.
      needsEnd = last != .leave && !isShort
    }
    let start = Int32(size)
    for (index, part) in own.enumerated() {
      if let node = part.node { references.append((steps.count, node)) }
      let isLast = index == own.count - 1
      add(part.step, part.text, ending: isLast && part.step.ending > 0 ? text : [])
    }
    if needsEnd { add(RenderStep(code: .end, ending: 1), text) }
    return start
  }

  private mutating func add(_ step: RenderStep, _ text: [UInt8], ending: [UInt8] = []) {
    var step = step
    let length = text.count + ending.count
    let padding = -length & 7
    texts += text
    texts += ending
    texts += repeatElement(0, count: padding)
    step.literalCount = UInt16(text.count)
    step.size = Int32(MemoryLayout<RenderStep>.size + length + padding)
    size += Int(step.size)
    steps.append(step)
  }

  /// The program of a node's shape, regardless of the node's form. It is written once.
  private mutating func shape(of index: Int32) -> Int32 {
    if let known = shapes[index] { return known }
    let start = write(shapeParts(schema.node(index), index))
    shapes[index] = start
    return start
  }

  // MARK: values

  private func value(_ index: Int32, isWhole: Bool = false) -> [Part] {
    let node = schema.node(index)
    switch node.form {
    case .plain: break
    case .scval: return [.shaping(RenderStep(code: .scval, node: index), index)]
    case .address: return [.shaping(RenderStep(code: .address, node: index), index)]
    case .account: return quoted(.account, index)
    case .contract: return quoted(.contract, index)
    case .liquidityPool: return quoted(.liquidityPool, index)
    case .byteArray: return around(.text, index, "[", "]")
    case .metrics: return [.step(RenderStep(code: .metrics, node: index))]
    default: return quoted(.text, index)
    }
    if repeatable.contains(index), !isWhole { return [.leading(RenderStep(code: .repeatable, node: index), to: index)] }
    if node.isRecursive, !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
    let isLong = (node.kind == .structure || node.kind == .union) && max(node.count, node.slots) > Self.longestInline
    if isLong, !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
    return shapeParts(node, index)
  }

  private func quoted(_ code: RenderStep.Code, _ index: Int32) -> [Part] { around(code, index, "\"", "\"") }

  private func around(_ code: RenderStep.Code, _ index: Int32, _ open: String, _ close: String) -> [Part] {
    [.literal(Array(open.utf8)), .step(RenderStep(code: code, node: index)), .literal(Array(close.utf8))]
  }

  private func shapeParts(_ node: Node, _ index: Int32) -> [Part] {
    var parts = plainShape(node, index)
    // The step of an ScVal changes the depth itself.
    if node.isRecursive, node.form != .scval {
      parts.insert(.step(RenderStep(code: .enter)), at: 0)
      parts.append(.step(RenderStep(code: .leave)))
    }
    return parts
  }

  private func plainShape(_ node: Node, _ index: Int32) -> [Part] {
    func step(_ code: RenderStep.Code) -> [Part] { [.step(RenderStep(code: code, node: index))] }
    switch node.kind {
    case .uint32: return step(.uint32)
    case .int32: return step(.int32)
    case .uint64: return quoted(.uint64, index)
    case .int64: return quoted(.int64, index)
    case .bool: return step(.bool)
    case .fixedOpaque: return quoted(.fixedHex, index)
    case .opaque: return quoted(.hex, index)
    case .string: return quoted(.string, index)
    case .enumeration: return step(.name)
    case .optional, .omittable, .versioned:
      if node.kind == .optional, let code = simpleOptional(node.element) {
        return [.step(RenderStep(code: code, node: node.element))]
      }
      return [.leading(RenderStep(code: .optional, node: index), to: node.element)]
    case .array: return [.leading(RenderStep(code: .array, node: index), to: node.element)]
    case .fixedArray: return [.leading(RenderStep(code: .fixedArray, node: index), to: node.element)]
    case .structure:
      var isFirst = true
      return [.literal(Array("{".utf8))] + members(of: node, &isFirst) + [.literal(Array("}".utf8))]
    case .union:
      if node.slots == 1, let only = schema.member(of: node, value: node.low), schema.member(only).node < 0 {
        return [.step(RenderStep(code: .constant, target: node.low, node: index)), .literal(name(schema.member(only)))]
      }
      return [union(node, index, wrapped)]
    case .alias: return []
    }
  }

  /// The step of an optional value that needs no program; otherwise nil.
  private func simpleOptional(_ index: Int32) -> RenderStep.Code? {
    let node = schema.node(index)
    guard node.form == .plain else { return nil }
    switch node.kind {
    case .uint32: return .optionalUint32
    case .int64: return .optionalInt64
    case .bool: return .optionalBool
    case .enumeration: return .optionalName
    default: return nil
    }
  }

  private func name(_ member: Member) -> [UInt8] { schema.quotedName(member).copied }
  private func key(_ member: Member) -> [UInt8] { name(member) + Array(":".utf8) }

  /// `{"arm":value}`
  private func wrapped(_ arm: Member) -> [Part] {
    [.literal(Array("{".utf8) + key(arm))] + value(arm.node) + [.literal(Array("}".utf8))]
  }

  private func union(_ node: Node, _ index: Int32, _ program: (Member) -> [Part]) -> Part {
    let choices: [Choice] = (0..<node.slots).map { slot in
      guard let position = schema.member(of: node, value: node.low + slot) else { return .none }
      let arm = schema.member(position)
      return arm.node < 0 ? .void(position) : .program(program(arm))
    }
    return .choosing(RenderStep(code: .union, node: index), low: node.low, choices)
  }

  // MARK: members

  private func members(of node: Node, _ isFirst: inout Bool) -> [Part] {
    var parts: [Part] = []
    for position in node.first..<node.first + node.count {
      let member = schema.member(position)
      let inside = schema.node(member.node)
      if member.isSpread {
        parts += spread(inside, member.node, &isFirst)
        continue
      }
      let comma = Array((isFirst ? "" : ",").utf8)
      if inside.kind == .omittable || inside.kind == .versioned {
        precondition(!isFirst, "the first member of an object cannot be left out")
        let program = [.literal(comma + key(member))] + value(inside.element)
        let code: RenderStep.Code = inside.kind == .omittable ? .omittable : .versioned
        parts.append(.branching(RenderStep(code: code, node: member.node), program))
      } else {
        parts += [.literal(comma + key(member))] + value(member.node)
        isFirst = false
      }
    }
    return parts
  }

  /// A structure's members, or the one arm of a union, in the enclosing object.
  private func spread(_ node: Node, _ index: Int32, _ isFirst: inout Bool) -> [Part] {
    if let number = recurring.firstIndex(of: index) {
      return [.branching(RenderStep(code: .recurring, node: Int32(number)), members(of: node, &isFirst))]
    }
    guard node.kind == .union else { return members(of: node, &isFirst) }
    let comma = Array((isFirst ? "" : ",").utf8)
    let wasFirst = isFirst
    isFirst = false
    return [
      union(node, index) { arm in
        var first = wasFirst
        if arm.isSpread { return spread(schema.node(arm.node), arm.node, &first) }
        return [.literal(comma + key(arm))] + value(arm.node)
      }
    ]
  }
}
