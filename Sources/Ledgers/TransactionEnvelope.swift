import Bytes
import StellarXDR

/// The parts of a TransactionEnvelope, as positions in the bytes of the cursor that read it.
package struct TransactionEnvelope {
  package enum Kind: UInt32 { case v0 = 0, v1 = 2, feeBump = 5 }

  package struct Operation {
    /// A MuxedAccount; nil if the operation has no source of its own.
    package var source: Range<Int>?
    package var type: UInt32
    /// The bytes after the type.
    package var body: Range<Int>
    package var isSoroban: Bool { (24...26).contains(type) }
  }

  package var kind = Kind.v1
  /// The complete envelope.
  package var range = 0..<0
  /// The hashed bytes after the network id: from the envelope type up to the signatures.
  package var signed = 0..<0
  /// The same for the inner transaction of a fee bump.
  package var inner: Range<Int>?
  /// The MuxedAccount that pays for a fee bump.
  package var feeSource: Range<Int>?
  /// The source of the (inner) transaction: a MuxedAccount, or the 32 bytes of a V0 envelope.
  package var source = 0..<0
  package var operations: [Operation] = []
  /// The SorobanTransactionData of the (inner) transaction.
  package var sorobanData: Range<Int>?

  package var isSoroban: Bool { operations.contains { $0.isSoroban } }

  package init() {}

  /// Reads an envelope and replaces the previous one; the array of operations is reused.
  package mutating func read(_ cursor: inout Cursor) throws(XDRError) {
    let start = cursor.position
    operations.removeAll(keepingCapacity: true)
    inner = nil
    feeSource = nil
    sorobanData = nil
    let discriminant = try cursor.uint32()
    guard let kind = Kind(rawValue: discriminant) else {
      throw XDRError(.unknownDiscriminant, at: start, value: Int64(discriminant))
    }
    self.kind = kind
    switch kind {
    case .v0: try readTransactionV0(&cursor)
    case .v1: try readTransaction(&cursor)
    case .feeBump:
      feeSource = try cursor.range(WalkTypes.shared.muxedAccount)
      _ = try cursor.int64()
      let innerStart = cursor.position
      try cursor.expectDiscriminant(in: 2...2)
      try readTransaction(&cursor)
      inner = innerStart..<cursor.position
      try skipSignatures(&cursor)
      try cursor.extensionPoint()
    }
    signed = start..<cursor.position
    try skipSignatures(&cursor)
    range = start..<cursor.position
  }

  private mutating func readTransaction(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    source = try cursor.range(types.muxedAccount)
    try cursor.skip(4 + 8)  // fee, sequence number
    try cursor.skip(types.preconditions)
    try cursor.skip(types.memo)
    try readOperations(&cursor)
    if try cursor.expectDiscriminant(in: 0...1) == 1 { sorobanData = try cursor.range(types.soroban) }
  }

  private mutating func readTransactionV0(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    source = cursor.position..<cursor.position + 32
    try cursor.skip(32 + 4 + 8)
    if try cursor.flag() { try cursor.skip(types.timeBounds) }
    try cursor.skip(types.memo)
    try readOperations(&cursor)
    try cursor.extensionPoint()
  }

  private mutating func readOperations(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    for _ in 0..<(try cursor.count(minimum: 8, atMost: 100)) {
      let source = try cursor.flag() ? try cursor.range(types.muxedAccount) : nil
      let body = try cursor.range(types.operationBody)
      operations.append(
        Operation(source: source, type: cursor.bytes.word(at: body.lowerBound), body: body.lowerBound + 4..<body.upperBound))
    }
  }

  private func skipSignatures(_ cursor: inout Cursor) throws(XDRError) {
    let signature = WalkTypes.shared.signature
    for _ in 0..<(try cursor.count(minimum: 8, atMost: 20)) { try cursor.skip(signature) }
  }
}
