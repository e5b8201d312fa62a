// The values of the protocol's enumerations that walks by hand name, with the schema's names. A test compares them with the schema.

/// Values of SCValType.
package enum SCValTag {
  package static let void: UInt32 = 1
  package static let u64: UInt32 = 5
  package static let bytes: UInt32 = 13
  package static let symbol: UInt32 = 15
  package static let vec: UInt32 = 16
  package static let ledgerKeyContractInstance: UInt32 = 20
}

/// Values of OperationType.
package enum OperationType {
  package static let invokeHostFunction: UInt32 = 24
  package static let extendFootprintTTL: UInt32 = 25
  package static let restoreFootprint: UInt32 = 26
}

/// Values of ContractEventType.
package enum ContractEventType {
  package static let system: UInt32 = 0
  package static let contract: UInt32 = 1
  package static let diagnostic: UInt32 = 2
}

/// Values of TransactionEventStage.
package enum TransactionStage {
  package static let beforeAllTransactions: UInt32 = 0
  package static let afterTransaction: UInt32 = 1
  package static let afterAllTransactions: UInt32 = 2
}
