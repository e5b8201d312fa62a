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
    func type(_ name: StaticString) -> WalkType { WalkType(schema: schema, id: schema.id(name)) }
    asset = type("Asset")
    contractCodeEntryExt = type("ContractCodeEntryExt")
    contractEvent = type("ContractEvent")
    contractExecutable = type("ContractExecutable")
    diagnosticEvent = type("DiagnosticEvent")
    ledgerCloseMetaExt = type("LedgerCloseMetaExt")
    ledgerEntry = type("LedgerEntry")
    ledgerEntryChange = type("LedgerEntryChange")
    ledgerEntryChanges = type("LedgerEntryChanges")
    ledgerEntryData = type("LedgerEntryData")
    ledgerEntryExt = type("LedgerEntryExt")
    ledgerHeaderExt = type("LedgerHeaderExt")
    ledgerHeaderHistoryEntryExt = type("LedgerHeaderHistoryEntryExt")
    ledgerKey = type("LedgerKey")
    memo = type("Memo")
    muxedAccount = type("MuxedAccount")
    operationBody = type("OperationBody")
    operationResult = type("OperationResult")
    preconditions = type("Preconditions")
    scAddress = type("SCAddress")
    scpHistoryEntry = type("SCPHistoryEntry")
    scval = type("SCVal")
    scvec = type("SCVec")
    signature = type("DecoratedSignature")
    soroban = type("SorobanTransactionData")
    stellarValueExt = type("StellarValueExt")
    timeBounds = type("TimeBounds")
    transactionEvent = type("TransactionEvent")
    transactionMeta = type("TransactionMeta")
    transactionResult = type("TransactionResult")
    upgradeEntryMeta = type("UpgradeEntryMeta")
  }
}

extension Cursor {
  /// Passes over one value.
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

  @discardableResult
  mutating func expectDiscriminant(in accepted: ClosedRange<UInt32>) throws(XDRError) -> UInt32 {
    let value = try uint32()
    if !accepted.contains(value) {
      throw XDRError(.unknownDiscriminant, at: position - 4, value: Int64(Int32(bitPattern: value)))
    }
    return value
  }
}
