/// One step of a skip program. Every type has a program, a sequence of steps that ends with `end`:
/// ```
///   LedgerEntry      4 bytes, union LedgerEntryData | union LedgerEntryExt (last) | end
///   SCVal<>          array of SCVal (last) | end
///   OfferEntry       … | 20 bytes, union OfferEntryExt (last) | end
/// ```
/// The program of a structure includes those of its inner structures. Adjacent bytes of which every bit pattern is valid are skipped together,
/// by the step after them, or by a `zero` before them.
@frozen @usableFromInline package struct SkipStep {
  @frozen @usableFromInline package enum Code: UInt8, Sendable {
    /// A word that must be zero, and then `size` bytes of which every bit pattern is valid.
    case zero
    /// A word that must have a target that is not `none`: an enumeration, or a union whose arms are all void.
    case oneOf
    case flag
    /// Counted bytes, at most `size`.
    case opaque
    /// `size` bytes, padded with zeros to `minimum`.
    case fixedOpaque
    /// A counted array, at most `size` elements of `minimum` bytes each.
    case plainArray
    /// A counted array whose elements are skipped by the program at `target`.
    case array
    /// Exactly `size` elements of the program at `target`; one is a call.
    case repeated
    /// An optional whose value is skipped by the program at `target`.
    case optional
    /// An optional whose value is `size` bytes of which every bit pattern is valid.
    case optionalPlain
    /// A member of second-version records, skipped by the program at `target`.
    case versioned
    /// A LedgerEntry; an uncommon one (see `Cursor.endOfCommonEntry`) is skipped by the program at `target`.
    case ledgerEntry
    /// A counted array of LedgerEntryChange; an uncommon one is skipped by the program at `target`.
    case ledgerEntryChanges
    /// A union with `size` targets. `targets[target + discriminant - low]` is the program of the arm, or `none`, or `void`, or `plain` minus the
    /// size of an arm of which every bit pattern is valid.
    case union
    /// The same; a target with `deep` added is one level of recursion deeper.
    case recursive
    /// Enter and leave one level of recursion, for types that are not unions.
    case enter, leave
    case end

    /// The bytes it skips always begin with a word within its `reach`.
    var hasWord: Bool {
      switch self {
      case .zero, .oneOf, .flag, .optional, .optionalPlain, .union, .recursive: true
      case .opaque, .fixedOpaque, .plainArray, .array, .repeated, .versioned, .ledgerEntry,
        .ledgerEntryChanges, .enter, .leave, .end:
        false
      }
    }
  }

  /// The union has no arm for the discriminant; the arm is void; the arm is a fixed number of bytes.
  static let none: Int32 = -1
  static let void: Int32 = -2
  static let plain: Int32 = -3
  /// The bit of a target that can recurse.
  static let deep: Int32 = 24

  @usableFromInline package var code: Code
  /// The step is an `end`, or only an empty `end` follows, which is never run.
  @usableFromInline package var isLast = false
  /// The bytes skipped with the step: those before it of which every bit pattern is valid, its word, and those after a `zero`.
  @usableFromInline package var reach: UInt16 = 0
  @usableFromInline package var size: UInt32 = 0
  @usableFromInline package var minimum: UInt32 = 0
  @usableFromInline package var target: Int32 = 0
  @usableFromInline package var low: Int32 = 0
  /// The type, for errors.
  @usableFromInline package var node: Int32 = 0
}

/// Compiles the programs of all types.
struct SkipProgramCompiler {
  private(set) var steps: [SkipStep] = []
  private(set) var targets: [Int32] = []
  private(set) var nodes: [Node]
  private let members: [Member]
  private let slots: [Int16]
  private let ledgerEntry: Int32?
  private let ledgerEntryChange: Int32?
  /// The program that skips all of them, common or not.
  private var anyLedgerEntry: Int32 = 0
  /// The state of the program that is being compiled.
  private var parts: [Part] = []

  /// `ledgerEntry` and `ledgerEntryChange` are the nodes of those types, if the schema has them.
  init(nodes: [Node], members: [Member], slots: [Int16], ledgerEntry: Int32?, ledgerEntryChange: Int32?) {
    self.nodes = nodes
    self.members = members
    self.slots = slots
    self.ledgerEntry = ledgerEntry
    self.ledgerEntryChange = ledgerEntryChange
    steps.reserveCapacity(6000)
    targets.reserveCapacity(2000)
    for index in nodes.indices {
      self.nodes[index].program = Int32(steps.count)
      appendProgram { $0.appendParts(of: Int32(index), isWhole: true) }
    }
    if let ledgerEntry {
      anyLedgerEntry = Int32(steps.count)
      appendProgram { $0.appendOwnParts(of: nodes[Int(ledgerEntry)], ledgerEntry) }
    }
    // The start of each program is known only now.
    for index in steps.indices { steps[index] = withTargets(steps[index]) }
  }

  private mutating func appendProgram(_ append: (inout SkipProgramCompiler) -> Void) {
    parts.removeAll(keepingCapacity: true)
    append(&self)
    parts.append(.step(SkipStep(code: .end)))
    let start = steps.count
    var before = 0
    for part in parts {
      let last = steps.count > start ? steps.count - 1 : nil
      switch part {
      case .plain(let size):
        if before == 0, let last, steps[last].code == .zero {
          steps[last].size += size
          steps[last].reach += UInt16(size)
        } else {
          before += Int(size)
        }
      case .step(var step):
        step.reach = UInt16(before + (step.code.hasWord ? 4 : 0))
        if step.code == .end {
          step.isLast = true
          if before == 0, let last { steps[last].isLast = true }
        }
        before = 0
        steps.append(step)
      }
    }
  }

  private enum Part {
    /// Adds bytes of which every bit pattern is valid.
    case plain(UInt32)
    case step(SkipStep)
  }

  /// Appends the steps of a type, without `end`. Targets in other programs are node indices until `withTargets`.
  private mutating func appendParts(of index: Int32, isWhole: Bool = false) {
    let node = nodes[Int(index)]
    if node.isPlain { return parts.append(.plain(node.minimum)) }
    if index == ledgerEntry { return parts.append(.step(SkipStep(code: .ledgerEntry, node: index))) }
    if !node.isRecursive { return appendOwnParts(of: node, index) }
    if node.kind == .union {
      return parts.append(.step(SkipStep(code: .recursive, size: UInt32(node.slots), low: node.low, node: index)))
    }
    // A recursive type is called, never copied into another program; this bounds the length of programs.
    if !isWhole { return parts.append(.step(SkipStep(code: .repeated, size: 1, target: index, node: index))) }
    parts.append(.step(SkipStep(code: .enter)))
    appendOwnParts(of: node, index)
    parts.append(.step(SkipStep(code: .leave)))
  }

  private mutating func appendOwnParts(of node: Node, _ index: Int32) {
    switch node.kind {
    case .structure: for member in node.first..<node.first + node.count { appendParts(of: members[Int(member)].node) }
    case .uint32, .int32, .uint64, .int64, .alias: parts.append(.plain(node.minimum))
    case .union where hasOneArm(node): appendOnlyArm(of: node, index)
    default: parts.append(.step(step(of: node, index)))
    }
  }

  /// Whether a union has only an arm for 0, which is void or of which every bit pattern is valid: a public key, for example.
  private func hasOneArm(_ node: Node) -> Bool {
    guard node.low == 0, node.slots == 1 else { return false }
    let arm = members[Int(node.first)].node
    return arm < 0 || nodes[Int(arm)].isPlain
  }

  private mutating func appendOnlyArm(of node: Node, _ index: Int32) {
    parts.append(.step(SkipStep(code: .zero, node: index)))
    let arm = members[Int(node.first)].node
    if arm >= 0 { parts.append(.plain(nodes[Int(arm)].minimum)) }
  }

  private func step(of node: Node, _ index: Int32) -> SkipStep {
    switch node.kind {
    case .union:
      let arms = members[Int(node.first)..<Int(node.first + node.count)]
      let isVoid = arms.allSatisfy { $0.node < 0 }
      return SkipStep(code: isVoid ? .oneOf : .union, size: UInt32(node.slots), low: node.low, node: index)
    case .enumeration: return SkipStep(code: .oneOf, size: UInt32(node.slots), low: node.low, node: index)
    case .bool: return SkipStep(code: .flag, node: index)
    case .opaque, .string: return SkipStep(code: .opaque, size: node.size, node: index)
    case .fixedOpaque: return SkipStep(code: .fixedOpaque, size: node.size, minimum: node.minimum, node: index)
    case .array:
      let element = nodes[Int(node.element)]
      let code: SkipStep.Code =
        element.isPlain ? .plainArray : node.element == ledgerEntryChange ? .ledgerEntryChanges : .array
      return SkipStep(code: code, size: node.size, minimum: element.minimum, target: node.element, node: index)
    case .fixedArray: return SkipStep(code: .repeated, size: node.size, target: node.element, node: index)
    case .optional, .omittable:
      let inside = nodes[Int(node.element)]
      if inside.isPlain { return SkipStep(code: .optionalPlain, size: inside.minimum, node: index) }
      return SkipStep(code: .optional, target: node.element, node: index)
    case .versioned: return SkipStep(code: .versioned, target: node.element, node: index)
    case .uint32, .int32, .uint64, .int64, .alias, .structure: preconditionFailure("a type of this kind has no step of its own")
    }
  }

  /// Replaces nodes by the start of their programs, and writes the tables of unions.
  private mutating func withTargets(_ step: SkipStep) -> SkipStep {
    var step = step
    switch step.code {
    case .array, .ledgerEntryChanges, .repeated, .optional, .versioned: step.target = nodes[Int(step.target)].program
    case .ledgerEntry: step.target = anyLedgerEntry
    case .union, .recursive, .oneOf:
      let node = nodes[Int(step.node)]
      step.target = Int32(targets.count)
      for slot in slots[Int(node.slot)..<Int(node.slot + node.slots)] {
        guard slot >= 0 else {
          targets.append(SkipStep.none)
          continue
        }
        let inside = node.kind == .union ? members[Int(node.first) + Int(slot)].node : -1
        targets.append(target(ofArm: inside, inRecursion: step.code == .recursive))
      }
    default: break
    }
    return step
  }

  private func target(ofArm index: Int32, inRecursion: Bool) -> Int32 {
    if index < 0 { return SkipStep.void }
    let node = nodes[Int(index)]
    if node.isPlain { return SkipStep.plain - Int32(node.minimum) }
    return inRecursion && reachesRecursion(index) ? node.program | 1 << SkipStep.deep : node.program
  }

  /// Whether a type is or contains a recursive type.
  private func reachesRecursion(_ index: Int32) -> Bool {
    let node = nodes[Int(index)]
    if node.isRecursive { return true }
    return switch node.kind {
    case .structure, .union:
      members[Int(node.first)..<Int(node.first + node.count)].contains { $0.node >= 0 && reachesRecursion($0.node) }
    case .optional, .omittable, .versioned, .fixedArray, .array, .alias: reachesRecursion(node.element)
    case .uint32, .int32, .uint64, .int64, .bool, .fixedOpaque, .opaque, .string, .enumeration: false
    }
  }
}
