import StellarXDR

/// The events of a TransactionMeta, in the same order (protocol section 4).
struct TransactionEvents {
  struct Operation {
    var index: Int
    /// A range of `events`.
    var events: Range<Int>
  }

  /// Operations that have events.
  private(set) var operations: [Operation] = []
  /// Events of operations.
  private(set) var events: [ContractEvent] = []
  /// Transaction events with the number of their stage.
  private(set) var own: [(stage: UInt32, event: ContractEvent)] = []
  /// Diagnostics of core and the host; read only if an operation has events that can be among them.
  var diagnostics: [ContractEvent] = []

  var isEmpty: Bool { events.isEmpty && own.isEmpty }

  /// Reads and checks a meta, and replaces the previous one.
  mutating func read(_ cursor: inout Cursor, isSoroban: Bool) throws(XDRError) {
    let types = WalkTypes.shared
    operations.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    own.removeAll(keepingCapacity: true)
    diagnostics.removeAll(keepingCapacity: true)
    let version = try cursor.expectDiscriminant(in: 0...4)
    if version >= 3 { try cursor.extensionPoint() }
    if version >= 1 { try cursor.skip(types.ledgerEntryChanges) }
    for index in 0..<(try cursor.count(minimum: version == 4 ? 12 : 4)) {
      if version == 4 { try cursor.extensionPoint() }
      try cursor.skip(types.ledgerEntryChanges)
      if version == 4 { try readEvents(of: index, &cursor) }
    }
    if version >= 2 { try cursor.skip(types.ledgerEntryChanges) }
    if version >= 3, try cursor.flag() { try readSorobanMeta(&cursor, version, isSoroban) }
    guard version == 4 else { return }
    for _ in 0..<(try cursor.count(of: types.transactionEvent)) {
      let stage = try cursor.expectDiscriminant(in: 0...2)
      own.append((stage, try ContractEvent(&cursor)))
    }
    try readDiagnostics(&cursor, isSoroban)
  }

  private mutating func readSorobanMeta(_ cursor: inout Cursor, _ version: UInt32, _ isSoroban: Bool) throws(XDRError) {
    let types = WalkTypes.shared
    if try cursor.expectDiscriminant(in: 0...1) == 1 {
      try cursor.extensionPoint()
      try cursor.skip(3 * 8)
    }
    if version == 3 {
      try readEvents(of: 0, &cursor)
      try cursor.skip(types.scval)
      try readDiagnostics(&cursor, isSoroban)
    } else if try cursor.flag() {
      try cursor.skip(types.scval)
    }
  }

  private mutating func readEvents(of index: Int, _ cursor: inout Cursor) throws(XDRError) {
    let start = events.count
    for _ in 0..<(try cursor.count(of: WalkTypes.shared.contractEvent)) { events.append(try ContractEvent(&cursor)) }
    if events.count > start { operations.append(Operation(index: index, events: start..<events.count)) }
  }

  private mutating func readDiagnostics(_ cursor: inout Cursor, _ isSoroban: Bool) throws(XDRError) {
    guard isSoroban, !events.isEmpty else { return try cursor.skipArray(of: WalkTypes.shared.diagnosticEvent) }
    try ContractEvent.readAll(&cursor, areDiagnostic: true, into: &diagnostics)
  }
}

/// Matches the events of an operation with its diagnostics, which contain them between the host's own (specification, section 5:
/// `call_index`).
struct PublishedEvents {
  /// The first event that is also in the diagnostics; core may have added events before it.
  private let first: Int
  /// The indices of these events in the diagnostics.
  private let places: [Int]

  /// Nil if events other than the first ones differ; the calls are then unknown.
  init?(_ events: some RandomAccessCollection<ContractEvent>, diagnostics: [ContractEvent]) {
    places = diagnostics.indices.filter {
      diagnostics[$0].type != ContractEventType.diagnostic && diagnostics[$0].inSuccessfulCall
    }
    first = events.count - places.count
    guard first >= 0 else { return nil }
    for (event, place) in zip(events.dropFirst(first), places) {
      let other = diagnostics[place]
      guard event.type == other.type, event.contract == other.contract else { return nil }
    }
  }

  /// The index in the diagnostics of event `index`.
  func place(of index: Int) -> Int? { index >= first ? places[index - first] : nil }
}
