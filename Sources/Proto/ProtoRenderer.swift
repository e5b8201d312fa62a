import Bytes
import Invocations
import Ledgers
import StellarJSON
import StellarXDR

/// Writes a ContractInvocation record as the protobuf-JSON of the seed service's `ContractInvocationEvent`. It has only the
/// fields of that message, in lowerCamelCase, so that existing consumers can read it with their generated classes and a strict
/// parser.
///
/// ```
///   contract_call.function_name       contractCall.functionName
///   state_changes[].old_value         contractCall.stateChanges[].oldValue      {"type":"SC_VALUE_TYPE_U32","u32Value":1}
///   meta.toid, .resources, auth, …    omitted: the message has no field for them
/// ```
/// Members that are null in the record are omitted. All others are written, including default values, which protobuf-JSON permits
/// and readers find easier to use.
package struct ProtoRenderer: InvocationRenderer, ~Copyable {
  let schema = Schema.shared
  /// Writes everything that is the same in SEP-51: keys and ids, decimals, times.
  let renderer = Renderer(style: .sep51, of: Schema.shared.id("ContractInvocation"))
  /// JSON that will be the text of a string.
  var scratch = ByteBuffer(capacity: 256)
  package private(set) var shortfall = Shortfall(
    counter: "left_out", words: "footprint operations left out, for which ContractInvocationEvent has no field")

  private let record, meta, subCall, stateChange, ttlExtension, restoration: TypeID
  private let account, address, contract, hash, symbol, time: TypeID

  package init() {
    record = schema.id("ContractInvocation")
    meta = schema.id("InvocationMeta")
    subCall = schema.id("SubCall")
    stateChange = schema.id("StateChange")
    ttlExtension = schema.id("TTLExtension")
    restoration = schema.id("ArchiveRestoration")
    account = schema.accountID
    address = schema.id("SCAddress")
    contract = schema.id("ContractID")
    hash = schema.id("Hash")
    symbol = schema.id("SCSymbol")
    time = schema.id("Time")
  }

  package var kinds: Set<RecordKind> { [.contractInvocation] }

  /// Returns false for footprint operations, which the message has no field for.
  package mutating func render(_ bytes: RawSpan, into out: inout ByteBuffer) throws(XDRError) -> Bool {
    // Checks the complete record first, because the code below does not walk all of it.
    try schema.validate(record, bytes)
    var cursor = Cursor(bytes, at: 4)
    let start = out.count
    out.append(#"{"meta":"#)
    try meta(&cursor, &out)
    switch InvocationType(rawValue: try cursor.uint32()) {
    case .call?:
      out.append(#","contractCall":"#)
      try call(&cursor, &out)
    case .create?:
      out.append(#","createContract":"#)
      try creation(&cursor, &out)
    case .upload?:
      out.append(#","uploadWasm":"#)
      try upload(&cursor, &out)
    case .extendTTL?, .restoreFootprint?, nil:
      out.truncate(to: start)
      shortfall.count += 1
      return false
    }
    out.append("}")
    return true
  }

  private mutating func meta(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append("{")
    number("ledgerSequence", try cursor.uint32(), &out)
    try member("closedAt", time, &cursor, &out)
    try member("txHash", hash, &cursor, &out)
    number("txIndex", try cursor.uint32(), &out)
    number("opIndex", try cursor.uint32(), &out)
    flag("successful", try cursor.flag(), &out)
    key("dataSource", &out)
    if try cursor.uint32() == 1 { out.append(#""archive""#) } else { out.append(#""live""#) }
    key("archiveRestorations", &out)
    out.append("[")
    for _ in 0..<(try cursor.count(minimum: 4)) { try restoration(&cursor, &out) }
    out.append("]}")
    // The first eight members were read above.
    let node = schema.node(meta.node)
    for position in node.first + 8..<node.first + node.count { try schema.skip(schema.member(position).node, &cursor) }
  }

  // MARK: the three kinds of invocation

  private mutating func call(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append("{")
    try member(address: "contractId", &cursor, &out)
    try member("invokingAccount", account, &cursor, &out)
    try member("functionName", symbol, &cursor, &out)
    try values("arguments", &cursor, &out)
    if try cursor.flag() { try schema.skip(schema.scval, &cursor) }
    try events(&cursor, &out)
    if try cursor.flag(), try cursor.flag() {
      key("contractCalls", &out)
      out.append("[")
      for _ in 0..<(try cursor.count(minimum: 4)) { try subCall(&cursor, &out) }
      out.append("]")
    }
    if try cursor.flag() {
      key("stateChanges", &out)
      out.append("[")
      for _ in 0..<(try cursor.count(minimum: 4)) { try stateChange(&cursor, &out) }
      out.append("]")
    }
    if try cursor.flag() {
      key("ttlExtensions", &out)
      out.append("[")
      for _ in 0..<(try cursor.count(minimum: 4)) { try ttlExtension(&cursor, &out) }
      out.append("]")
    }
    out.append("}")
  }

  private mutating func creation(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append("{")
    try member("contractId", contract, &cursor, &out)
    var creator = cursor
    try member("creatorAccount", account, &cursor, &out)
    if try cursor.flag() { try schema.skip(address, &cursor) }
    try cursor.skip(4)
    let hasWasm = try cursor.flag()
    let wasm = try cursor.take(hasWasm ? 32 : 0)
    if try cursor.flag() {
      try schema.skip(address, &cursor)
      _ = try cursor.opaqueRange()
    }
    // Only one of the two is written. A failed call can name both an asset and a wasm.
    if try cursor.flag() {
      try cursor.skip(WalkTypes.shared.asset)
      try member("sourceAccount", account, &creator, &out)
    } else if hasWasm {
      base64("wasmHash", wasm, &out)
    }
    if try cursor.flag() { try cursor.skip(32) }
    try values("constructorArgs", &cursor, &out)
    out.append("}")
  }

  private func upload(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    out.append("{")
    try member("uploaderAccount", account, &cursor, &out)
    base64("wasmHash", try cursor.take(32), &out)
    number("wasmSize", try cursor.uint32(), &out)
    out.append("}")
  }

  // MARK: parts of a call

  /// `diagnosticEvents`: the diagnostics, or, if the record has none, the events that took effect.
  private mutating func events(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    let hasEvents = try cursor.flag()
    var events = cursor
    if hasEvents {
      for _ in 0..<(try cursor.count(minimum: 4)) {
        try skipEvent(&cursor)
        if try cursor.flag() { try cursor.skip(4) }
      }
    }
    let hasDiagnostics = try cursor.flag() ? try cursor.flag() : false
    guard hasDiagnostics || hasEvents else { return }
    key("diagnosticEvents", &out)
    out.append("[")
    if hasDiagnostics {
      for _ in 0..<(try cursor.count(minimum: 4)) { try event(isDiagnostic: true, &cursor, &out) }
    } else {
      for _ in 0..<(try events.count(minimum: 4)) { try event(isDiagnostic: false, &events, &out) }
    }
    out.append("]")
  }

  /// Skips what both kinds of event start with: contract, type, topics, data. The remaining members are words.
  private func skipEvent(_ cursor: inout Cursor) throws(XDRError) {
    if try cursor.flag() { try cursor.skip(32) }
    try cursor.skip(4)
    for _ in 0..<(try cursor.count(minimum: 4)) { try schema.skip(schema.scval, &cursor) }
    try schema.skip(schema.scval, &cursor)
    try cursor.skip(4)
  }

  private mutating func event(isDiagnostic: Bool, _ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    open(&out)
    if try cursor.flag() { try member("contractId", contract, &cursor, &out) }
    try cursor.skip(4)
    try values("topics", &cursor, &out)
    key("data", &out)
    try value(&cursor, &out)
    flag("inSuccessfulContractCall", isDiagnostic ? try cursor.flag() : true, &out)
    number("eventIndex", try cursor.uint32(), &out)
    // The call that published the event has no field.
    if !isDiagnostic, try cursor.flag() { try cursor.skip(4) }
    out.append("}")
  }

  private mutating func subCall(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    // Index, parent and depth have no fields.
    try cursor.skip(12)
    open(&out)
    if try cursor.flag() { try member("fromContract", contract, &cursor, &out) }
    try member("toContract", contract, &cursor, &out)
    try member("function", symbol, &cursor, &out)
    try values("arguments", &cursor, &out)
    _ = try cursor.flag()
    if try cursor.flag() { try schema.skip(schema.scval, &cursor) }
    if try cursor.flag() { flag("successful", try cursor.flag(), &out) }
    out.append("}")
  }

  // MARK: entries, except contract code, which has no ScVal key

  private mutating func stateChange(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    var ahead = cursor
    if try ahead.flag() { try schema.skip(address, &ahead) }
    if try ahead.uint32() == Self.code { return try schema.skip(stateChange, &cursor) }
    open(&out)
    if try cursor.flag() { try member(address: "contractId", &cursor, &out) }
    try cursor.skip(4)
    if try cursor.flag() { try member(value: "key", &cursor, &out) }
    if try cursor.flag() { try cursor.skip(32) }
    if try cursor.flag() { try member(value: "oldValue", &cursor, &out) }
    if try cursor.flag() { try member(value: "newValue", &cursor, &out) }
    key("operation", &out)
    switch try cursor.uint32() {
    case 1: out.append(#""STATE_CHANGE_OPERATION_UPDATE""#)
    case 2: out.append(#""STATE_CHANGE_OPERATION_DELETE""#)
    // A restored entry is new in the live state, and the message has no other value for it.
    default: out.append(#""STATE_CHANGE_OPERATION_CREATE""#)
    }
    durability(try cursor.uint32(), &out)
    out.append("}")
  }

  private mutating func ttlExtension(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    var ahead = cursor
    if try ahead.flag() { try schema.skip(address, &ahead) }
    if try ahead.flag(), try ahead.uint32() == Self.code { return try schema.skip(ttlExtension, &cursor) }
    open(&out)
    if try cursor.flag() { try member(address: "contractId", &cursor, &out) }
    if try cursor.flag() { try cursor.skip(4) }
    if try cursor.flag() { try member(value: "key", &cursor, &out) }
    if try cursor.flag() { try cursor.skip(32) }
    number("oldTtl", try cursor.uint32(), &out)
    number("newTtl", try cursor.uint32(), &out)
    if try cursor.flag() { durability(try cursor.uint32(), &out) }
    try cursor.skip(32)
    out.append("}")
  }

  private mutating func restoration(_ cursor: inout Cursor, _ out: inout ByteBuffer) throws(XDRError) {
    var ahead = cursor
    if try ahead.flag() { try schema.skip(address, &ahead) }
    if try ahead.flag() { try schema.skip(schema.scval, &ahead) }
    try ahead.skip(12)
    if try ahead.uint32() == Self.code { return try schema.skip(restoration, &cursor) }
    open(&out)
    if try cursor.flag() { try member(address: "contractId", &cursor, &out) }
    if try cursor.flag() { try member(value: "key", &cursor, &out) }
    number("restoredAtLedger", try cursor.uint32(), &out)
    durability(try cursor.uint32(), &out)
    key("reason", &out)
    if try cursor.uint32() == 1 {
      out.append(#""RESTORATION_REASON_EXPLICIT""#)
    } else {
      out.append(#""RESTORATION_REASON_AUTOMATIC""#)
    }
    try cursor.skip(4)
    if try cursor.flag() { try cursor.skip(32) }
    out.append("}")
  }

  /// `EntryKind`.
  private static let code: UInt32 = 2
}
