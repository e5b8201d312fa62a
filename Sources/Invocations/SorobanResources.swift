import Bytes
import StellarXDR

/// The declared part of a Soroban transaction (protocol section 5.4).
struct SorobanResources {
  var instructions: UInt32 = 0
  var diskReadBytes: UInt32 = 0
  var writeBytes: UInt32 = 0
  var resourceFee: Int64 = 0
  /// Where each LedgerKey of the footprint stands, read-only ones first.
  var footprint: [Range<Int>] = []

  init() {}

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
