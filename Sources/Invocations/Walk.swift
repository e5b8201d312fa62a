import Bytes
import StellarXDR

/// A type that walks pass over, with the schema, so that nothing is looked up for each value.
struct WalkType: Sendable {
  let schema: Schema
  let id: TypeID
}

/// The types that the walks of this room pass over by name.
struct WalkTypes: Sendable {
  let asset, contractCodeEntryExt, contractEvent, contractExecutable, diagnosticEvent, ledgerCloseMetaExt: WalkType
  let ledgerEntry, ledgerEntryChange, ledgerEntryChanges, ledgerEntryData, ledgerEntryExt, ledgerHeaderExt: WalkType
  let ledgerHeaderHistoryEntryExt, ledgerKey, memo, muxedAccount, operationBody, operationResult, preconditions: WalkType
  let scAddress, scpHistoryEntry, scval, scvec, signature, soroban, stellarValueExt, timeBounds, transactionEvent: WalkType
  let transactionMeta, transactionResult, upgradeEntryMeta: WalkType

  static let shared = WalkTypes(.shared)

  init(_ schema: Schema) {
    func type(_ id: TypeID) -> WalkType { WalkType(schema: schema, id: id) }
    asset = type(schema.id("Asset"))
    contractCodeEntryExt = type(schema.id("ContractCodeEntryExt"))
    contractEvent = type(schema.id("ContractEvent"))
    contractExecutable = type(schema.id("ContractExecutable"))
    diagnosticEvent = type(schema.id("DiagnosticEvent"))
    ledgerCloseMetaExt = type(schema.id("LedgerCloseMetaExt"))
    ledgerEntry = type(schema.id("LedgerEntry"))
    ledgerEntryChange = type(schema.id("LedgerEntryChange"))
    ledgerEntryChanges = type(schema.id("LedgerEntryChanges"))
    ledgerEntryData = type(schema.id("LedgerEntryData"))
    ledgerEntryExt = type(schema.id("LedgerEntryExt"))
    ledgerHeaderExt = type(schema.id("LedgerHeaderExt"))
    ledgerHeaderHistoryEntryExt = type(schema.id("LedgerHeaderHistoryEntryExt"))
    ledgerKey = type(schema.id("LedgerKey"))
    memo = type(schema.id("Memo"))
    muxedAccount = type(schema.id("MuxedAccount"))
    operationBody = type(schema.id("OperationBody"))
    operationResult = type(schema.id("OperationResult"))
    preconditions = type(schema.id("Preconditions"))
    scAddress = type(schema.id("SCAddress"))
    scpHistoryEntry = type(schema.id("SCPHistoryEntry"))
    scval = type(schema.id("SCVal"))
    scvec = type(schema.id("SCVec"))
    signature = type(schema.id("DecoratedSignature"))
    soroban = type(schema.id("SorobanTransactionData"))
    stellarValueExt = type(schema.id("StellarValueExt"))
    timeBounds = type(schema.id("TimeBounds"))
    transactionEvent = type(schema.id("TransactionEvent"))
    transactionMeta = type(schema.id("TransactionMeta"))
    transactionResult = type(schema.id("TransactionResult"))
    upgradeEntryMeta = type(schema.id("UpgradeEntryMeta"))
  }
}

extension Cursor {
  /// Passes over one value.
  @inline(__always)
  mutating func skip(_ type: WalkType) throws(XDRError) { try type.schema.skip(type.id, &self) }

  /// Passes over one value, and says where it stands.
  mutating func range(_ type: WalkType) throws(XDRError) -> Range<Int> {
    let start = position
    try skip(type)
    return start..<position
  }

  /// Passes over a counted array, and says where it stands, count and all.
  mutating func skipArray(of type: WalkType) throws(XDRError) {
    for _ in 0..<(try count(of: type)) { try skip(type) }
  }

  mutating func arrayRange(of type: WalkType) throws(XDRError) -> Range<Int> {
    let start = position
    try skipArray(of: type)
    return start..<position
  }

  /// The count of an array, which no more elements can follow than there are bytes for.
  mutating func count(of type: WalkType) throws(XDRError) -> Int {
    try count(minimum: Int(type.schema.node(type.id.node).minimum))
  }

  /// `ExtensionPoint`: a word that is zero.
  mutating func extensionPoint() throws(XDRError) {
    try expectDiscriminant(in: 0...0)
  }

  @discardableResult @inline(__always)
  mutating func expectDiscriminant(in accepted: ClosedRange<UInt32>) throws(XDRError) -> UInt32 {
    let value = try uint32()
    if _slowPath(!accepted.contains(value)) {
      throw XDRError(.unknownDiscriminant, at: position - 4, value: Int64(Int32(bitPattern: value)))
    }
    return value
  }
}
