import Bytes
import StellarXDR

/// The authorization tree of an operation: the signed calls, which can differ from the calls that ran (protocol section 5.5).
///
/// It is copied node by node into the record. The nodes are kept, because they can show how to read a diagnostic's arguments.
struct Authorization {
  /// A signed function call or creation.
  struct Node {
    var contract: Hash32
    /// The range of the function name; nil for a creation, which runs `__constructor`.
    var function: Range<Int>?
    /// SCVal<> with its count; nil for a creation without arguments.
    var arguments: Range<Int>?
  }

  private(set) var nodes: [Node] = []

  /// Reads a SorobanAuthorizationEntry<> with its count, and writes the record's AuthEntry<> to `out` if `isWritten`.
  mutating func read(
    _ cursor: inout Cursor, networkID: Hash32, isWritten: Bool, into out: inout ByteBuffer
  ) throws(XDRError) {
    nodes.removeAll(keepingCapacity: true)
    let start = out.count
    let count = try cursor.count(minimum: 20)
    out.append(bigEndian: UInt32(count))
    for _ in 0..<count {
      try credentials(&cursor, &out)
      try invocation(&cursor, networkID, &out)
    }
    if !isWritten { out.truncate(to: start) }
  }

  private func credentials(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let types = WalkTypes.shared
    let kind = try cursor.expectDiscriminant(in: 0...3)
    out.append(bigEndian: kind)
    guard kind != 0 else {
      for _ in 0..<4 { out.append(flag: false) }
      return
    }
    out.append(optional: try cursor.range(types.scAddress), of: cursor.bytes)
    out.append(optional: try cursor.int64())
    out.append(optional: try cursor.uint32())
    try cursor.skip(types.scval)  // the signature
    out.append(flag: kind == 3)
    if kind == 3 { try delegates(&cursor, &out) }
  }

  private func delegates(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let types = WalkTypes.shared
    let count = try cursor.count(minimum: 16)
    out.append(bigEndian: UInt32(count))
    for _ in 0..<count {
      try Schema.shared.enter(&cursor)
      out.append(cursor.slice(try cursor.range(types.scAddress)))
      try cursor.skip(types.scval)
      try delegates(&cursor, &out)
      cursor.depth -= 1
    }
  }

  private mutating func invocation(_ cursor: inout Cursor, _ networkID: Hash32, _ out: inout ByteBuffer) throws(XDRError) {
    try Schema.shared.enter(&cursor)
    let kind = try cursor.expectDiscriminant(in: 0...2)
    if kind == 0 {
      let call = try ContractCallArgs(&cursor)
      out.append(bigEndian: 0 as UInt32)
      out.append(cursor.slice(call.range))
      if let contract = call.contract {
        nodes.append(Node(contract: contract, function: call.function, arguments: call.arguments))
      }
    } else {
      let creation = try ContractCreation(&cursor, isV2: kind == 2)
      let contract = creation.contractID(networkID: networkID, cursor.bytes)
      out.append(bigEndian: 1 as UInt32)
      out.append(contract)
      creation.write(cursor.bytes, into: &out)
      nodes.append(Node(contract: contract, function: nil, arguments: creation.constructorArgs))
    }
    let count = try cursor.count(minimum: 16)
    out.append(bigEndian: UInt32(count))
    for _ in 0..<count { try invocation(&cursor, networkID, &out) }
    cursor.depth -= 1
  }
}

/// An InvokeContractArgs.
struct ContractCallArgs {
  /// Everything: address, function, arguments.
  var range: Range<Int>
  var address: Range<Int>
  /// The id, if the address is a contract.
  var contract: Hash32?
  /// The range of the function name.
  var function: Range<Int>
  /// SCVal<> with its count.
  var arguments: Range<Int>

  init(_ cursor: inout Cursor) throws(XDRError) {
    let start = cursor.position
    address = try cursor.range(WalkTypes.shared.scAddress)
    if cursor.bytes.word(at: start) == 1 { contract = Hash32(cursor.bytes, at: start + 4) }
    function = try cursor.opaqueRange(atMost: 32)
    arguments = try cursor.range(WalkTypes.shared.scvec)
    range = start..<cursor.position
  }
}
