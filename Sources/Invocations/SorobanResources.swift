import Bytes
import StellarXDR

/// The resources that a Soroban transaction declares (protocol section 5.4).
struct SorobanResources {
  var instructions: UInt32 = 0
  var diskReadBytes: UInt32 = 0
  var writeBytes: UInt32 = 0
  var resourceFee: Int64 = 0
  /// The range of each LedgerKey of the footprint, read-only keys first.
  var footprint: [Range<Int>] = []

  mutating func read(_ cursor: inout Cursor) throws(XDRError) {
    footprint.removeAll(keepingCapacity: true)
    if try cursor.expectDiscriminant(in: 0...1) == 1 { try cursor.skip(4 * (try cursor.count(minimum: 4))) }
    for _ in 0..<2 {
      for _ in 0..<(try cursor.count(minimum: 8)) { footprint.append(try cursor.range(WalkTypes.shared.ledgerKey)) }
    }
    instructions = try cursor.uint32()
    diskReadBytes = try cursor.uint32()
    writeBytes = try cursor.uint32()
    resourceFee = try cursor.int64()
  }
}
