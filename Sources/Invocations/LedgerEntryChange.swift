import Bytes
import Hashing
import StellarXDR

/// A change of a Soroban entry in an operation's meta (protocol section 7). Changes of other entries are skipped.
struct LedgerEntryChange {
  enum Kind: UInt32 { case created, updated, removed, state, restored }
  /// Values of `LedgerEntryType`.
  enum Entry: UInt32 { case data = 6, code = 7, ttl = 9 }

  var kind: Kind
  var entry: Entry
  /// Identifies an entry of its type: `contract | key | durability` for data, the hash for code, the key hash for a TTL.
  var identity: Range<Int>
  /// For data: an SCAddress, an SCVal, a ContractDataDurability.
  var contract = 0..<0
  var key = 0..<0
  var durability: UInt32 = 1
  /// For data an SCVal; for code the range from its extension to its end. Nil if the change has no value.
  var value: Range<Int>?
  /// For a TTL: the last ledger in which the entry is live.
  var liveUntil: UInt32 = 0
  /// The index of the change with the previous state.
  var before: Int?

  /// Reads and checks a LedgerEntryChanges, and replaces the contents of `changes`. Positions are in the cursor's bytes.
  static func readAll(_ cursor: inout Cursor, into changes: inout [LedgerEntryChange]) throws(XDRError) {
    changes.removeAll(keepingCapacity: true)
    var hasChanged = false
    var isInOrder = true
    for _ in 0..<(try cursor.count(of: WalkTypes.shared.ledgerEntryChange)) {
      guard var change = try LedgerEntryChange(&cursor) else { continue }
      switch change.kind {
      case .updated, .removed:
        change.before = preimage(of: change, in: changes, cursor.bytes)
        hasChanged = true
      case .restored: isInOrder = isInOrder && !hasChanged
      case .created, .state: break
      }
      changes.append(change)
    }
    if !isInOrder { moveRestorations(in: &changes, cursor.bytes) }
  }

  /// Identifies an entry of any type. A TTL has the hash of its entry.
  private struct Identity: Hashable {
    let entry: Entry
    let hash: Hash32

    init(_ change: LedgerEntryChange, _ bytes: RawSpan) {
      entry = change.entry
      hash = change.entry == .ttl ? Hash32(bytes, at: change.identity.lowerBound) : change.keyHash(bytes)
    }
  }

  /// Moves each restoration that comes after a change of the same entry to right before that change. An entry is restored before
  /// it is changed or deleted, whatever the order of the meta (protocol section 7.5), and the restored value is the old one.
  private static func moveRestorations(in changes: inout [LedgerEntryChange], _ bytes: RawSpan) {
    var firstChange: [Identity: Int] = [:]
    var restoration: [Int: Int] = [:]
    var isMoved = Array(repeating: false, count: changes.count)
    for (index, change) in changes.enumerated() {
      let identity = Identity(change, bytes)
      switch change.kind {
      case .updated, .removed: if firstChange[identity] == nil { firstChange[identity] = index }
      case .restored:
        guard let earlier = firstChange[identity], restoration[earlier] == nil else { continue }
        // It belongs to the change that follows it.
        if index + 1 < changes.count, changes[index + 1].before == index { continue }
        restoration[earlier] = index
        isMoved[index] = true
      case .created, .state: break
      }
    }
    if restoration.isEmpty { return }
    var sorted: [LedgerEntryChange] = []
    sorted.reserveCapacity(changes.count)
    var places = Array(repeating: 0, count: changes.count)
    for index in changes.indices where !isMoved[index] {
      var change = changes[index]
      if let restored = restoration[index] {
        sorted.append(changes[restored])
        change.before = sorted.count - 1
      } else {
        // The previous state comes before the change, and was moved with it.
        change.before = change.before.map { places[$0] }
      }
      places[index] = sorted.count
      sorted.append(change)
    }
    changes = sorted
  }

  /// Nil for an entry that is not a Soroban entry.
  private init?(_ cursor: inout Cursor) throws(XDRError) {
    let types = WalkTypes.shared
    guard let kind = Kind(rawValue: try cursor.expectDiscriminant(in: 0...4)) else { return nil }
    let isKey = kind == .removed
    if !isKey { try cursor.skip(4) }
    let type = try cursor.uint32()
    guard let entry = Entry(rawValue: type) else {
      cursor.position -= 4
      try cursor.skip(isKey ? types.ledgerKey : types.ledgerEntryData)
      if !isKey { try cursor.skip(types.ledgerEntryExt) }
      return nil
    }
    (self.kind, self.entry, identity) = (kind, entry, 0..<0)
    switch entry {
    case .data:
      if !isKey { try cursor.extensionPoint() }
      contract = try cursor.range(types.scAddress)
      key = try cursor.range(types.scval)
      durability = try cursor.expectDiscriminant(in: 0...1)
      identity = contract.lowerBound..<cursor.position
      if !isKey { value = try cursor.range(types.scval) }
    case .code:
      let start = cursor.position
      if !isKey { try cursor.skip(types.contractCodeEntryExt) }
      identity = cursor.position..<cursor.position + 32
      try cursor.skip(32)
      if !isKey {
        _ = try cursor.opaqueRange()
        value = start..<cursor.position
      }
    case .ttl:
      identity = cursor.position..<cursor.position + 32
      try cursor.skip(32)
      if !isKey { liveUntil = try cursor.uint32() }
    }
    if !isKey { try cursor.skip(types.ledgerEntryExt) }
  }

  /// The index of the previous state, which comes right before an update or removal; nil if another change comes before it.
  private static func preimage(of change: LedgerEntryChange, in changes: [LedgerEntryChange], _ bytes: RawSpan) -> Int? {
    guard let last = changes.last, last.kind == .state || last.kind == .restored, last.entry == change.entry,
      bytes.extracting(last.identity).equals(bytes.extracting(change.identity))
    else { return nil }
    return changes.count - 1
  }

  /// Whether an update does not change the entry.
  func isUnchanged(_ changes: [LedgerEntryChange], _ bytes: RawSpan) -> Bool {
    guard kind == .updated, let before, let old = changes[before].value, let new = value else { return false }
    return bytes.extracting(old).equals(bytes.extracting(new))
  }

  /// The hash in the key of the entry's TTL: SHA-256 of its LedgerKey (protocol section 7.3).
  func keyHash(_ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(word: entry.rawValue)
    hasher.update(bytes.extracting(identity))
    return hasher.finalize()
  }

  /// The value of EntryKind: 0 data, 1 instance, 2 code.
  func entryKind(_ bytes: RawSpan) -> UInt32 {
    entry == .code ? 2 : bytes.word(at: key.lowerBound) == SCValTag.ledgerKeyContractInstance ? 1 : 0
  }
}

/// Finds the entry of a TTL by the hash of the entry's ledger key.
struct TTLOwners {
  /// A ledger key: the range of a LedgerKey, or a change.
  private enum Owner {
    case key(Range<Int>)
    case change(Int)
  }

  private var owners: [Hash32: Owner] = [:]
  private(set) var isFilled = false

  mutating func reset() {
    if isFilled { owners.removeAll(keepingCapacity: true) }
    isFilled = false
  }

  /// Hashes the keys of the footprint and of the changes. Called only if there is a TTL.
  mutating func fill(footprint: [Range<Int>], changes: [LedgerEntryChange], _ bytes: RawSpan) {
    isFilled = true
    for key in footprint { owners[SHA256Hasher.hash(bytes.extracting(key))] = .key(key) }
    for (index, change) in changes.enumerated() where change.entry != .ttl && change.kind != .state {
      let hash = change.keyHash(bytes)
      if owners[hash] == nil { owners[hash] = .change(index) }
    }
  }

  /// The owner as a change of which only the key is set; nil if it is unknown.
  func owner(_ hash: Hash32, _ changes: [LedgerEntryChange], _ bytes: RawSpan) -> LedgerEntryChange? {
    switch owners[hash] {
    case nil: nil
    case .change(let index): changes[index]
    case .key(let range): LedgerEntryChange(key: range, bytes)
    }
  }
}

extension LedgerEntryChange {
  /// A LedgerKey that was checked before; nil if it is neither data nor code.
  init?(key range: Range<Int>, _ bytes: RawSpan) {
    var cursor = Cursor(bytes.extracting(0..<range.upperBound), at: range.lowerBound)
    guard let type = try? cursor.uint32(), let entry = Entry(rawValue: type), entry != .ttl else { return nil }
    (kind, self.entry, identity) = (.removed, entry, range.lowerBound + 4..<range.upperBound)
    guard entry == .data else { return }
    guard let contract = try? cursor.range(WalkTypes.shared.scAddress), let key = try? cursor.range(WalkTypes.shared.scval),
      let durability = try? cursor.uint32()
    else { return nil }
    (self.contract, self.key, self.durability) = (contract, key, durability)
  }
}
