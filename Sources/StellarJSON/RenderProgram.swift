import Bytes
import StellarXDR

/// One step of writing a value as JSON. Like the skip programs every type has a run of steps. What stands before a value (braces, commas,
/// names, quotes) is written by the value's own step, and so is what stands behind the last one:
/// ```
///   Price           {"n": int32 | ,"d": int32 } and back
///   LedgerEntry     … | ,"ext": union } and back | } end
/// ```
/// `end` is for what no value's step can write.
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
    /// Names and numbers as an object.
    case metrics
    /// A value as the style has it: for SEP-51 by the program at `target`.
    case scval
    /// Null, or the program at `target`.
    case optional
    /// Null, or a value that needs no program.
    case optionalUint32, optionalInt64, optionalBool, optionalName
    /// Nothing, or the program at `target`, which begins with a comma and a name.
    case omittable
    /// The same of a member that only records of the second version have.
    case versioned
    /// Each element by the program at `target`.
    case array, fixedArray
    /// `targets[target]` is the lowest discriminant, the next one says how many follow: the program of each arm, `RenderStep.void` less
    /// the member of a void arm, or `RenderStep.none`.
    case union
    /// Nothing: the discriminant of a union that has one arm, a void one, must be `target`.
    case constant
    /// The program at `target`.
    case call
    /// The same, for a value that may have been written before.
    case repeatable
    /// The program at `target`, for members that the record before may have had, too; `node` is the number of their RecentValue.
    case recurring
    /// One level of recursion deeper.
    case enter
    /// One level back.
    case leave
    case end

    /// Whether what follows its value is not always written by the step itself.
    var leads: Bool {
      switch self {
      case .address, .scval, .optional, .omittable, .versioned, .array, .fixedArray, .union, .call, .repeatable: true
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
  private let steps: ConstantBytes
  private let targets: ConstantBytes
  /// What the two stand in.
  private let memory: (steps: ConstantMemory, targets: ConstantMemory)

  /// Of all types.
  static let shared = RenderProgram(.shared, Schema.shared.types.map { $0.id })

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
    let steps = ConstantMemory(code.bytes)
    code.truncate(to: 0)
    for target in compiler.targets { code.append(stored: target) }
    memory = (steps, ConstantMemory(code.bytes))
    self.steps = memory.steps.bytes
    targets = memory.targets.bytes
  }

  /// A step where it stands: each kind loads what it needs of it.
  struct Step {
    fileprivate let program: ConstantBytes
    fileprivate let offset: Int

    private var step: RenderStep { @inline(__always) get { program.load(RenderStep.self, at: offset) } }
    private var text: Int { @inline(__always) get { offset &+ MemoryLayout<RenderStep>.size } }

    var code: RenderStep.Code { @inline(__always) get { step.code } }
    var ending: UInt8 { @inline(__always) get { step.ending } }
    var target: Int32 { @inline(__always) get { step.target } }
    var node: Int32 { @inline(__always) get { step.node } }
    /// Where the step behind it stands.
    var next: Int32 { @inline(__always) get { Int32(truncatingIfNeeded: offset) &+ step.size } }

    /// Where to go on when what it leads to is done: at the next step; or, behind the last one, nowhere (-1), or -2 less the step whose
    /// ending is to be written.
    var back: Int32 {
      @inline(__always) get { ending == 0 ? next : ending == 1 ? -1 : -2 &- Int32(truncatingIfNeeded: offset) }
    }

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
