import Bytes
import StellarXDR

// The members of the schema's InvocationOutcome.

extension InvocationExtractor {
  mutating func writeOutcome(
    _ context: InvocationContext, root: Hash32?, created: CreatedContract?, _ bytes: RawSpan, into out: inout ByteBuffer
  ) {
    let hasDiagnostics = !found.diagnostics.isEmpty
    found.diagnostics.removeAll { $0.isHostEvent("core_metrics", bytes) }
    if !parts.isDisjoint(with: [.calls, .events]) {
      calls.build(found.diagnostics, root: root, isSuccessful: context.isSuccessful, bytes)
    }
    out.append(optional: context.isSuccessful ? meta.returnValue : nil, of: bytes)
    writeEvents(hasDiagnostics: hasDiagnostics, bytes, into: &out)
    writeDiagnostics(hasDiagnostics: hasDiagnostics, bytes, into: &out)
    writeCalls(hasDiagnostics: hasDiagnostics, created, bytes, into: &out)
    writeStateChanges(bytes, into: &out)
    writeTTLExtensions(bytes, into: &out)
    out.append(flag: parts.contains(.auth))
    if parts.contains(.auth) { out.append(authEntries.bytes) }
  }

  // MARK: events

  private func writeEvents(hasDiagnostics: Bool, _ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(flag: parts.contains(.events))
    guard parts.contains(.events) else { return }
    let published = hasDiagnostics ? PublishedEvents(found.events, diagnostics: found.diagnostics) : nil
    out.append(bigEndian: UInt32(found.events.count))
    for (index, event) in found.events.enumerated() {
      event.write(bytes, into: &out)
      out.append(bigEndian: UInt32(index))
      let call = published?.place(of: index).flatMap { calls.callOfEvent[$0] }
      out.append(optional: call.map { UInt32($0) })
    }
  }

  private func writeDiagnostics(hasDiagnostics: Bool, _ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(flag: parts.contains(.diagnostics))
    guard parts.contains(.diagnostics) else { return }
    out.append(flag: hasDiagnostics)
    guard hasDiagnostics else { return }
    out.append(bigEndian: UInt32(found.diagnostics.count))
    for (index, event) in found.diagnostics.enumerated() {
      event.write(bytes, into: &out)
      out.append(flag: event.inSuccessfulCall)
      out.append(bigEndian: UInt32(index))
    }
  }

  // MARK: calls

  private func writeCalls(
    hasDiagnostics: Bool, _ created: CreatedContract?, _ bytes: RawSpan, into out: inout ByteBuffer
  ) {
    out.append(flag: parts.contains(.calls))
    guard parts.contains(.calls) else { return }
    out.append(flag: hasDiagnostics)
    guard hasDiagnostics else { return }
    out.append(bigEndian: UInt32(calls.calls.count))
    for (index, call) in calls.calls.enumerated() {
      out.append(bigEndian: UInt32(index + 1))
      out.append(bigEndian: UInt32(call.parent))
      out.append(bigEndian: call.depth)
      out.append(optional: call.caller)
      out.append(call.callee)
      out.append(opaque: bytes.extracting(call.function))
      let arguments = CallArguments(call, signed: authorization.nodes, created: created, bytes)
      arguments.write(call.packed, bytes, into: &out)
      out.append(flag: arguments.isAmbiguous)
      out.append(optional: call.returnValue, of: bytes)
      out.append(flag: call.successful != nil)
      if let successful = call.successful { out.append(flag: successful) }
    }
  }

  // MARK: state

  private func writeStateChanges(_ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(flag: parts.contains(.state))
    guard parts.contains(.state) else { return }
    let countPosition = out.count
    var count: UInt32 = 0
    out.append(bigEndian: count)
    for change in found.changes where change.entry != .ttl && change.kind != .state {
      if omitsUnchanged, change.isUnchanged(found.changes, bytes) { continue }
      count += 1
      let isData = change.entry == .data
      out.append(optional: isData ? change.contract : nil, of: bytes)
      out.append(bigEndian: change.entryKind(bytes))
      out.append(optional: isData ? change.key : nil, of: bytes)
      out.append(optional: isData ? nil : change.identity, of: bytes)
      out.append(optional: isData ? change.before.flatMap { found.changes[$0].value } : nil, of: bytes)
      out.append(optional: isData ? change.value : nil, of: bytes)
      out.append(bigEndian: change.operation)
      out.append(bigEndian: change.durability)
    }
    out.replace(at: countPosition, bigEndian: count)
  }

  /// TTL entries whose lifetime was extended, and the entries they belong to.
  mutating func writeTTLExtensions(_ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(flag: parts.contains(.ttl))
    guard parts.contains(.ttl) else { return }
    let countPosition = out.count
    var count: UInt32 = 0
    out.append(bigEndian: count)
    for change in found.changes where change.entry == .ttl && change.kind == .updated {
      guard let before = change.before, found.changes[before].liveUntil < change.liveUntil else { continue }
      count += 1
      if !owners.isFilled { owners.fill(footprint: resources.footprint, changes: found.changes, bytes) }
      let keyHash = Hash32(bytes, at: change.identity.lowerBound)
      let owner = owners.owner(keyHash, found.changes, bytes)
      let isData = owner?.entry == .data
      out.append(optional: isData ? owner?.contract : nil, of: bytes)
      out.append(optional: owner?.entryKind(bytes))
      out.append(optional: isData ? owner?.key : nil, of: bytes)
      out.append(optional: owner?.entry == .code ? owner?.identity : nil, of: bytes)
      out.append(bigEndian: found.changes[before].liveUntil)
      out.append(bigEndian: change.liveUntil)
      out.append(optional: owner?.durability)
      out.append(keyHash)
    }
    out.replace(at: countPosition, bigEndian: count)
  }
}

extension LedgerEntryChange {
  /// The value of StateOperation.
  fileprivate var operation: UInt32 {
    switch kind {
    case .created, .state: 0
    case .updated: 1
    case .removed: 2
    case .restored: 3
    }
  }
}
