import Bytes

extension Schema {
  /// Skips one value and validates it: discriminants, booleans, enumerations, padding, bounds, depth.
  /// After an error the position of the cursor inside the value is unspecified.
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

  /// Whether the bytes from an offset to the end are a sequence of complete values of a type.
  package func areValues(_ type: TypeID, _ bytes: RawSpan, from start: Int = 0) -> Bool {
    var cursor = Cursor(bytes, at: start)
    while !cursor.isAtEnd {
      let before = cursor.position
      do throws(XDRError) { try skip(type.node, &cursor) } catch { return false }
      if cursor.position == before { return false }
    }
    return true
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

/// A return address and its state.
private struct Frame {
  /// The number of remaining elements of an array; `element` is their program.
  var remaining: Int32
  /// The remaining levels of recursion.
  var levels: Int32
  var element: StepReference
  /// Nil if that program has no further steps either.
  var next: StepReference?
}

/// A step in the table. Each kind loads only the fields it needs, which takes 15 % fewer instructions than copying the step.
@safe private struct StepReference {
  private let step: UnsafePointer<SkipStep>

  init(_ step: UnsafePointer<SkipStep>) { unsafe self.step = step }

  var next: StepReference { unsafe StepReference(step + 1) }
  var code: SkipStep.Code { unsafe step.pointee.code }
  var isLast: Bool { unsafe step.pointee.isLast }
  var reach: Int { unsafe Int(step.pointee.reach) }
  var size: UInt32 { unsafe step.pointee.size }
  var minimum: UInt32 { unsafe step.pointee.minimum }
  var target: Int32 { unsafe step.pointee.target }
  var low: Int32 { unsafe step.pointee.low }
  var node: Int32 { unsafe step.pointee.node }
}

/// The frames of one run. Swift keeps them on the stack if they take at most 1024 bytes; deeper nesting starts another run.
private let framesOfARun = 42

extension Schema {
  /// Runs a skip program (see SkipProgram.swift) to its end, in one loop without a call per part. The throughput of the tools depends on it.
  @usableFromInline
  func run(_ start: Int32, _ cursor: inout Cursor) throws(XDRError) {
    if cursor.depth == 0 {
      let end =
        unsafe start == tables.pointee.valueProgram
        ? cursor.endOfCommonValue(at: cursor.position)
        : start == tables.pointee.valuesProgram ? cursor.endOfCommonValues(at: cursor.position) : -1
      if end >= 0 {
        cursor.position = end
        return
      }
    }
    let outcome: Result<Void, XDRError> = unsafe withUnsafeTemporaryAllocation(of: Frame.self, capacity: framesOfARun) { frames in
      do throws(XDRError) {
        try unsafe run(start, &cursor, frames.baseAddress.unsafelyUnwrapped)
        return .success(())
      } catch { return .failure(error) }
    }
    if case .failure(let error) = outcome { throw error }
  }

  private func run(_ start: Int32, _ outer: inout Cursor, _ frames: UnsafeMutablePointer<Frame>) throws(XDRError) {
    // A local copy that is never passed to a call, so that it stays in registers.
    var cursor = outer
    var step = step(start)
    var top = unsafe frames
    while true {
      if _slowPath(cursor.remaining < step.reach) { throw truncation(step, cursor) }
      cursor.position &+= step.reach
      value: do {
        // The step's target, entered below; how many more times, and how many levels deeper.
        let target: Int32
        var (more, levels) = (Int32(0), Int32(0))
        switch step.code {
        case .zero:
          let size = Int(step.size)
          let value = cursor.word(before: size)
          if _slowPath(value != 0) { throw unknown(step, value, at: cursor.position &- size &- 4) }
          break value
        case .oneOf:
          let value = cursor.word(before: 0)
          if _slowPath(self.target(step, value) == SkipStep.none) { throw unknown(step, value, at: cursor.position &- 4) }
          break value
        case .flag:
          _ = try flag(cursor)
          break value
        case .opaque:
          _ = try cursor.opaqueRange(atMost: step.size, node: step.node)
          break value
        case .plainArray:
          let count = try cursor.count(minimum: Int(step.minimum), atMost: step.size, node: step.node)
          cursor.position &+= count &* Int(step.minimum)
          break value
        case .fixedOpaque:
          cursor.position &+= try fixedOpaque(step, cursor)
          break value
        case .optionalPlain:
          if try flag(cursor) { try cursor.skip(Int(step.size)) }
          break value
        case .enter:
          try enter(&cursor)
          step = step.next
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
          if _slowPath(unsafe top == frames + framesOfARun) {
            outer = cursor
            for _ in 0..<count { try run(step.target, &outer) }
            cursor = outer
            break value
          }
          target = step.target
          more = Int32(truncatingIfNeeded: count) &- 1
        case .optional:
          guard try flag(cursor) else { break value }
          target = step.target
        case .versioned:
          guard cursor.isSecondVersion else { break value }
          target = step.target
        case .ledgerEntry:
          let end = cursor.endOfCommonEntry(at: cursor.position)
          if end >= 0 {
            cursor.position = end
            break value
          }
          target = step.target
        case .ledgerEntryChanges:
          var count = try cursor.count(minimum: Int(step.minimum), atMost: step.size, node: step.node)
          while count > 0 {
            let end = cursor.endOfCommonChange(at: cursor.position)
            if end >= 0 {
              cursor.position = end
            } else {
              outer = cursor
              try run(step.target, &outer)
              cursor = outer
            }
            count &-= 1
          }
          break value
        case .union:
          target = try arm(step, &cursor)
          if target < 0 { break value }
        case .recursive:
          if _slowPath(cursor.depth == Self.maximumDepth) { throw XDRError(.tooDeep, at: cursor.position &- 4) }
          let arm = try arm(step, &cursor)
          if arm < 0 { break value }
          // An element without content is not a level.
          levels = arm >> SkipStep.deep
          cursor.depth &+= levels
          target = arm & (1 << SkipStep.deep &- 1)
        }
        if step.isLast, more | levels == 0 {
          step = self.step(target)
          continue
        }
        if _slowPath(unsafe top == frames + framesOfARun) {
          outer = cursor
          try run(target, &outer)
          cursor = outer
          cursor.depth &-= levels
          break value
        }
        let next = step.isLast ? nil : step.next
        step = self.step(target)
        unsafe top.pointee = Frame(remaining: more, levels: levels, element: step, next: next)
        unsafe top += 1
        continue
      }

      // The value was skipped; is it the last of its program?
      if !step.isLast {
        step = step.next
        continue
      }
      back: while true {
        if unsafe top == frames {
          outer = cursor
          return
        }
        let frame = unsafe top - 1
        if unsafe frame.pointee.remaining > 0 {
          unsafe frame.pointee.remaining &-= 1
          step = unsafe frame.pointee.element
          break back
        }
        unsafe top = frame
        cursor.depth &-= unsafe frame.pointee.levels
        if let next = unsafe frame.pointee.next {
          step = next
          break back
        }
      }
    }
  }

  @inline(__always)
  private func step(_ index: Int32) -> StepReference { unsafe StepReference(tables.pointee.steps + Int(index)) }

  @inline(__always)
  private func flag(_ cursor: borrowing Cursor) throws(XDRError) -> Bool {
    let value = cursor.word(before: 0)
    if _slowPath(value > 1) { throw XDRError(.notBoolean, at: cursor.position &- 4, value: Int64(value)) }
    return value == 1
  }

  /// The program of a union's arm; less than 0 for an arm that is skipped with its discriminant.
  @inline(__always)
  private func arm(_ step: StepReference, _ cursor: inout Cursor) throws(XDRError) -> Int32 {
    let value = cursor.word(before: 0)
    let target = target(step, value)
    if target >= 0 { return target }
    if _slowPath(target == SkipStep.none) { throw unknown(step, value, at: cursor.position &- 4) }
    if target < SkipStep.void { try cursor.skip(Int(SkipStep.plain &- target)) }
    return target
  }

  /// The program of the arm for a discriminant.
  @inline(__always)
  private func target(_ step: StepReference, _ value: UInt32) -> Int32 {
    let slot = value &- UInt32(bitPattern: step.low)
    return _fastPath(slot < step.size) ? unsafe tables.pointee.targets[Int(step.target) &+ Int(slot)] : SkipStep.none
  }

  @inline(never)
  private func unknown(_ step: StepReference, _ value: UInt32, at position: Int) -> XDRError {
    let isUnion = node(step.node).kind == .union
    return XDRError(
      isUnion ? .unknownDiscriminant : .unknownValue, at: position, node: step.node, value: Int64(Int32(bitPattern: value)))
  }

  /// The error of a step that reaches beyond the end: an earlier error in its bytes, if there is one, else the truncation.
  @inline(never)
  private func truncation(_ step: StepReference, _ cursor: borrowing Cursor) -> XDRError {
    var cursor = copy cursor
    let after = step.code == .zero ? Int(step.size) : 0
    do throws(XDRError) {
      try cursor.skip(step.reach - after - (step.code.hasWord ? 4 : 0))
      if step.code == .recursive, cursor.depth == Self.maximumDepth { return XDRError(.tooDeep, at: cursor.position) }
      if step.code.hasWord {
        let value = try cursor.uint32()
        if step.code == .zero, value != 0 { return unknown(step, value, at: cursor.position - 4) }
      }
      try cursor.skip(after)
    } catch { return error }
    preconditionFailure("a step that reaches beyond the end")
  }

  /// Checks the padding of a fixed-length opaque and returns its padded size.
  @inline(never)
  private func fixedOpaque(_ step: StepReference, _ cursor: borrowing Cursor) throws(XDRError) -> Int {
    var cursor = copy cursor
    let padding = try cursor.take(Int(step.minimum)).extracting(last: Int(step.minimum - step.size))
    for offset in 0..<padding.byteCount where padding[offset] != 0 {
      throw XDRError(.nonZeroPadding, at: cursor.position - padding.byteCount + offset)
    }
    return Int(step.minimum)
  }
}

extension Cursor {
  /// The word that ends this many bytes before the position; all of these bytes were skipped already.
  @inline(__always)
  fileprivate func word(before count: Int) -> UInt32 {
    UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position &- count &- 4, as: UInt32.self))
  }
}
