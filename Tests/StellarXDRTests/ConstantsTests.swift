import StellarXDR
import Testing

/// The constants of the handwritten walks equal the schema's numbers.
@Suite struct ConstantsTests {
  @Test(arguments: [
    ("SCValType", "void", SCValTag.void), ("SCValType", "u64", SCValTag.u64), ("SCValType", "bytes", SCValTag.bytes),
    ("SCValType", "symbol", SCValTag.symbol), ("SCValType", "vec", SCValTag.vec),
    ("SCValType", "ledger_key_contract_instance", SCValTag.ledgerKeyContractInstance),
    ("OperationType", "invoke_host_function", OperationType.invokeHostFunction),
    ("OperationType", "extend_footprint_ttl", OperationType.extendFootprintTTL),
    ("OperationType", "restore_footprint", OperationType.restoreFootprint),
    ("ContractEventType", "system", ContractEventType.system), ("ContractEventType", "contract", ContractEventType.contract),
    ("ContractEventType", "diagnostic", ContractEventType.diagnostic),
    ("TransactionEventStage", "before_all_txs", TransactionStage.beforeAllTransactions),
    ("TransactionEventStage", "after_tx", TransactionStage.afterTransaction),
    ("TransactionEventStage", "after_all_txs", TransactionStage.afterAllTransactions),
  ])
  func numbersAreThoseOfTheSchema(type: String, name: String, value: UInt32) throws {
    let schema = Schema.shared
    let node = schema.node(try #require(schema.type(named: type)).node)
    let member = schema.member(try #require(schema.member(of: node, value: Int32(value))))
    #expect(schema.name(member) == name)
  }
}
