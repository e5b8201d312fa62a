import Bytes
import StellarXDR

/// One step of writing a value as JSON. Like the skip programs every type has a run of steps that ends with `end`; what stands between two
/// values of fixed place (braces, names, commas) is one literal:
/// ```
///   Price     literal {"n":  | int32 | literal ,"d":  | int32 | literal }  | end
/// ```
struct RenderStep {
  enum Code: UInt8 {
    /// The `size` bytes at `target` of the pool.
    case literal
    case uint32, int32, uint64, int64, bool
    /// `size` bytes, and zeros up to `minimum`, as hex.
    case fixedHex
    /// Counted bytes, at most `size`, as hex.
    case hex
    case string
    /// The name of an enumeration's value.
    case name
    /// A value whose JSON is not its shape's, or is only in some styles: then the program at `target`.
    case form
    /// Null, or the program at `target`.
    case optional
    /// Nothing, or the program at `target`, which begins with a comma and a name.
    case omittable
    /// At most `size` elements of at least `minimum` bytes each, by the program at `target`.
    case array
    /// Exactly `size` elements.
    case fixedArray
    /// `targets[target + discriminant - low]`, of which there are `size`: the program of the arm, `RenderStep.void` less the member of a
    /// void arm, or `RenderStep.none`.
    case union
    /// The program at `target`.
    case call
    case enter, leave
    case end
  }

  static let none: Int32 = -1
  static let void: Int32 = -2

  var code: Code
  /// Only `end` follows.
  var isLast = false
  var size: UInt32 = 0
  var minimum: UInt32 = 0
  var target: Int32 = 0
  var low: Int32 = 0
  var node: Int32 = 0
}

/// The programs of all types.
struct RenderProgram: Sendable {
  private(set) var steps: [RenderStep] = []
  private(set) var targets: [Int32] = []
  let pool: LiteralPool
  /// Where the program of each node begins.
  let entries: [Int32]

  static let shared = RenderProgram(.shared)

  init(_ schema: Schema) {
    var compiler = RenderProgramCompiler(schema)
    compiler.compile()
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
  private(set) var entries: [Int32] = []
  private(set) var literals: [UInt8] = []
  private let schema: Schema

  /// Structures and unions of more members than this are called, not copied, where they stand in others.
  private static let longestInline = 6

  /// Places that need to know where a node's program begins, which is only known at the end.
  private var references: [(step: Int, node: Int32)] = []
  private var knownLiterals: [[UInt8]: Int32] = [:]

  init(_ schema: Schema) { self.schema = schema }

  mutating func compile() {
    entries = Array(repeating: 0, count: schema.nodeCount)
    for index in 0..<Int32(schema.nodeCount) {
      let own = value(index, isWhole: true)
      entries[Int(index)] = write(own)
    }
    for reference in references { steps[reference.step].target = entries[Int(reference.node)] }
  }

  /// A step before it is written: literals as bytes, other programs by their node.
  private enum Part {
    case literal([UInt8])
    case step(RenderStep)
    /// A step whose target is a node's program.
    case leading(RenderStep, to: Int32)
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
    var merged: [Part] = []
    for part in parts {
      if case .literal(let more) = part, case .literal(let text)? = merged.last {
        merged[merged.count - 1] = .literal(text + more)
      } else {
        merged.append(part)
      }
    }
    // What this program leads to is written before it.
    var own: [(RenderStep, node: Int32?)] = []
    for part in merged {
      switch part {
      case .literal(let text):
        own.append((RenderStep(code: .literal, size: UInt32(text.count), target: literal(text)), nil))
      case .step(let step): own.append((step, nil))
      case .leading(let step, let node): own.append((step, node))
      case .branching(var step, let program):
        step.target = write(program)
        own.append((step, nil))
      case .choosing(var step, let choices):
        let places = choices.map { choice in
          switch choice {
          case .program(let parts): write(parts)
          case .void(let member): RenderStep.void - member
          case .none: RenderStep.none
          }
        }
        step.target = Int32(targets.count)
        targets += places
        own.append((step, nil))
      }
    }
    if !own.isEmpty { own[own.count - 1].0.isLast = true }
    let start = Int32(steps.count)
    for (step, node) in own {
      if let node { references.append((steps.count, node)) }
      steps.append(step)
    }
    steps.append(RenderStep(code: .end))
    return start
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
    if node.form != .plain {
      // The form, and where it does not apply the shape, as a program of its own.
      if !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
      return [.branching(RenderStep(code: .form, node: index), shapeParts(node, index))]
    }
    if node.isRecursive, !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
    let isLong = (node.kind == .structure || node.kind == .union) && max(node.count, node.slots) > Self.longestInline
    if isLong, !isWhole { return [.leading(RenderStep(code: .call), to: index)] }
    return shapeParts(node, index)
  }

  private func shapeParts(_ node: Node, _ index: Int32) -> [Part] {
    let own = plainShape(node, index)
    return node.isRecursive ? [.step(RenderStep(code: .enter))] + own + [.step(RenderStep(code: .leave))] : own
  }

  private func plainShape(_ node: Node, _ index: Int32) -> [Part] {
    func step(_ code: RenderStep.Code) -> [Part] {
      [.step(RenderStep(code: code, size: node.size, minimum: node.minimum, node: index))]
    }
    switch node.kind {
    case .uint32: return step(.uint32)
    case .int32: return step(.int32)
    case .uint64: return step(.uint64)
    case .int64: return step(.int64)
    case .bool: return step(.bool)
    case .fixedOpaque: return step(.fixedHex)
    case .opaque: return step(.hex)
    case .string: return step(.string)
    case .enumeration: return step(.name)
    case .optional, .omittable: return [.leading(RenderStep(code: .optional, node: index), to: node.element)]
    case .array, .fixedArray:
      let minimum = schema.node(node.element).minimum
      let code: RenderStep.Code = node.kind == .array ? .array : .fixedArray
      return [.leading(RenderStep(code: code, size: node.size, minimum: minimum, node: index), to: node.element)]
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
    return .choosing(RenderStep(code: .union, size: UInt32(node.slots), low: node.low, node: index), choices)
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
