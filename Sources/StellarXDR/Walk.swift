import Bytes

/// A type that walks pass over, with the schema, so that nothing is looked up for each value.
@frozen @usableFromInline package struct WalkType: Sendable {
  @usableFromInline package let schema: Schema
  @usableFromInline package let id: TypeID
}

/// The types that walks by hand pass over by name.
package struct WalkTypes: Sendable {
  package let asset, contractCodeEntryExt, contractEvent, contractExecutable, diagnosticEvent, ledgerCloseMetaExt: WalkType
  package let ledgerEntry, ledgerEntryChange, ledgerEntryChanges, ledgerEntryData, ledgerEntryExt, ledgerHeaderExt: WalkType
  package let ledgerHeaderHistoryEntryExt, ledgerKey, memo, muxedAccount, operationBody, operationResult, preconditions: WalkType
  package let scAddress, scpHistoryEntry, scval, scvec, signature, soroban, stellarValueExt, timeBounds,
    transactionEvent: WalkType
  package let transactionMeta, transactionResult, upgradeEntryMeta: WalkType
  /// The members of a TransactionMetaV4: those before its events, and those behind.
  package let metaBeforeEvents, metaBehindEvents: [WalkType]

  package static let shared = WalkTypes(.shared)

  init(_ schema: Schema) {
    func id(_ name: StaticString) -> WalkType { WalkType(schema: schema, id: schema.id(name)) }
    asset = id("Asset")
    contractCodeEntryExt = id("ContractCodeEntryExt")
    contractEvent = id("ContractEvent")
    contractExecutable = id("ContractExecutable")
    diagnosticEvent = id("DiagnosticEvent")
    ledgerCloseMetaExt = id("LedgerCloseMetaExt")
    ledgerEntry = id("LedgerEntry")
    ledgerEntryChange = id("LedgerEntryChange")
    ledgerEntryChanges = id("LedgerEntryChanges")
    ledgerEntryData = id("LedgerEntryData")
    ledgerEntryExt = id("LedgerEntryExt")
    ledgerHeaderExt = id("LedgerHeaderExt")
    ledgerHeaderHistoryEntryExt = id("LedgerHeaderHistoryEntryExt")
    ledgerKey = id("LedgerKey")
    memo = id("Memo")
    muxedAccount = id("MuxedAccount")
    operationBody = id("OperationBody")
    operationResult = id("OperationResult")
    preconditions = id("Preconditions")
    scAddress = id("SCAddress")
    scpHistoryEntry = id("SCPHistoryEntry")
    scval = id("SCVal")
    scvec = id("SCVec")
    signature = id("DecoratedSignature")
    soroban = id("SorobanTransactionData")
    stellarValueExt = id("StellarValueExt")
    timeBounds = id("TimeBounds")
    transactionEvent = id("TransactionEvent")
    let meta = schema.node(schema.id("TransactionMetaV4").node)
    let parts = (meta.first..<meta.first + meta.count).map { schema.member($0) }
    func types(_ members: some Sequence<Member>) -> [WalkType] {
      members.map { WalkType(schema: schema, id: TypeID(node: $0.node)) }
    }
    metaBeforeEvents = types(parts.prefix { schema.name($0) != "events" })
    metaBehindEvents = types(parts.drop { schema.name($0) != "events" }.dropFirst())
    transactionMeta = id("TransactionMeta")
    transactionResult = id("TransactionResult")
    upgradeEntryMeta = id("UpgradeEntryMeta")
  }
}

extension Cursor {
  /// Passes over one value.
  @inlinable @inline(__always)
  package mutating func skip(_ type: WalkType) throws(XDRError) { try type.schema.skip(type.id, &self) }

  /// Passes over one value, and says where it stands.
  @inlinable
  package mutating func range(_ type: WalkType) throws(XDRError) -> Range<Int> {
    let start = position
    try skip(type)
    return start..<position
  }

  /// Passes over a counted array, and says where it stands, count and all.
  package mutating func skipArray(of type: WalkType) throws(XDRError) {
    for _ in 0..<(try count(of: type)) { try skip(type) }
  }

  package mutating func arrayRange(of type: WalkType) throws(XDRError) -> Range<Int> {
    let start = position
    try skipArray(of: type)
    return start..<position
  }

  /// The count of an array, which no more elements can follow than there are bytes for.
  package mutating func count(of type: WalkType) throws(XDRError) -> Int {
    try count(minimum: Int(type.schema.node(type.id.node).minimum))
  }

  /// `ExtensionPoint`: a word that is zero.
  @inlinable
  package mutating func extensionPoint() throws(XDRError) {
    try expectDiscriminant(in: 0...0)
  }

  @discardableResult @inlinable @inline(__always)
  package mutating func expectDiscriminant(in accepted: ClosedRange<UInt32>) throws(XDRError) -> UInt32 {
    let value = try uint32()
    if _slowPath(!accepted.contains(value)) {
      throw XDRError(.unknownDiscriminant, at: position - 4, value: Int64(Int32(bitPattern: value)))
    }
    return value
  }
}
