import Bytes

// Most bytes of a ledger are in entries of five types: accounts, trustlines, offers, liquidity pools and TTLs; and most top-level values are
// numbers, symbols and addresses. These functions skip them without a program, several times faster. They handle only valid and common
// forms; the type's program handles every other one and reports errors.

extension Cursor {
  /// The end of the top-level SCVal at an offset; -1 if its program has to skip it.
  func endOfCommonValue(at offset: Int) -> Int {
    guard has(4, at: offset) else { return -1 }
    let length: Int
    switch word(at: offset) {
    case 1: length = 4  // void
    case 3, 4: length = 8  // u32, i32
    case 5...8: length = 12  // u64, i64, timepoint, duration
    case 9, 10: length = 20  // u128, i128
    case 11, 12: length = 36  // u256, i256
    case 13: return endOfText(offset &+ 4, atMost: .max)
    case 14: return endOfText(offset &+ 4, atMost: .max)
    case 15: return endOfText(offset &+ 4, atMost: 32)
    case 18:
      guard has(8, at: offset) else { return -1 }
      switch word(at: offset &+ 4) {
      case 0: return has(44, at: offset) && word(at: offset &+ 8) == 0 ? offset &+ 44 : -1  // an account
      case 1: length = 40  // a contract
      default: return -1
      }
    default: return -1
    }
    return has(length, at: offset) ? offset &+ length : -1
  }

  /// The same for an array of them.
  func endOfCommonValues(at offset: Int) -> Int {
    guard has(4, at: offset) else { return -1 }
    let count = word(at: offset)
    guard count <= 16 else { return -1 }
    var end = offset &+ 4
    for _ in 0..<count {
      end = endOfCommonValue(at: end)
      if end < 0 { return -1 }
    }
    return end
  }

  /// Counted bytes and their padding.
  private func endOfText(_ start: Int, atMost limit: UInt32) -> Int {
    guard has(4, at: start) else { return -1 }
    let length = word(at: start)
    guard length <= limit, length <= UInt32(clamping: end &- start) else { return -1 }
    let padded = (Int(length) &+ 3) & ~3
    guard has(padded &+ 4, at: start) else { return -1 }
    let padding = UInt32(truncatingIfNeeded: padded) &- length
    return padding == 0 || word(at: start &+ padded) & (1 << (8 &* padding) &- 1) == 0 ? start &+ padded &+ 4 : -1
  }

  /// The same for a LedgerEntryChange.
  @inline(__always)
  func endOfCommonChange(at offset: Int) -> Int {
    // created, updated, state, restored; removed has a key instead of an entry.
    guard has(4, at: offset), word(at: offset) <= 4, word(at: offset) != 2 else { return -1 }
    return endOfCommonEntry(at: offset &+ 4)
  }

  /// The same for a LedgerEntry.
  func endOfCommonEntry(at offset: Int) -> Int {
    // last_modified_ledger_seq and the type; the smallest entry has 40 more bytes.
    guard has(48, at: offset) else { return -1 }
    let data = offset &+ 8
    let end =
      switch word(at: data &- 4) {
      case 0: endOfAccount(data)
      case 1: endOfTrustline(data)
      case 2: endOfOffer(data)
      case 5: endOfLiquidityPool(data)
      case 9: data &+ 36
      default: -1
      }
    guard end >= 0, has(4, at: end) else { return -1 }
    switch word(at: end) {
    case 0: return end &+ 4
    case 1:
      let after = endOfSponsor(end &+ 4)
      return after >= 0 && has(4, at: after) && word(at: after) == 0 ? after &+ 4 : -1
    default: return -1
    }
  }

  private func endOfAccount(_ start: Int) -> Int {
    // account_id, balance, seq_num, num_sub_entries
    guard has(56, at: start), word(at: start) == 0 else { return -1 }
    // inflation_dest, flags, home_domain
    var offset = endOfSponsor(start &+ 56)
    guard offset >= 0, has(8, at: offset) else { return -1 }
    offset = endOfText(offset &+ 4, atMost: 32)
    // thresholds, number of signers
    guard offset >= 0, has(8, at: offset) else { return -1 }
    offset &+= 4
    let signers = word(at: offset)
    offset &+= 4
    guard signers <= 20, has(Int(signers) &* 40 &+ 4, at: offset) else { return -1 }
    for _ in 0..<signers {
      // Signed payloads have a variable length.
      guard word(at: offset) <= 2 else { return -1 }
      offset &+= 40
    }
    switch word(at: offset) {
    case 0: return offset &+ 4
    case 1: return endOfAccountExtension(offset &+ 4)
    default: return -1
    }
  }

  private func endOfAccountExtension(_ start: Int) -> Int {
    // liabilities
    guard has(20, at: start) else { return -1 }
    switch word(at: start &+ 16) {
    case 0: return start &+ 20
    case 2: break
    default: return -1
    }
    // num_sponsored, num_sponsoring, number of sponsors
    guard has(32, at: start) else { return -1 }
    let sponsors = word(at: start &+ 28)
    guard sponsors <= 20 else { return -1 }
    var offset = start &+ 32
    for _ in 0..<sponsors {
      offset = endOfSponsor(offset)
      guard offset >= 0 else { return -1 }
    }
    guard has(4, at: offset) else { return -1 }
    switch word(at: offset) {
    case 0: return offset &+ 4
    // ext, seq_ledger, seq_time
    case 3: return has(20, at: offset) && word(at: offset &+ 4) == 0 ? offset &+ 20 : -1
    default: return -1
    }
  }

  private func endOfTrustline(_ start: Int) -> Int {
    // account_id, type of the asset
    guard has(40, at: start), word(at: start) == 0 else { return -1 }
    let isPoolShare = word(at: start &+ 36) == 3
    let offset = isPoolShare ? start &+ 72 : endOfAsset(start &+ 36)
    // balance, limit, flags
    guard offset >= 0, has(24, at: offset) else { return -1 }
    switch word(at: offset &+ 20) {
    case 0: return offset &+ 24
    case 1: break
    default: return -1
    }
    // liabilities
    guard has(44, at: offset) else { return -1 }
    switch word(at: offset &+ 40) {
    case 0: return offset &+ 44
    // liquidity_pool_use_count
    case 2: return has(52, at: offset) && word(at: offset &+ 48) == 0 ? offset &+ 52 : -1
    default: return -1
    }
  }

  private func endOfOffer(_ start: Int) -> Int {
    // seller_id, offer_id
    guard has(44, at: start), word(at: start) == 0 else { return -1 }
    let buying = endOfAsset(start &+ 44)
    guard buying >= 0 else { return -1 }
    let offset = endOfAsset(buying)
    // amount, price, flags, ext
    return offset >= 0 && has(24, at: offset) && word(at: offset &+ 20) == 0 ? offset &+ 24 : -1
  }

  private func endOfLiquidityPool(_ start: Int) -> Int {
    // liquidity_pool_id, type of the pool
    guard has(36, at: start), word(at: start &+ 32) == 0 else { return -1 }
    let second = endOfAsset(start &+ 36)
    guard second >= 0 else { return -1 }
    let offset = endOfAsset(second)
    // fee, reserve_a, reserve_b, total_pool_shares, pool_shares_trust_line_count
    return offset >= 0 && has(36, at: offset) ? offset &+ 36 : -1
  }

  private func endOfAsset(_ start: Int) -> Int {
    guard has(4, at: start) else { return -1 }
    let code: Int
    switch word(at: start) {
    case 0: return start &+ 4
    case 1: code = 4
    case 2: code = 12
    default: return -1
    }
    let issuer = start &+ 4 &+ code
    return has(36, at: issuer) && word(at: issuer) == 0 ? issuer &+ 36 : -1
  }

  /// The length of an optional account.
  private func endOfSponsor(_ start: Int) -> Int {
    guard has(4, at: start) else { return -1 }
    switch word(at: start) {
    case 0: return start &+ 4
    case 1: return has(40, at: start) && word(at: start &+ 4) == 0 ? start &+ 40 : -1
    default: return -1
    }
  }

  @inline(__always)
  private func has(_ count: Int, at offset: Int) -> Bool { end &- offset >= count }

  /// The caller has checked the bounds.
  @inline(__always)
  private func word(at offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
  }
}
