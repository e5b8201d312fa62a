import Bytes
import StellarXDR

/// One step of writing a value as JSON. Like the skip programs every type has a run of steps that ends with `end`. What stands before a
/// value (braces, commas, names, quotes) is written by the value's own step, and what stands behind the last one by `end`:
/// ```
///   Price     {"n": int32 | ,"d": int32 | } end
/// ```
/// Sixteen bytes: bounds and the like stand in the node.
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
    /// `targets[target + discriminant - low]`: the program of the arm, `RenderStep.void` less the member of a void arm, or
    /// `RenderStep.none`.
    case union
    /// The program at `target`.
    case call
    /// One level of recursion deeper.
    case enter
    /// One level back, and the end.
    case leave
    case end
  }

  static let none: Int32 = -1
  static let void: Int32 = -2

  var code: Code
  /// Only an `end` without a literal follows.
  var isLast = false
  /// What is written first: so many bytes at `literal` of the pool.
  var literalCount: UInt16 = 0
  var literal: UInt32 = 0
  var target: Int32 = 0
  var node: Int32 = 0
}

/// The programs of some types, and of all that they are made of.
struct RenderProgram: Sendable {
  let steps: [RenderStep]
  let targets: [Int32]
  let pool: LiteralPool
  /// Where the program of each node begins; -1 for one that none of the types has.
  let entries: [Int32]

  /// Of all types.
  static let shared = RenderProgram(.shared, Schema.shared.types.map(\.id))

  init(_ schema: Schema, _ types: [TypeID]) {
    var compiler = RenderProgramCompiler(schema)
    compiler.compile(types)
    steps = compiler.steps
    targets = compiler.targets
    entries = compiler.entries
    pool = LiteralPool(compiler.literals)
  }
}

/// Makes the programs: first that of each node, then those they lead to that are no node's (arms, omittable members).
private struct RenderProgramCompiler {
  private(set) var steps: [RenderStep] = []
  private(set) var targets: [Int32] = []
  private(set) var entries: [Int32]
  private(set) var literals: [UInt8] = []
  private let schema: Schema

  /// Structures and unions of more members than this are called, not copied, where they stand in others.
  private static let longestInline = 6

  /// Places that need to know where a node's program begins, which is only known at the end.
  private var references: [(step: Int, node: Int32)] = []
  private var knownLiterals: [[UInt8]: Int32] = [:]
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
    case choosing(RenderStep, [Choice])
  }

  private enum Choice {
    case program([Part])
    case void(Int32)
    case none
  }

  private mutating func write(_ parts: [Part]) -> Int32 {
    // What this program leads to is written before it.
    var own: [(RenderStep, node: Int32?)] = []
    var text: [UInt8] = []
    var ending = RenderStep(code: .end)
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
      case .choosing(let given, let choices):
        step = given
        let places = choices.map { choice in
          switch choice {
          case .program(let parts): write(parts)
          case .void(let member): RenderStep.void - member
          case .none: RenderStep.none
          }
        }
        step.target = Int32(targets.count)
        targets += places
      }
      if step.code == .leave {
        ending = step
      } else {
        setLiteral(&text, of: &step)
        own.append((step, node))
      }
    }
    if text.isEmpty, ending.code == .end, !own.isEmpty { own[own.count - 1].0.isLast = true }
    setLiteral(&text, of: &ending)
    own.append((ending, nil))
    let start = Int32(steps.count)
    for (step, node) in own {
      if let node { references.append((steps.count, node)) }
      steps.append(step)
    }
    return start
  }

  /// The program of a node's shape, whatever form the node has: written once.
  private mutating func shape(of index: Int32) -> Int32 {
    if let known = shapes[index] { return known }
    let start = write(shapeParts(schema.node(index), index))
    shapes[index] = start
    return start
  }

  private mutating func setLiteral(_ text: inout [UInt8], of step: inout RenderStep) {
    if text.isEmpty { return }
    step.literal = UInt32(literal(text))
    step.literalCount = UInt16(text.count)
    text = []
  }

  private mutating func literal(_ text: [UInt8]) -> Int32 {
    if let known = knownLiterals[text] { return known }
    let start = Int32(literals.count)
    literals += text
    knownLiterals[text] = start
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
    if node.isRecursive { parts.append(.step(RenderStep(code: .leave))) }
    // The step of a value has gone deeper already.
    if node.isRecursive, node.form != .scval { parts.insert(.step(RenderStep(code: .enter)), at: 0) }
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
    return .choosing(RenderStep(code: .union, node: index), choices)
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
