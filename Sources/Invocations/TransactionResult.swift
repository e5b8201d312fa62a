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

  /// The value of InvocationResultCode for an operation; nil where it has no result, or one that records have no name for.
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

/// What the codes of operations are called in records: the values of InvocationResultCode with the same names. A code that the schema
/// names, but records do not, is in none of these.
struct ResultCodes: Sendable {
  /// Codes of operations that were not reached.
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
