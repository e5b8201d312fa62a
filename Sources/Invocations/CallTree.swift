import Bytes
import StellarXDR

/// The sub-calls of an operation, reconstructed with a stack from the host's `fn_call` and `fn_return` diagnostics (protocol
/// section 6).
///
/// ```
///   fn_call  from -    to A  swap        the operation itself: index 0
///   fn_call  from A    to B  transfer    calls[0]: index 1, parent 0, depth 1
///   transfer (contract event of B)       belongs to 1
///   fn_return B transfer                 1 returned
///   fn_return A swap
/// ```
/// `fn_call` is recorded before the callee's frame exists, so its flag is that of the caller. A call failed if it did not return.
struct CallTree {
  struct Call {
    var parent: Int
    var depth: UInt32
    var caller: Hash32?
    var callee: Hash32
    /// The range of the function's name.
    var function: Range<Int>
    /// An SCVal: the arguments as packed by the host.
    var packed: Range<Int>
    var returnValue: Range<Int>?
    /// Whether a diagnostic shows that this call, and not only a call below it, failed and was rolled back.
    var sawFailure = false
    var successful: Bool?
  }

  private(set) var calls: [Call] = []
  /// The call of each diagnostic event: 0 is the operation, n is `calls[n - 1]`, nil is unknown.
  private(set) var callOfEvent: [Int?] = []

  /// Open calls, the innermost last. The operation, 0, is always the first.
  private var stack: [Int] = []
  private var root: Hash32?
  private var rootReturned = false

  /// Reconstructs the tree and replaces the previous one. `root` is the contract that the operation calls, nil for a creation.
  mutating func build(_ events: [ContractEvent], root: Hash32?, isSuccessful: Bool, _ bytes: RawSpan) {
    calls.removeAll(keepingCapacity: true)
    callOfEvent.removeAll(keepingCapacity: true)
    stack.removeAll(keepingCapacity: true)
    stack.append(0)
    self.root = root
    rootReturned = root == nil
    var sawRoot = root == nil
    for event in events {
      if event.isHostEvent("fn_call", bytes), let call = Call(event, bytes) {
        if !sawRoot, event.contract == nil, call.callee == root {
          sawRoot = true
          callOfEvent.append(0)
          continue
        }
        unwind(to: event.contract)
        callOfEvent.append(stack[stack.count - 1])
        push(call, event)
      } else if event.isHostEvent("fn_return", bytes), let function = Call.function(of: event, topic: 1, bytes) {
        callOfEvent.append(pop(event, function, bytes))
      } else {
        callOfEvent.append(attach(event, bytes))
      }
    }
    settle(isSuccessful: isSuccessful)
  }

  /// How many levels of the stack are searched for a call. The host allows a depth of 100; the limit prevents quadratic time for
  /// invalid records.
  private static let searchedDepth = 512

  private func callee(_ index: Int) -> Hash32? { index == 0 ? root : calls[index - 1].callee }

  /// The stack index of the innermost open call of a contract.
  private func place(of contract: Hash32?) -> Int? {
    stack.suffix(Self.searchedDepth).lastIndex { callee($0) == contract }
  }

  /// Removes calls until the innermost open one is of `contract`. The host itself (nil) acts only at the bottom.
  private mutating func unwind(to contract: Hash32?) {
    guard let contract else { return stack.removeSubrange(1...) }
    guard let place = place(of: contract) else { return }
    stack.removeSubrange((place + 1)...)
  }

  private mutating func push(_ call: Call, _ event: ContractEvent) {
    var call = call
    let top = stack[stack.count - 1]
    if !event.inSuccessfulCall { noteFailure(top) }
    call.parent = top
    call.depth = top == 0 ? 1 : calls[top - 1].depth + 1
    calls.append(call)
    stack.append(calls.count)
  }

  /// Returns from the innermost open call of that contract and function. Calls above it never returned.
  private mutating func pop(_ event: ContractEvent, _ function: Range<Int>, _ bytes: RawSpan) -> Int? {
    let name = bytes.extracting(function)
    for place in stack.indices.suffix(Self.searchedDepth).reversed() {
      let index = stack[place]
      guard callee(index) == event.contract else { continue }
      if index == 0 {
        if root != nil { rootReturned = true }
        stack.removeSubrange(1...)
        return 0
      }
      guard bytes.extracting(calls[index - 1].function).equals(name) else { continue }
      calls[index - 1].returnValue = event.data
      stack.removeSubrange(place...)
      // It returned but was rolled back, so its caller failed.
      if !event.inSuccessfulCall { noteFailure(calls[index - 1].parent) }
      return index
    }
    return nil
  }

  /// A contract's event belongs to the innermost open call of that contract. The host's own events can come after that call
  /// returned.
  private mutating func attach(_ event: ContractEvent, _ bytes: RawSpan) -> Int? {
    let top = stack[stack.count - 1]
    if event.type == ContractEventType.diagnostic {
      // The host reports an error while the failed call is still the innermost one.
      if event.isHostEvent("error", bytes) || !event.inSuccessfulCall && callee(top) == event.contract { noteFailure(top) }
      return place(of: event.contract).map { stack[$0] }
    }
    guard place(of: event.contract) != nil else { return nil }
    unwind(to: event.contract)
    let index = stack[stack.count - 1]
    if !event.inSuccessfulCall { noteFailure(index) }
    return index
  }

  private mutating func noteFailure(_ index: Int) {
    if index > 0 { calls[index - 1].sawFailure = true }
  }

  /// A call that returned succeeded. A call that did not return failed, unless the record may be incomplete: the host silently
  /// drops diagnostics when their budget is exhausted. Under a successful caller, a call therefore counts as failed only if there
  /// is a sign of failure.
  private mutating func settle(isSuccessful: Bool) {
    for index in calls.indices {
      let call = calls[index]
      if call.returnValue != nil {
        calls[index].successful = true
      } else if !isSuccessful || call.sawFailure {
        calls[index].successful = false
      } else if call.parent > 0, calls[call.parent - 1].successful == false {
        calls[index].successful = false
      }
    }
  }
}

extension CallTree.Call {
  /// Nil for a diagnostic named `fn_call` of another shape.
  init?(_ event: ContractEvent, _ bytes: RawSpan) {
    guard event.topicCount == 3, let callee = Self.contract(of: event, bytes) else { return nil }
    guard let function = Self.function(of: event, topic: 2, bytes) else { return nil }
    self.init(parent: 0, depth: 1, caller: event.contract, callee: callee, function: function, packed: event.data)
  }

  /// The callee's id of a `fn_call`: 32 bytes in the second topic.
  private static func contract(of event: ContractEvent, _ bytes: RawSpan) -> Hash32? {
    guard let name = event.firstSymbol(bytes) else { return nil }
    let position = (name.upperBound + 3) & ~3
    guard bytes.word(at: position) == SCValTag.bytes, bytes.word(at: position + 4) == 32 else { return nil }
    return Hash32(bytes, at: position + 8)
  }

  /// The function name, which is the last topic.
  static func function(of event: ContractEvent, topic: Int, _ bytes: RawSpan) -> Range<Int>? {
    guard event.topicCount == topic + 1, let name = event.firstSymbol(bytes) else { return nil }
    var position = (name.upperBound + 3) & ~3
    // Skip the callee: discriminant, length, 32 bytes.
    if topic == 2 { position += 40 }
    return ContractEvent.symbol(at: position, bytes)
  }
}
