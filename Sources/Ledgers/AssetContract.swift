import Bytes
import Hashing

extension Network {
  /// The id of an asset's contract on this network (protocol section 5.2), whether or not the contract was created.
  ///
  /// `code`: one to twelve bytes. `issuer`: the key of the issuing account.
  package func contractID(ofAsset code: [UInt8], issuer: Hash32) -> Hash32 {
    var hasher = assetHasher()
    let isShort = code.count <= 4
    hasher.update(word: isShort ? 1 : 2)
    hasher.update((code + [UInt8](repeating: 0, count: (isShort ? 4 : 12) - code.count)).bytes)
    hasher.update(word: 0)  // an ed25519 key
    hasher.update(issuer)
    return hasher.finalize()
  }

  package var nativeContractID: Hash32 {
    var hasher = assetHasher()
    hasher.update(word: 0)
    return hasher.finalize()
  }

  /// A hasher that was given a HashIDPreimage (envelope type 8) up to its asset.
  private func assetHasher() -> SHA256Hasher {
    var hasher = SHA256Hasher()
    hasher.update(word: 8)
    hasher.update(id)
    hasher.update(word: 1)
    return hasher
  }
}
