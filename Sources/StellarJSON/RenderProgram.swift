import Bytes
import StellarXDR

/// One step of a program that writes a value as JSON. Every type has a program, as for skipping. The step of a value also writes
/// the text before it (braces, commas, names, quotes), and the last step of a program writes the text after it:
/// ```
///   Price           {"n": int32 | ,"d": int32 } and back
///   LedgerEntry     … | ,"ext": union } and back | } end
/// ```
/// `end` writes text that no value's step can write.
///
/// A step takes sixteen bytes, followed by its text and the next step. Bounds and other properties of the type are in its node.
struct RenderStep {
  enum Code: UInt8 {
    case uint32, int32, uint64, int64, bool
    case fixedHex, hex, string
    /// The name of an enumeration's value.
    case name
    /// The key of an account, or any 32 bytes, as a strkey.
    case account, contract, liquidityPool
    /// An address; for a kind without a strkey, the program at `target`.
    case address
    /// Any other type whose shape does not determine its JSON.
    case text
    /// Names and numbers as an object.
    case metrics
    /// An ScVal in the renderer's style; for SEP-51, the program at `target`.
    case scval
    /// Null, or the program at `target`.
    case optional
    /// Null, or a value that needs no program.
    case optionalUint32, optionalInt64, optionalBool, optionalName
    /// Nothing, or the program at `target`, which starts with a comma and a name.
    case omittable
    /// The same for a member that only records of the second version have.
    case versioned
    /// The program at `target` for each element.
    case array, fixedArray
    /// `targets[target]` is the lowest discriminant and the next entry the number of arms. The arms follow: the program of an
    /// arm, `RenderStep.void` minus the member of a void arm, or `RenderStep.none`.
    case union
    /// Nothing: the union has one arm, which is void. Its discriminant must be `target`.
    case constant
    /// The program at `target`.
    case call
    /// The same, for a value that can repeat within a record.
    case repeatable
    /// The program at `target`, for members that often equal those of the previous record; `node` is the number of their
    /// RecentValue.
    case recurring
    /// One level of recursion down.
    case enter
    /// One level up.
    case leave
    case end
  }

  static let none: Int32 = -1
  static let void: Int32 = -2

  /// The maximum length of the text after the last value of a program, plus one.
  static let longestEnding = 31

  var code: Code
  /// 0 for a step that is not the last; for the last one, the length of the text after its value plus one. That text follows the
  /// literal.
  var ending: UInt8 = 0
  /// The length of the text before the value.
  var literalCount: UInt16 = 0
  /// The size of the step with its text, in bytes.
  var size: Int32 = 0
  var target: Int32 = 0
  var node: Int32 = 0
}

/// The programs of some types, and of all types that they contain.
struct RenderProgram: Sendable {
  /// The start of each node's program; -1 for a node that none of the types contains.
  let entries: [Int32]
  private let steps: ConstantBytes
  private let targets: ConstantBytes
  /// Owns the bytes of `steps` and `targets`.
  private let memory: (steps: ConstantMemory, targets: ConstantMemory)

  /// For all types.
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

  /// A step in the program's memory. Each use loads only the fields that it needs.
  struct Instruction {
    fileprivate let program: ConstantBytes
    fileprivate let offset: Int

    private var step: RenderStep { @inline(__always) get { program.load(RenderStep.self, at: offset) } }
    private var text: Int { @inline(__always) get { offset &+ MemoryLayout<RenderStep>.size } }

    var code: RenderStep.Code { @inline(__always) get { step.code } }
    var ending: UInt8 { @inline(__always) get { step.ending } }
    var target: Int32 { @inline(__always) get { step.target } }
    var node: Int32 { @inline(__always) get { step.node } }
    /// The offset of the following step.
    var next: Int32 { @inline(__always) get { Int32(truncatingIfNeeded: offset) &+ step.size } }

    /// Where to continue after the program at `target`: the next step, or, after the last step, nowhere (-1), or -2 minus the
    /// offset of the step whose ending must be written.
    var back: Int32 {
      @inline(__always) get { ending == 0 ? next : ending == 1 ? -1 : -2 &- Int32(truncatingIfNeeded: offset) }
    }

    /// Appends the text before the value.
    @inline(__always)
    func appendLiteral(to out: inout ByteBuffer) { program.append(text, Int(step.literalCount), to: &out) }

    /// Appends the text after the value; `ending` must not be 0.
    @inline(__always)
    func appendEnding(to out: inout ByteBuffer) {
      program.append(text &+ Int(step.literalCount), Int(ending) &- 1, to: &out)
    }
  }

  @inline(__always)
  subscript(_ offset: Int32) -> Instruction { Instruction(program: steps, offset: Int(offset)) }

  /// The table entry of a union for a discriminant: a program, a void arm, or `RenderStep.none`.
  @inline(__always)
  func target(_ step: Instruction, _ discriminant: UInt32) -> Int32 {
    let table = Int(step.target) &* 4
    let slot = discriminant &- targets.load(UInt32.self, at: table)
    guard slot < targets.load(UInt32.self, at: table &+ 4) else { return RenderStep.none }
    return targets.load(Int32.self, at: table &+ 8 &+ Int(slot) &* 4)
  }
}
