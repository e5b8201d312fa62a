import Bytes
import StellarXDR

/// A TransactionResult. For a fee bump it has the inner result (protocol sections 3 and 5.3).
struct TransactionResult {
  /// The TransactionResultCode of the transaction, or of a fee bump's inner transaction if that was tried.
  var code: Int32
  /// Whether the transaction took effect.
  var isSuccessful: Bool
  /// The fee charged, after refunds, in stroops.
  var feeCharged: Int64
  var innerHash: Hash32?
  /// The offset of each OperationResult; empty if the operations were not reached.
  var operations: [Int] = []

  /// `findsOperations`: whether to find the offset of each operation's result.
  init(_ cursor: inout Cursor, findsOperations: Bool = true) throws(XDRError) {
    // Skipping checks all codes; the code below only reads a few members.
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

  /// The InvocationResultCode of an operation; nil if it has no result, or if records have no name for its code.
  func invocationCode(_ operation: Int, _ bytes: RawSpan) -> UInt32? {
    guard operation < operations.count else { return nil }
    let position = operations[operation]
    let codes = ResultCodes.shared
    let code = Int32(bitPattern: bytes.word(at: position))
    guard code == 0 else { return codes.ofOperation[code] }
    let inner = Int32(bitPattern: bytes.word(at: position + 8))
    switch bytes.word(at: position + 4) {
    case OperationType.invokeHostFunction: return codes.ofInvocation[inner]
    case OperationType.extendFootprintTTL: return codes.ofExtension[inner]
    case OperationType.restoreFootprint: return codes.ofRestoration[inner]
    default: return nil
    }
  }
}

/// Maps the codes of operations to the values of InvocationResultCode with the same names. A code without a name in records is
/// not in these tables.
struct ResultCodes: Sendable {
  /// Codes of operations that were not executed.
  let ofOperation: [Int32: UInt32]
  let ofInvocation: [Int32: UInt32]
  let ofExtension: [Int32: UInt32]
  let ofRestoration: [Int32: UInt32]

  static let shared = ResultCodes(.shared)

  init(_ schema: Schema) {
    let names = Self.members(schema.id("InvocationResultCode"), schema)
    var values: [String: UInt32] = [:]
    for name in names { values[name.name] = UInt32(bitPattern: name.value) }
    func codes(_ type: StaticString) -> [Int32: UInt32] {
      var codes: [Int32: UInt32] = [:]
      for code in Self.members(schema.id(type), schema) { codes[code.value] = values[code.name] }
      return codes
    }
    ofOperation = codes("OperationResultCode")
    ofInvocation = codes("InvokeHostFunctionResultCode")
    ofExtension = codes("ExtendFootprintTTLResultCode")
    ofRestoration = codes("RestoreFootprintResultCode")
  }

  private static func members(_ type: TypeID, _ schema: Schema) -> [(name: String, value: Int32)] {
    let node = schema.node(type.node)
    return (node.first..<node.first + node.count).map { index in
      let member = schema.member(index)
      return (schema.name(member), member.value)
    }
  }
}
