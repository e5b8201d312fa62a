import Bytes

extension Schema {
  /// Passes over one value and checks it: discriminants, booleans, enumerations, padding, bounds, depth.
  /// On an error the cursor stands somewhere inside the value.
  @inlinable @inline(__always)
  package func skip(_ type: TypeID, _ cursor: inout Cursor) throws(XDRError) {
    try skip(type.node, &cursor)
  }

  /// Checks that the bytes are exactly one value.
  package func validate(_ type: TypeID, _ bytes: RawSpan) throws(XDRError) {
    var cursor = Cursor(bytes)
    try skip(type.node, &cursor)
    try expectEnd(type, cursor)
  }

  package func expectEnd(_ type: TypeID, _ cursor: borrowing Cursor) throws(XDRError) {
    if !cursor.isAtEnd { throw XDRError(.leftOver, at: cursor.position, node: type.node, value: Int64(cursor.remaining)) }
  }

  @inlinable
  package func skip(_ index: Int32, _ cursor: inout Cursor) throws(XDRError) {
    let node = node(index)
    if node.isPlain { return try cursor.skip(Int(node.minimum)) }
    try run(node.program, &cursor)
  }

  /// Reads a union's discriminant and finds its arm.
  @inlinable @inline(__always)
  package func arm(of node: Node, _ index: Int32, _ cursor: inout Cursor) throws(XDRError) -> Member {
    let value = try cursor.int32()
    guard let member = member(of: node, value: value) else {
      throw XDRError(.unknownDiscriminant, at: cursor.position &- 4, node: index, value: Int64(value))
    }
    return self.member(member)
  }

  @inlinable @inline(__always)
  package func enumerationMember(of node: Node, _ index: Int32, _ cursor: inout Cursor) throws(XDRError) -> Member {
    let value = try cursor.int32()
    guard let member = member(of: node, value: value) else {
      throw XDRError(.unknownValue, at: cursor.position &- 4, node: index, value: Int64(value))
    }
    return self.member(member)
  }

  /// One level deeper in recursive types.
  @inlinable @inline(__always)
  package func enter(_ cursor: inout Cursor) throws(XDRError) {
    cursor.depth &+= 1
    if cursor.depth > Self.maximumDepth { throw XDRError(.tooDeep, at: cursor.position) }
  }
}

/// A place to go on at, when what was called from there is done.
private struct Frame {
  /// Elements of an array that are still to come; they are run at `element`.
  var remaining: Int32
  var element: Int32
  /// -1 where nothing follows in that program, either.
  var next: Int32
  /// Levels of recursion that are left.
  var levels: Int32
}

/// A step where it stands in the table: each kind loads what it needs of it, fifteen percent fewer instructions than to copy all of it.
@safe private struct StepReference {
  private let step: UnsafePointer<Step>

  init(_ step: UnsafePointer<Step>) { unsafe self.step = step }

  var code: Step.Code { unsafe step.pointee.code }
  var isLast: Bool { unsafe step.pointee.isLast }
  var before: UInt16 { unsafe step.pointee.before }
  var size: UInt32 { unsafe step.pointee.size }
  var minimum: UInt32 { unsafe step.pointee.minimum }
  var target: Int32 { unsafe step.pointee.target }
  var low: Int32 { unsafe step.pointee.low }
  var node: Int32 { unsafe step.pointee.node }
}

/// Frames that are kept on the machine's stack; deeper nesting takes another run.
private let framesOfARun = 64

extension Schema {
  /// Runs a skip program (see SkipProgram.swift) to its end. One loop without a call for each part: this is how the tools read at the
  /// speed of the disk.
  @usableFromInline
  func run(_ start: Int32, _ cursor: inout Cursor) throws(XDRError) {
    let outcome: Result<Void, XDRError> = unsafe withUnsafeTemporaryAllocation(of: Frame.self, capacity: framesOfARun) { frames in
      do throws(XDRError) {
        try unsafe run(start, &cursor, frames)
        return .success(())
      } catch { return .failure(error) }
    }
    if case .failure(let error) = outcome { throw error }
  }

  private func run(
    _ start: Int32, _ cursor: inout Cursor, _ frames: UnsafeMutableBufferPointer<Frame>
  ) throws(XDRError) {
    var pc = start
    var height = 0
    while true {
      let step = unsafe StepReference(steps + Int(pc))
      pc &+= 1
      try cursor.skip(Int(step.before))
      value: do {
        // Where the step leads to; it is entered below. How many more times, and how many levels deeper.
        let target: Int32
        var (more, levels) = (Int32(0), Int32(0))
        switch step.code {
        case .zero:
          let value = try cursor.uint32()
          if value != 0 { throw unknown(step, value, cursor) }
          break value
        case .oneOf:
          let value = try cursor.uint32()
          if self.target(step, value) == Step.none { throw unknown(step, value, cursor) }
          break value
        case .flag:
          _ = try cursor.flag()
          break value
        case .opaque:
          _ = try cursor.opaqueRange(atMost: Int(step.size), node: step.node)
          break value
        case .plainArray:
          let count = try cursor.count(minimum: Int(step.minimum), atMost: step.size, node: step.node)
          cursor.position &+= count &* Int(step.minimum)
          break value
        case .fixedOpaque:
          try skipFixedOpaque(step, &cursor)
          break value
        case .optionalPlain:
          if try cursor.flag() { try cursor.skip(Int(step.size)) }
          break value
        case .enter:
          try enter(&cursor)
          continue
        case .leave:
          cursor.depth &-= 1
          break value
        case .end: break value
        case .array, .repeated:
          let isCounted = step.code == .array
          let count =
            isCounted ? try cursor.count(minimum: Int(step.minimum), atMost: step.size, node: step.node) : Int(step.size)
          if count == 0 { break value }
          if count > Int32.max { throw XDRError(.tooLong, at: cursor.position &- 4, node: step.node, value: Int64(count)) }
          if height == framesOfARun {
            for _ in 0..<count { try run(step.target, &cursor) }
            break value
          }
          target = step.target
          more = Int32(truncatingIfNeeded: count) &- 1
        case .optional:
          guard try cursor.flag() else { break value }
          target = step.target
        case .union:
          target = try arm(step, &cursor)
          if target < 0 { break value }
        case .recursive:
          if cursor.depth == Self.maximumDepth { throw XDRError(.tooDeep, at: cursor.position) }
          target = try arm(step, &cursor)
          if target < 0 { break value }
          cursor.depth &+= 1
          levels = 1
        }
        if step.isLast, more | levels == 0 {
          pc = target
          continue
        }
        if height == framesOfARun {
          try run(target, &cursor)
          cursor.depth &-= levels
          break value
        }
        unsafe frames[height] = Frame(remaining: more, element: target, next: step.isLast ? -1 : pc, levels: levels)
        height &+= 1
        pc = target
        continue
      }

      // The value was passed over; is it the last of its program?
      if !step.isLast { continue }
      back: while true {
        if height == 0 { return }
        let frame = unsafe frames[height &- 1]
        if frame.remaining > 0 {
          unsafe frames[height &- 1].remaining = frame.remaining &- 1
          pc = frame.element
          break back
        }
        height &-= 1
        cursor.depth &-= frame.levels
        if frame.next >= 0 {
          pc = frame.next
          break back
        }
      }
    }
  }

  /// Where a union goes on; less than 0 for an arm that is passed over with its discriminant.
  @inline(__always)
  private func arm(_ step: StepReference, _ cursor: inout Cursor) throws(XDRError) -> Int32 {
    let value = try cursor.uint32()
    let target = target(step, value)
    if target >= 0 { return target }
    if target == Step.none { throw unknown(step, value, cursor) }
    if target < Step.void { try cursor.skip(Int(Step.plain &- target)) }
    return target
  }

  /// Where a union goes on for a discriminant.
  @inline(__always)
  private func target(_ step: StepReference, _ value: UInt32) -> Int32 {
    let slot = value &- UInt32(bitPattern: step.low)
    return slot < step.size ? unsafe targets[Int(step.target) &+ Int(slot)] : Step.none
  }

  @inline(never)
  private func unknown(_ step: StepReference, _ value: UInt32, _ cursor: borrowing Cursor) -> XDRError {
    let isUnion = node(step.node).kind == .union
    return XDRError(
      isUnion ? .unknownDiscriminant : .unknownValue, at: cursor.position &- 4, node: step.node,
      value: Int64(Int32(bitPattern: value)))
  }

  @inline(never)
  private func skipFixedOpaque(_ step: StepReference, _ cursor: inout Cursor) throws(XDRError) {
    let padding = try cursor.take(Int(step.minimum)).extracting(last: Int(step.minimum - step.size))
    for offset in 0..<padding.byteCount where padding[offset] != 0 {
      throw XDRError(.nonZeroPadding, at: cursor.position - padding.byteCount + offset)
    }
  }
}
