import Bytes
import StellarXDR

/// One step of writing a value as JSON. Like the skip programs every type has a run of steps. What stands before a value (braces, commas,
/// names, quotes) is written by the value's own step, and so is what stands behind the last one:
/// ```
///   Price           {"n": int32 | ,"d": int32 } and back
///   LedgerEntry     … | ,"ext": union } and back | } end
/// ```
/// A value that leads to another program ends in `end`, unless nothing is to be written there.
///
/// Sixteen bytes, then the text; the next step follows. Bounds and the like stand in the node.
struct RenderStep {
  enum Code: UInt8 {
    case uint32, int32, uint64, int64, bool
    case fixedHex, hex, string
    /// The name of an enumeration's value.
    case name
    /// The key of an account, and any 32 bytes, as a strkey.
    case account, contract, liquidityPool
    /// An address; the program at `target` for one that has no strkey.
    case address
    /// Any other type whose JSON is not its shape's.
    case text
    /// A value as the style has it: for SEP-51 by the program at `target`.
    case scval
    /// Null, or the program at `target`.
    case optional
    /// Nothing, or the program at `target`, which begins with a comma and a name.
    case omittable
    /// Each element by the program at `target`.
    case array, fixedArray
    /// `targets[target]` is the lowest discriminant, the next one says how many follow: the program of each arm, `RenderStep.void` less
    /// the member of a void arm, or `RenderStep.none`.
    case union
    /// The program at `target`.
    case call
    /// One level of recursion deeper.
    case enter
    /// One level back.
    case leave
    case end

    /// Whether what follows its value is not always written by the step itself.
    var leads: Bool {
      switch self {
      case .address, .scval, .optional, .omittable, .array, .fixedArray, .union, .call: true
      default: false
      }
    }
  }

  static let none: Int32 = -1
  static let void: Int32 = -2

  /// The most that can stand behind the last value of a program.
  static let longestEnding = 31

  var code: Code
  /// 0 for a step that others follow; for the last one, one more than the bytes that stand behind its value. They follow its literal.
  var ending: UInt8 = 0
  /// What is written first: so many bytes of the text.
  var literalCount: UInt16 = 0
  /// The step and its text.
  var size: Int32 = 0
  var target: Int32 = 0
  var node: Int32 = 0
}

/// The programs of some types, and of all that they are made of.
struct RenderProgram: Sendable {
  /// Where the program of each node begins; -1 for one that none of the types has.
  let entries: [Int32]
  private let steps: ImmortalBytes
  private let targets: ImmortalBytes

  /// Of all types.
  static let shared = RenderProgram(.shared, Schema.shared.types.map(\.id))

  init(_ schema: Schema, _ types: [TypeID]) {
    var compiler = RenderProgramCompiler(schema)
    compiler.compile(types)
    entries = compiler.entries
    var code = ByteBuffer()
    var text = 0
    for step in compiler.steps {
      code.append(stored: step)
      let next = text + Int(step.size) - MemoryLayout<RenderStep>.size
      for byte in compiler.texts[text..<next] { code.append(byte) }
      text = next
    }
    steps = ImmortalBytes(code.bytes)
    code.truncate(to: 0)
    for target in compiler.targets { code.append(stored: target) }
    targets = ImmortalBytes(code.bytes)
  }

  /// A step where it stands: each kind loads what it needs of it.
  struct Step {
    fileprivate let program: ImmortalBytes
    fileprivate let offset: Int

    private var step: RenderStep { @inline(__always) get { program.load(RenderStep.self, at: offset) } }
    private var text: Int { @inline(__always) get { offset &+ MemoryLayout<RenderStep>.size } }

    var code: RenderStep.Code { @inline(__always) get { step.code } }
    var ending: UInt8 { @inline(__always) get { step.ending } }
    var target: Int32 { @inline(__always) get { step.target } }
    var node: Int32 { @inline(__always) get { step.node } }
    /// Where the step behind it stands.
    var next: Int32 { @inline(__always) get { Int32(truncatingIfNeeded: offset) &+ step.size } }

    /// Appends what stands before the value.
    @inline(__always)
    func appendLiteral(to out: inout ByteBuffer) { program.append(text, Int(step.literalCount), to: &out) }

    /// Appends what stands behind it, where that is anything.
    @inline(__always)
    func appendEnding(to out: inout ByteBuffer) {
      program.append(text &+ Int(step.literalCount), Int(ending) &- 1, to: &out)
    }
  }

  @inline(__always)
  subscript(_ offset: Int32) -> Step { Step(program: steps, offset: Int(offset)) }

  /// Where a union goes on for a discriminant.
  @inline(__always)
  func target(_ step: Step, _ discriminant: UInt32) -> Int32 {
    let table = Int(step.target) &* 4
    let slot = discriminant &- targets.load(UInt32.self, at: table)
    guard slot < targets.load(UInt32.self, at: table &+ 4) else { return RenderStep.none }
    return targets.load(Int32.self, at: table &+ 8 &+ Int(slot) &* 4)
  }
}

/// Makes the programs: first that of each node, then those they lead to that are no node's (arms, omittable members).
private struct RenderProgramCompiler {
  private(set) var steps: [RenderStep] = []
  /// Their texts, one behind the other.
  private(set) var texts: [UInt8] = []
  /// Of all steps with their texts: where the next one will stand.
  private(set) var size = 0
  private(set) var targets: [Int32] = []
  private(set) var entries: [Int32]
  private let schema: Schema

  /// Structures and unions of more members than this are called, not copied, where they stand in others.
  private static let longestInline = 6

  /// Places that need to know where a node's program begins, which is only known at the end.
  private var references: [(step: Int, node: Int32)] = []
  private var shapes: [Int32: Int32] = [:]

  init(_ schema: Schema) {
    self.schema = schema
    entries = Array(repeating: -1, count: schema.nodeCount)
  }

  mutating func compile(_ types: [TypeID]) {
    var waiting = types.map(\.node)
    while let index = waiting.popLast() {
      guard entries[Int(index)] < 0 else { continue }
      entries[Int(index)] = write(value(index, isWhole: true))
      waiting += parts(of: schema.node(index))
    }
    for reference in references { steps[reference.step].target = entries[Int(reference.node)] }
  }

  /// The nodes that a node is made of.
  private func parts(of node: Node) -> [Int32] {
    switch node.kind {
    case .structure, .union: (node.first..<node.first + node.count).map { schema.member($0).node }.filter { $0 >= 0 }
    case .optional, .omittable, .array, .fixedArray, .alias: [node.element]
    default: []
    }
  }

  /// A step before it is written: literals as bytes, other programs by their node.
  private enum Part {
    case literal([UInt8])
    case step(RenderStep)
    /// A step whose target is a node's program.
    case leading(RenderStep, to: Int32)
    /// A step whose target is a node's shape, where that is not its program.
    case shaping(RenderStep, Int32)
    /// A step whose target is written on its own first.
    case branching(RenderStep, [Part])
    /// A step that chooses among programs.
    case choosing(RenderStep, low: Int32, [Choice])
  }

  private enum Choice {
    case program([Part])
    case void(Int32)
    case none
  }

  private mutating func write(_ parts: [Part]) -> Int32 {
    // What this program leads to is written before it.
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
      // Behind a `leave` there is nothing; what leads nowhere comes back to nothing.
      needsEnd = last != .leave && (!isShort || last.leads && !text.isEmpty)
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

  /// The program of a node's shape, whatever form the node has: written once.
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
    default: return quoted(.text, index)
    }
    if node.isRecursive, !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
    let isLong = (node.kind == .structure || node.kind == .union) && max(node.count, node.slots) > Self.longestInline
    if isLong, !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
    return shapeParts(node, index)
  }

  private func quoted(_ code: RenderStep.Code, _ index: Int32) -> [Part] {
    let quote = Part.literal(Array("\"".utf8))
    return [quote, .step(RenderStep(code: code, node: index)), quote]
  }

  private func shapeParts(_ node: Node, _ index: Int32) -> [Part] {
    var parts = plainShape(node, index)
    // The step of a value goes deeper and comes back by itself.
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
    case .optional, .omittable: return [.leading(RenderStep(code: .optional, node: index), to: node.element)]
    case .array: return [.leading(RenderStep(code: .array, node: index), to: node.element)]
    case .fixedArray: return [.leading(RenderStep(code: .fixedArray, node: index), to: node.element)]
    case .structure:
      var isFirst = true
      return [.literal(Array("{".utf8))] + members(of: node, &isFirst) + [.literal(Array("}".utf8))]
    case .union: return [union(node, index, wrapped)]
    case .alias: return []
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
      if inside.kind == .omittable {
        precondition(!isFirst, "the first member of an object cannot be left out")
        let program = [.literal(comma + key(member))] + value(inside.element)
        parts.append(.branching(RenderStep(code: .omittable, node: member.node), program))
      } else {
        parts += [.literal(comma + key(member))] + value(member.node)
        isFirst = false
      }
    }
    return parts
  }

  /// A structure's members, or the one arm of a union, in the object around.
  private func spread(_ node: Node, _ index: Int32, _ isFirst: inout Bool) -> [Part] {
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
