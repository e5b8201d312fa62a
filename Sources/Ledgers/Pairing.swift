import Bytes

/// Finds the envelope of each result by its hash (protocol section 3). It is a hash table with open addressing in arrays that are
/// reused.
package struct Pairing {
  /// Index of an envelope plus one; 0 is a free slot.
  private var table: [Int32] = []
  private var mask = 0

  package init() {}

  package mutating func index(_ envelopes: [LedgerCloseMeta.Envelope]) {
    var capacity = 16
    while capacity < envelopes.count * 2 { capacity *= 2 }
    table.removeAll(keepingCapacity: true)
    table.append(contentsOf: repeatElement(0, count: capacity))
    mask = capacity - 1
    for (index, envelope) in envelopes.enumerated() {
      var place = place(of: envelope.hash)
      while table[place] != 0 { place = (place + 1) & mask }
      table[place] = Int32(index + 1)
    }
  }

  package func envelope(_ hash: Hash32, in envelopes: [LedgerCloseMeta.Envelope]) -> Int? {
    var place = place(of: hash)
    while table[place] != 0 {
      let index = Int(table[place]) - 1
      if envelopes[index].hash == hash { return index }
      place = (place + 1) & mask
    }
    return nil
  }

  /// The hashes are SHA-256, so any of their bits can be used.
  private func place(of hash: Hash32) -> Int { Int(truncatingIfNeeded: hash.words.3) & mask }
}
