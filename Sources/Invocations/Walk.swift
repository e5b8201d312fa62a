import Bytes
import StellarXDR

/// The types that the walks of this room pass over by name.
struct WalkTypes: Sendable {
  let schema: Schema

  let asset, sorobanAuthorizationEntry, contractEvent, diagnosticEvent, evictedKey, ledgerCloseMetaExt, ledgerEntry: TypeID
  let ledgerEntryChange, ledgerHeaderExt, ledgerHeaderHistoryEntryExt, ledgerKey, memo, muxedAccount, operationBody: TypeID
  let preconditions, scAddress, scpHistoryEntry, scval, signature, sorobanTransactionMetaExt, stellarValueExt, timeBounds: TypeID
  let transactionEvent, transactionExt, transactionMeta, transactionResult, transactionV0Ext, upgradeEntryMeta: TypeID
  let ledgerEntryExt, contractCodeEntryExt, contractDataEntry, ledgerEntryData, operationResult, contractExecutable: TypeID
  let soroban: TypeID

  static let shared = WalkTypes(.shared)

  init(_ schema: Schema) {
    self.schema = schema
    asset = schema.id("Asset")
    sorobanAuthorizationEntry = schema.id("SorobanAuthorizationEntry")
    contractEvent = schema.id("ContractEvent")
    diagnosticEvent = schema.id("DiagnosticEvent")
    evictedKey = schema.id("LedgerKey")
    ledgerCloseMetaExt = schema.id("LedgerCloseMetaExt")
    ledgerEntry = schema.id("LedgerEntry")
    ledgerEntryChange = schema.id("LedgerEntryChange")
    ledgerHeaderExt = schema.id("LedgerHeaderExt")
    ledgerHeaderHistoryEntryExt = schema.id("LedgerHeaderHistoryEntryExt")
    ledgerKey = schema.id("LedgerKey")
    memo = schema.id("Memo")
    muxedAccount = schema.id("MuxedAccount")
    operationBody = schema.id("OperationBody")
    preconditions = schema.id("Preconditions")
    scAddress = schema.id("SCAddress")
    scpHistoryEntry = schema.id("SCPHistoryEntry")
    scval = schema.scval
    signature = schema.id("DecoratedSignature")
    sorobanTransactionMetaExt = schema.id("SorobanTransactionMetaExt")
    stellarValueExt = schema.id("StellarValueExt")
    timeBounds = schema.id("TimeBounds")
    transactionEvent = schema.id("TransactionEvent")
    transactionExt = schema.id("TransactionExt")
    transactionMeta = schema.id("TransactionMeta")
    transactionResult = schema.id("TransactionResult")
    transactionV0Ext = schema.id("TransactionV0Ext")
    upgradeEntryMeta = schema.id("UpgradeEntryMeta")
    ledgerEntryExt = schema.id("LedgerEntryExt")
    contractCodeEntryExt = schema.id("ContractCodeEntryExt")
    contractDataEntry = schema.id("ContractDataEntry")
    ledgerEntryData = schema.id("LedgerEntryData")
    operationResult = schema.id("OperationResult")
    contractExecutable = schema.contractExecutable
    soroban = schema.id("SorobanTransactionData")
  }
}

extension Cursor {
  /// Passes over one value.
  mutating func skip(_ type: TypeID) throws(XDRError) { try Schema.shared.skip(type, &self) }

  /// Passes over one value, and says where it stands.
  mutating func range(_ type: TypeID) throws(XDRError) -> Range<Int> {
    let start = position
    try skip(type)
    return start..<position
  }

  /// Passes over a counted array, and says where it stands, count and all.
  mutating func skipArray(of type: TypeID) throws(XDRError) {
    for _ in 0..<(try count(of: type)) { try skip(type) }
  }

  mutating func arrayRange(of type: TypeID) throws(XDRError) -> Range<Int> {
    let start = position
    try skipArray(of: type)
    return start..<position
  }

  /// The count of an array, which no more elements can follow than there are bytes for.
  mutating func count(of type: TypeID) throws(XDRError) -> Int {
    try count(minimum: Int(Schema.shared.node(type.node).minimum))
  }

  /// `ExtensionPoint`: a word that is zero.
  mutating func extensionPoint() throws(XDRError) {
    try expectDiscriminant(in: 0...0)
  }

  @discardableResult
  mutating func expectDiscriminant(in accepted: ClosedRange<UInt32>) throws(XDRError) -> UInt32 {
    let value = try uint32()
    if !accepted.contains(value) {
      throw XDRError(.unknownDiscriminant, at: position - 4, value: Int64(Int32(bitPattern: value)))
    }
    return value
  }
}
