import Bytes
import Hashing
import Ledgers
import StellarXDR

// Writes a record, member by member, in the order of the schema's ContractInvocation.

extension InvocationExtractor {
  mutating func writeRecord(
    _ type: InvocationType, _ context: InvocationContext, _ bytes: RawSpan, into out: inout ByteBuffer
  ) throws(XDRError) {
    let operation = context.operation
    try gather(type, context, bytes)
    out.append(bigEndian: RecordKind.contractInvocationMark + (parts.contains(.metrics) ? 1 : 0))
    writeMeta(type, context, bytes, into: &out)
    out.append(bigEndian: type.rawValue)
    let account = operation.source ?? envelope.source
    var body = Cursor(bytes.extracting(0..<operation.body.upperBound), at: operation.body.lowerBound)
    switch type {
    case .extendTTL:
      try body.extensionPoint()
      out.append(account: account, bytes)
      out.append(bigEndian: try body.uint32())
      writeTTLExtensions(bytes, into: &out)
    case .restoreFootprint:
      out.append(account: account, bytes)
      writeTTLExtensions(bytes, into: &out)
    case .call:
      try body.skip(4)
      let call = try ContractCallArgs(&body)
      out.append(bytes.extracting(call.address))
      out.append(account: account, bytes)
      out.append(bytes.extracting(call.address.upperBound..<call.range.upperBound))
      try readAuth(&body, context)
      writeOutcome(context, root: call.contract, created: nil, bytes, into: &out)
    case .create:
      let isV2 = try body.uint32() == 3
      let creation = try ContractCreation(&body, isV2: isV2)
      let id = creation.contractID(networkID: context.transaction.networkID, bytes)
      out.append(id)
      out.append(account: account, bytes)
      creation.write(bytes, into: &out)
      try readAuth(&body, context)
      let created = CreatedContract(id: id, constructorArgs: creation.constructorArgs)
      writeOutcome(context, root: nil, created: created, bytes, into: &out)
    case .upload:
      try body.skip(4)
      let wasm = try body.opaqueRange()
      out.append(account: account, bytes)
      out.append(SHA256Hasher.hash(bytes.extracting(wasm)))
      out.append(bigEndian: UInt32(wasm.count))
      try readAuth(&body, context)
      writeOutcome(context, root: nil, created: nil, bytes, into: &out)
    }
    writeRaw(context, bytes, into: &out)
  }

  /// Fills `found` with the meta of the operation, as far as the requested parts need it.
  private mutating func gather(_ type: InvocationType, _ context: InvocationContext, _ bytes: RawSpan) throws(XDRError) {
    owners.reset()
    let index = context.operationIndex
    // The first operation was read with the meta.
    if index > 0 { try meta.read(contentsOf: index, bytes, &found) }
    let isThere = context.isSuccessful && index < meta.operations.count
    if !isThere { found.changes.removeAll(keepingCapacity: true) }
    if !isThere || !parts.contains(.events) { found.events.removeAll(keepingCapacity: true) }
    if parts.contains(.metrics) { metrics.read(found.diagnostics, bytes) }
    let needsDiagnostics = !parts.isDisjoint(with: [.diagnostics, .calls]) || !found.events.isEmpty
    let hasDiagnostics = type == .call || type == .create || type == .upload
    if !needsDiagnostics || !hasDiagnostics { found.diagnostics.removeAll(keepingCapacity: true) }
  }

  private mutating func readAuth(_ body: inout Cursor, _ context: InvocationContext) throws(XDRError) {
    authEntries.truncate(to: 0)
    guard !parts.isDisjoint(with: [.auth, .calls]) else { return }
    try authorization.read(
      &body, networkID: context.transaction.networkID, isWritten: parts.contains(.auth), into: &authEntries)
  }

  // MARK: meta

  private func writeMeta(
    _ type: InvocationType, _ context: InvocationContext, _ bytes: RawSpan, into out: inout ByteBuffer
  ) {
    let transaction = context.transaction
    let restorations = found.changes.count { $0.isRestoration }
    out.append(bigEndian: transaction.ledgerSequence)
    out.append(bigEndian: transaction.closedAt)
    out.append(transaction.hash)
    out.append(bigEndian: transaction.index)
    out.append(bigEndian: UInt32(context.operationIndex))
    out.append(flag: context.isSuccessful)
    out.append(bigEndian: restorations > 0 ? 1 : 0 as UInt32)
    writeRestorations(restorations, isExplicit: type == .restoreFootprint, transaction.ledgerSequence, bytes, into: &out)
    out.append(bigEndian: transaction.toid(ofOperation: context.operationIndex))
    out.append(optional: transaction.protocolVersion)
    out.append(flag: context.result.isSuccessful)
    out.append(optional: context.result.invocationCode(context.operationIndex, bytes))
    out.append(bigEndian: UInt32(bitPattern: context.result.code))
    out.append(optional: context.innerHash)
    out.append(account: envelope.feeSource ?? envelope.source, bytes)
    out.append(sourceOf: envelope, bytes)
    out.append(bigEndian: context.result.feeCharged)
    out.append(flag: parts.contains(.resources))
    if parts.contains(.resources) { writeResources(into: &out) }
    if parts.contains(.metrics) { metrics.write(bytes, into: &out) }
  }

  private func writeResources(into out: inout ByteBuffer) {
    out.append(flag: envelope.sorobanData != nil)
    guard envelope.sorobanData != nil else { return }
    out.append(bigEndian: resources.instructions)
    out.append(bigEndian: resources.diskReadBytes)
    out.append(bigEndian: resources.writeBytes)
    out.append(bigEndian: resources.resourceFee)
    out.append(optional: meta.fees?.nonRefundable)
    out.append(optional: meta.fees?.refundable)
    out.append(optional: meta.fees?.rent)
  }

  private func writeRestorations(
    _ count: Int, isExplicit: Bool, _ ledger: UInt32, _ bytes: RawSpan, into out: inout ByteBuffer
  ) {
    out.append(bigEndian: UInt32(count))
    for change in found.changes where change.isRestoration {
      out.append(optional: change.entry == .data ? change.contract : nil, of: bytes)
      out.append(optional: change.entry == .data ? change.key : nil, of: bytes)
      out.append(bigEndian: ledger)
      out.append(bigEndian: change.durability)
      out.append(bigEndian: isExplicit ? 1 : 0 as UInt32)
      out.append(bigEndian: change.entryKind(bytes))
      out.append(optional: change.entry == .code ? change.identity : nil, of: bytes)
    }
  }

  private func writeRaw(_ context: InvocationContext, _ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(flag: parts.contains(.raw))
    guard parts.contains(.raw) else { return }
    let transaction = context.transaction
    for part in [transaction.envelope, transaction.result, transaction.meta] { out.append(opaque: bytes.extracting(part)) }
  }
}

extension ByteBuffer {
  /// The AccountID of a MuxedAccount or of the key of a V0 envelope: its last 32 bytes are the key.
  mutating func append(account range: Range<Int>, _ bytes: RawSpan) {
    append(bigEndian: 0 as UInt32)
    append(bytes.extracting(range.upperBound - 32..<range.upperBound))
  }

  /// The source of a transaction as a MuxedAccount.
  mutating func append(sourceOf envelope: TransactionEnvelope, _ bytes: RawSpan) {
    if envelope.kind == .v0 { append(bigEndian: 0 as UInt32) }
    append(bytes.extracting(envelope.source))
  }
}
