import Bytes

/// A type that walks pass over, with the schema, so that nothing is looked up for each value.
@frozen @usableFromInline package struct WalkType: Sendable {
  @usableFromInline package let schema: Schema
  @usableFromInline package let id: TypeID

  fileprivate init(id: TypeID) { (schema, self.id) = (.shared, id) }

  fileprivate init(_ name: StaticString) { self.init(id: Schema.shared.id(name)) }
}

/// The types that walks by hand pass over by name.
package struct WalkTypes: Sendable {
  package let asset = WalkType("Asset")
  package let contractCodeEntryExt = WalkType("ContractCodeEntryExt")
  package let contractEvent = WalkType("ContractEvent")
  package let contractExecutable = WalkType("ContractExecutable")
  package let diagnosticEvent = WalkType("DiagnosticEvent")
  package let ledgerCloseMetaExt = WalkType("LedgerCloseMetaExt")
  package let ledgerEntry = WalkType("LedgerEntry")
  package let ledgerEntryChange = WalkType("LedgerEntryChange")
  package let ledgerEntryChanges = WalkType("LedgerEntryChanges")
  package let ledgerEntryData = WalkType("LedgerEntryData")
  package let ledgerEntryExt = WalkType("LedgerEntryExt")
  package let ledgerHeaderExt = WalkType("LedgerHeaderExt")
  package let ledgerHeaderHistoryEntryExt = WalkType("LedgerHeaderHistoryEntryExt")
  package let ledgerKey = WalkType("LedgerKey")
  package let memo = WalkType("Memo")
  package let muxedAccount = WalkType("MuxedAccount")
  package let operationBody = WalkType("OperationBody")
  package let operationResult = WalkType("OperationResult")
  package let preconditions = WalkType("Preconditions")
  package let scAddress = WalkType("SCAddress")
  package let scpHistoryEntry = WalkType("SCPHistoryEntry")
  package let scval = WalkType("SCVal")
  package let scvec = WalkType("SCVec")
  package let signature = WalkType("DecoratedSignature")
  package let soroban = WalkType("SorobanTransactionData")
  package let stellarValueExt = WalkType("StellarValueExt")
  package let timeBounds = WalkType("TimeBounds")
  package let transactionEvent = WalkType("TransactionEvent")
  package let transactionMeta = WalkType("TransactionMeta")
  package let transactionResult = WalkType("TransactionResult")
  package let upgradeEntryMeta = WalkType("UpgradeEntryMeta")
  /// The members of a TransactionMetaV4: those before its events, and those behind.
  package let metaBeforeEvents, metaBehindEvents: [WalkType]

  package static let shared = WalkTypes()

  private init() {
    let schema = Schema.shared
    let meta = schema.node(schema.id("TransactionMetaV4").node)
    let parts = (meta.first..<meta.first + meta.count).map { schema.member($0) }
    func types(_ members: some Sequence<Member>) -> [WalkType] { members.map { WalkType(id: TypeID(node: $0.node)) } }
    metaBeforeEvents = types(parts.prefix { schema.name($0) != "events" })
    metaBehindEvents = types(parts.drop { schema.name($0) != "events" }.dropFirst())
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
