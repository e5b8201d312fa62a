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
  var next: Int32
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
      switch step.code {
      case .zero:
        let value = try cursor.uint32()
        if value != 0 { throw unknown(step, value, cursor) }
      case .oneOf:
        let value = try cursor.uint32()
        if target(step, value) == Step.none { throw unknown(step, value, cursor) }
      case .flag: _ = try cursor.flag()
      case .opaque: _ = try cursor.opaqueRange(atMost: Int(step.size), node: step.node)
      case .plainArray:
        let count = try cursor.count(minimum: Int(step.minimum), atMost: step.size, node: step.node)
        cursor.position &+= count &* Int(step.minimum)
      case .fixedOpaque: try skipFixedOpaque(step, &cursor)
      case .array:
        let count = try cursor.count(minimum: Int(step.minimum), atMost: step.size, node: step.node)
        if count == 0 { continue }
        if count > Int32.max { throw XDRError(.tooLong, at: cursor.position &- 4, node: step.node, value: Int64(count)) }
        if height == framesOfARun {
          for _ in 0..<count { try run(step.target, &cursor) }
          continue
        }
        unsafe frames[height] = Frame(remaining: Int32(truncatingIfNeeded: count) &- 1, element: step.target, next: pc)
        height &+= 1
        pc = step.target
      case .repeated:
        if step.isLast, step.size == 1 {
          pc = step.target
        } else if height == framesOfARun {
          for _ in 0..<step.size { try run(step.target, &cursor) }
        } else {
          unsafe frames[height] = Frame(remaining: Int32(step.size) &- 1, element: step.target, next: pc)
          height &+= 1
          pc = step.target
        }
      case .optional:
        guard try cursor.flag() else { continue }
        if step.isLast {
          pc = step.target
        } else if height == framesOfARun {
          try run(step.target, &cursor)
        } else {
          unsafe frames[height] = Frame(remaining: 0, element: 0, next: pc)
          height &+= 1
          pc = step.target
        }
      case .union:
        let value = try cursor.uint32()
        let target = target(step, value)
        if target < 0 {
          if target == Step.none { throw unknown(step, value, cursor) }
          if target < Step.void { try cursor.skip(Int(Step.plain &- target)) }
          continue
        }
        if step.isLast {
          pc = target
        } else if height == framesOfARun {
          try run(target, &cursor)
        } else {
          unsafe frames[height] = Frame(remaining: 0, element: 0, next: pc)
          height &+= 1
          pc = target
        }
      case .optionalPlain: if try cursor.flag() { try cursor.skip(Int(step.size)) }
      case .enter: try enter(&cursor)
      case .leave: cursor.depth &-= 1
      case .end:
        if height == 0 { return }
        let frame = unsafe frames[height &- 1]
        if frame.remaining > 0 {
          unsafe frames[height &- 1].remaining = frame.remaining &- 1
          pc = frame.element
        } else {
          height &-= 1
          pc = frame.next
        }
      }
    }
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
