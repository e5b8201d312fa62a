import Bytes
import StellarXDR

/// The style of ScVals; everything else is always SEP-51.
package enum ValueStyle: String, Sendable {
  /// `{"xdr":"<base64>"}`: not decoded.
  case raw
  /// `{"u32":1}`, exactly as in SEP-51.
  case sep51
  /// Plain JSON for people and SQL (specification, section 6).
  case native
}

/// XDR to JSON: one walk over (program, cursor) that writes as it reads, and makes the same checks as *skip*.
///
/// ```
///   00 00 00 0f 00 00 00 04 73 77 61 70     SCVal      {"symbol":"swap"}    raw: {"xdr":"AAAADwAAAARzd2Fw"}    native: "swap"
/// ```
/// After an error the buffer contains the text written so far; the caller removes it.
package struct Renderer {
  package let schema: Schema
  package let style: ValueStyle
  private let program: RenderProgram
  private let strkeys = StrkeyCache()
  let repeats = RepeatCache()
  private let recent: [RecentValue]
  package let partialText: PartialText
  let keyTexts = KeyTexts()

  /// For all types. Tests use small parts in partial texts.
  package init(style: ValueStyle, partSize: Int = PartialText.partSize) { self.init(style, .shared, .shared, partSize) }

  /// For some types and the types they contain, which compiles much less.
  package init(style: ValueStyle, of types: TypeID..., in schema: Schema = .shared) {
    self.init(style, RenderProgram(schema, types), schema)
  }

  /// A renderer of the same kind for another thread. Only the constant parts are shared.
  package func copy() -> Renderer { Renderer(style, program, schema) }

  private init(_ style: ValueStyle, _ program: RenderProgram, _ schema: Schema, _ partSize: Int = PartialText.partSize) {
    partialText = PartialText(partSize: partSize)
    self.schema = schema
    self.style = style
    self.program = program
    recent = RenderProgramCompiler.recurring.map { _ in RecentValue() }
  }

  /// Writes exactly one value of `type`, which must extend over all of `bytes`.
  package func render(_ type: TypeID, _ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError) {
    if partialText.isOn, bytes.byteCount > partialText.large { return try renderPartially(type, bytes, into: &out) }
    try schema.expectEnd(type, Cursor(bytes, at: try render(type, bytes, from: 0, into: &out)))
  }

  /// Writes the value at an offset, and returns its end.
  func render(_ type: TypeID, _ bytes: RawSpan, from start: Int, into out: inout ByteBuffer) throws(XDRError) -> Int {
    var cursor = Cursor(bytes, at: start)
    repeats.begin()
    defer { repeats.end() }
    try value(type.node, &cursor, &out)
    return cursor.position
  }

  package func value(_ index: Int32, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    try run(program.entries[Int(index)], &cursor, &out)
  }

  /// Where to continue after a called program.
  private struct Frame {
    /// The number of array elements left, each written by the program at `element`; -1 if this is not an array, -2 for a
    /// repeatable value.
    var remaining: Int32 = -1
    var element: Int32 = 0
    /// The step to continue at: see `RenderProgram.Instruction.back`.
    var next: Int32
    /// Levels of recursion to leave.
    var levels: Int32 = 0
  }

  /// The number of frames in one run; deeper nesting starts another run.
  private static let frames = 48

  /// Runs a program to its end, once or several times with commas between the values.
  func run(_ start: Int32, times: Int = 1, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    var times = times
    var frames: [48 of Frame] = .init(repeating: Frame(next: 0))
    var height = 0
    var pc = start
    while true {
      let step = program[pc]
      pc = step.next
      step.appendLiteral(to: &out)
      value: do {
        // The program that the step calls; it is entered below.
        let target: Int32
        switch step.code {
        case .uint32:
          out.append(decimal: UInt64(try cursor.uint32()))
          break value
        case .int32:
          out.append(decimal: Int64(try cursor.int32()))
          break value
        case .uint64:
          out.append(decimal: try cursor.uint64())
          break value
        case .int64:
          out.append(decimal: try cursor.int64())
          break value
        case .bool:
          if try cursor.flag() { out.append("true") } else { out.append("false") }
          break value
        case .fixedHex:
          let from = cursor.position
          try schema.skip(step.node, &cursor)
          out.append(hex: cursor.slice(from..<from &+ Int(schema.node(step.node).size)))
          break value
        case .hex:
          let range = try cursor.opaqueRange(atMost: schema.node(step.node).size, node: step.node)
          if partialText.isOpen, partialText.add(opaque: range, .hex, out) { break value }
          out.append(hex: cursor.slice(range))
          break value
        case .string:
          let range = try cursor.opaqueRange(atMost: schema.node(step.node).size, node: step.node)
          if partialText.isOpen, partialText.add(opaque: range, .string, out) { break value }
          out.append(escaped: cursor.slice(range))
          break value
        case .name:
          let member = try schema.enumerationMember(of: schema.node(step.node), step.node, &cursor)
          schema.append(nameOf: member, to: &out)
          break value
        case .account:
          let type = try cursor.uint32()
          if type != 0 { throw unknown(step, type, cursor) }
          try strkey(Strkey.account, &cursor, &out)
          break value
        case .contract:
          try strkey(Strkey.contract, &cursor, &out)
          break value
        case .liquidityPool:
          try strkey(Strkey.liquidityPool, &cursor, &out)
          break value
        case .address:
          if try address(&cursor, step.node, &out) { break value }
          target = step.target
        case .text:
          try text(schema.node(step.node), step.node, &cursor, &out)
          break value
        case .metrics:
          try metrics(step.node, &cursor, &out)
          break value
        case .scval:
          guard style == .sep51 else {
            try value(&cursor, &out)
            break value
          }
          try schema.enter(&cursor)
          if height == Self.frames {
            try run(step.target, &cursor, &out)
            cursor.depth &-= 1
            break value
          }
          frames[height] = Frame(next: step.back, levels: 1)
          height &+= 1
          // Most values have an arm that is not void. Entering it directly saves one step per value.
          let arm = cursor.remaining < 4 ? -1 : program.target(program[step.target], cursor.bytes.word(at: cursor.position))
          pc = arm < 0 ? step.target : arm
          if arm >= 0 { cursor.position &+= 4 }
          continue
        case .optional:
          guard try cursor.flag() else {
            out.append("null")
            break value
          }
          target = step.target
        case .optionalUint32:
          if try cursor.flag() { out.append(decimal: UInt64(try cursor.uint32())) } else { out.append("null") }
          break value
        case .optionalInt64:
          if try cursor.flag() {
            out.append(UInt8(ascii: "\""))
            out.append(decimal: try cursor.int64())
            out.append(UInt8(ascii: "\""))
          } else {
            out.append("null")
          }
          break value
        case .optionalBool:
          if try cursor.flag() {
            if try cursor.flag() { out.append("true") } else { out.append("false") }
          } else {
            out.append("null")
          }
          break value
        case .optionalName:
          if try cursor.flag() {
            let member = try schema.enumerationMember(of: schema.node(step.node), step.node, &cursor)
            schema.append(nameOf: member, to: &out)
          } else {
            out.append("null")
          }
          break value
        case .omittable:
          guard try cursor.flag() else { break value }
          target = step.target
        case .versioned:
          guard cursor.isSecondVersion else { break value }
          target = step.target
        case .array, .fixedArray:
          out.append(UInt8(ascii: "["))
          let node = schema.node(step.node)
          let count =
            step.code == .fixedArray
            ? Int(node.size)
            : try cursor.count(minimum: Int(schema.node(node.element).minimum), atMost: node.size, node: step.node)
          if partialText.isOpen {
            try outlineElements(node.element, step.target, count: count, &cursor, &out)
            out.append(UInt8(ascii: "]"))
            break value
          }
          if count > 0, height < Self.frames {
            frames[height] = Frame(
              remaining: Int32(clamping: count &- 1), element: step.target, next: step.back)
            height &+= 1
            pc = step.target
            continue
          }
          for index in 0..<count {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            try run(step.target, &cursor, &out)
          }
          out.append(UInt8(ascii: "]"))
          break value
        case .union:
          let discriminant = try cursor.uint32()
          target = program.target(step, discriminant)
          if target < 0 {
            if target == RenderStep.none { throw unknown(step, discriminant, cursor) }
            schema.append(nameOf: schema.member(RenderStep.void &- target), to: &out)
            break value
          }
        case .constant:
          let discriminant = try cursor.uint32()
          if Int32(bitPattern: discriminant) != step.target { throw unknown(step, discriminant, cursor) }
          break value
        case .call: target = step.target
        case .repeatable:
          let length = repeats.append(step.node, cursor.bytes, at: cursor.position, to: &out)
          if length > 0 {
            cursor.position &+= length
            break value
          }
          if height < Self.frames {
            frames[height] = Frame(remaining: -2, next: step.back)
            height &+= 1
            pc = step.target
            continue
          }
          target = step.target
        case .recurring:
          let recent = recent[Int(step.node)]
          let length = recent.append(cursor.bytes, at: cursor.position, to: &out)
          if length > 0 {
            cursor.position &+= length
            break value
          }
          let (position, written) = (cursor.position, out.count)
          try run(step.target, &cursor, &out)
          recent.keep(cursor.slice(position..<cursor.position), out.bytes(written..<out.count))
          break value
        case .enter:
          try schema.enter(&cursor)
          continue
        case .leave:
          cursor.depth &-= 1
          break value
        case .end: break value
        }
        if step.ending == 1 {
          pc = target
          continue
        }
        if height < Self.frames {
          frames[height] = Frame(next: step.back)
          height &+= 1
          pc = target
          continue
        }
        try run(target, &cursor, &out)
      }

      // The value is written. Is it the last of its program?
      if step.ending == 0 { continue }
      if step.ending > 1 { step.appendEnding(to: &out) }
      back: while true {
        if height == 0 {
          times &-= 1
          if times == 0 { return }
          out.append(UInt8(ascii: ","))
          pc = start
          break back
        }
        let frame = frames[height &- 1]
        if frame.remaining > 0 {
          out.append(UInt8(ascii: ","))
          frames[height &- 1].remaining = frame.remaining &- 1
          pc = frame.element
          break back
        }
        if frame.remaining == 0 { out.append(UInt8(ascii: "]")) }
        if frame.remaining == -2 { repeats.close(at: cursor.position, out) }
        cursor.depth &-= frame.levels
        height &-= 1
        if frame.next >= 0 {
          pc = frame.next
          break back
        }
        if frame.next < -1 { program[-2 &- frame.next].appendEnding(to: &out) }
      }
    }
  }

  // MARK: parts

  private func unknown(_ step: RenderProgram.Instruction, _ value: UInt32, _ cursor: borrowing Cursor) -> XDRError {
    XDRError(.unknownDiscriminant, at: cursor.position &- 4, node: step.node, value: Int64(Int32(bitPattern: value)))
  }

  @inline(__always)
  func strkey(_ version: UInt8, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    try cursor.require(32)
    strkeys.append(version, cursor.bytes, at: cursor.position, to: &out)
    cursor.position &+= 32
  }
}
