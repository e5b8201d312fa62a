import Bytes
import StellarXDR

/// The calls that ran below an operation, rebuilt from the host's `fn_call` and `fn_return` diagnostics with a stack (protocol section 6).
///
/// ```
///   fn_call  from -    to A  swap        the operation itself: index 0
///   fn_call  from A    to B  transfer    calls[0]: index 1, parent 0, depth 1
///   transfer (contract event of B)       belongs to 1
///   fn_return B transfer                 1 returned
///   fn_return A swap
/// ```
/// `fn_call` is recorded before its callee's frame exists, so its flag tells about the caller; a call failed when it did not return.
struct CallTree {
  struct Call {
    var parent: Int
    var depth: UInt32
    var caller: Hash32?
    var callee: Hash32
    /// The text of the function's name.
    var function: Range<Int>
    /// An SCVal: the arguments as the host packs them.
    var packed: Range<Int>
    var returnValue: Range<Int>?
    /// What it did was rolled back, by itself or by a caller: something says that it, not only a call below it, failed.
    var sawFailure = false
    var successful: Bool?
  }

  private(set) var calls: [Call] = []
  /// For each event of the diagnostics the call that it belongs to: 0 is the operation, n is `calls[n - 1]`, nil is not known.
  private(set) var callOfEvent: [Int?] = []

  /// Open calls, the innermost last; 0 is the operation and stays.
  private var stack: [Int] = []
  private var root: Hash32?
  private var rootReturned = false

  init() {}

  /// Rebuilds the tree in place of the one before. `root` is the contract that the operation calls, nil for a creation.
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

  /// How far down the stack a call is looked for. The host allows a depth of 100; a record that pretends more gets no quadratic time.
  private static let searchedDepth = 512

  private func callee(_ index: Int) -> Hash32? { index == 0 ? root : calls[index - 1].callee }

  /// The place in the stack of the innermost open call of a contract.
  private func place(of contract: Hash32?) -> Int? {
    stack.suffix(Self.searchedDepth).lastIndex { callee($0) == contract }
  }

  /// Leaves calls until the innermost open one is of `contract`. The host itself (nil) only acts at the bottom.
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

  /// The innermost open call of that contract and function returns; what is open above it never did.
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
      // It returned, and was rolled back all the same: so its caller failed.
      if !event.inSuccessfulCall { noteFailure(calls[index - 1].parent) }
      return index
    }
    return nil
  }

  /// Events of contracts belong to the innermost open call of their contract; the host's own may come when that is closed already.
  private mutating func attach(_ event: ContractEvent, _ bytes: RawSpan) -> Int? {
    let top = stack[stack.count - 1]
    if event.type == ContractEventType.diagnostic {
      // The host tells an error while the call that failed is still the last one opened.
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

  /// A call that returned succeeded. One that did not has failed, unless the record may be incomplete: the host drops diagnostics
  /// silently when their budget is used up, so that under a caller that succeeded only a sign of failure proves one.
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
  /// Nil for a diagnostic that is named `fn_call` but has not its shape.
  init?(_ event: ContractEvent, _ bytes: RawSpan) {
    guard event.topicCount == 3, let callee = Self.contract(of: event, bytes) else { return nil }
    guard let function = Self.function(of: event, topic: 2, bytes) else { return nil }
    self.init(parent: 0, depth: 1, caller: event.contract, callee: callee, function: function, packed: event.data)
  }

  /// The second topic of `fn_call`: the callee's id as 32 bytes.
  private static func contract(of event: ContractEvent, _ bytes: RawSpan) -> Hash32? {
    guard let name = event.firstSymbol(bytes) else { return nil }
    let position = (name.upperBound + 3) & ~3
    guard bytes.word(at: position) == SCValTag.bytes, bytes.word(at: position + 4) == 32 else { return nil }
    return Hash32(bytes, at: position + 8)
  }

  /// The topic that names the function: the last one.
  static func function(of event: ContractEvent, topic: Int, _ bytes: RawSpan) -> Range<Int>? {
    guard event.topicCount == topic + 1, let name = event.firstSymbol(bytes) else { return nil }
    var position = (name.upperBound + 3) & ~3
    // Behind the callee's 32 bytes: discriminant, length, bytes.
    if topic == 2 { position += 40 }
    return ContractEvent.symbol(at: position, bytes)
  }
}
