import Bytes
import StellarXDR

/// What a TransactionResult says, a fee bump's inner result unwrapped (protocol sections 3 and 5.3).
struct TransactionResult {
  /// TransactionResultCode of the transaction, or of the inner one of a fee bump where that was tried.
  var code: Int32
  /// The transaction took effect.
  var isSuccessful: Bool
  /// What was charged after refunds.
  var feeCharged: Int64
  var innerHash: Hash32?
  /// Where each operation's OperationResult stands; none where the operations were not reached.
  var operations: [Int] = []

  /// `findsOperations`: whether it is looked for where each operation's result stands.
  init(_ cursor: inout Cursor, findsOperations: Bool = true) throws(XDRError) {
    // The table knows every code; what follows only picks.
    var whole = cursor
    try whole.skip(WalkTypes.shared.transactionResult)
    feeCharged = try cursor.int64()
    code = try cursor.int32()
    isSuccessful = code == 0 || code == 1
    let isFeeBump = code == 1 || code == -13
    if isFeeBump {
      innerHash = try cursor.hash()
      try cursor.skip(8)
      code = try cursor.int32()
    }
    guard findsOperations else {
      cursor.position = whole.position
      return
    }
    if code == 0 || code == -1 {
      for _ in 0..<(try cursor.count(minimum: 4)) {
        operations.append(try cursor.range(WalkTypes.shared.operationResult).lowerBound)
      }
    }
    if isFeeBump { try cursor.extensionPoint() }
    try cursor.extensionPoint()
  }

  /// The value of InvocationResultCode for an operation; nil where it has no result.
  func invocationCode(_ operation: Int, _ bytes: RawSpan) -> UInt32? {
    guard operation < operations.count else { return nil }
    let position = operations[operation]
    let code = Int32(bitPattern: bytes.word(at: position))
    // opBAD_AUTH is -1 and the sixth name, and so on down.
    guard code == 0 else { return UInt32(5 - code) }
    let type = bytes.word(at: position + 4)
    let inner = -Int32(bitPattern: bytes.word(at: position + 8))
    guard type == OperationType.invokeHostFunction else {
      // success, malformed, resource_limit_exceeded, insufficient_refundable_fee
      return (25...26).contains(type) && (0...3).contains(inner) ? [0, 1, 3, 5][Int(inner)] : nil
    }
    return UInt32(inner)
  }
}

enum OperationType {
  static let invokeHostFunction: UInt32 = 24
  static let extendFootprintTTL: UInt32 = 25
  static let restoreFootprint: UInt32 = 26
}
