import Bytes
import Hashing
import StellarXDR

/// A Stellar network: its passphrase, and its id, which all signatures and contract ids depend on.
package struct Network: Sendable {
  package let passphrase: String
  package let id: Hash32

  private static let named = [
    (["pubnet", "public", "mainnet", "main"], "Public Global Stellar Network ; September 2015"),
    (["testnet", "test"], "Test SDF Network ; September 2015"),
    (["futurenet", "future"], "Test SDF Future Network ; October 2022"),
    (["local", "standalone"], "Standalone Network ; February 2017"),
  ]

  /// The network of a name (`pubnet`, `testnet`, `futurenet`, `local` or a synonym), or of a passphrase.
  package init(_ name: String) {
    passphrase = Self.named.first { $0.0.contains(name.lowercasedASCII) }?.1 ?? name
    id = SHA256Hasher.hash(Array(passphrase.utf8).bytes)
  }

  /// A network of which only the id is known.
  package init(id: Hash32) {
    passphrase = ""
    self.id = id
  }

  /// The hash of a transaction (protocol section 3): network id, envelope type, and the transaction without its signatures.
  package func transactionHash(_ envelope: TransactionEnvelope, _ bytes: RawSpan) -> Hash32 {
    guard envelope.kind == .v0 else { return hash(bytes.extracting(envelope.signed)) }
    // A V0 envelope hashes like the equivalent V1: type 2, and a source that is not muxed.
    var hasher = networkHasher()
    hasher.update(unsignedV1Prefix.bytes)
    hasher.update(bytes.extracting(envelope.signed.lowerBound + 4..<envelope.signed.upperBound))
    return hasher.finalize()
  }

  /// The hash of the inner transaction of a fee bump.
  package func innerHash(_ envelope: TransactionEnvelope, _ bytes: RawSpan) -> Hash32? {
    envelope.inner.map { hash(bytes.extracting($0)) }
  }

  private func hash(_ signed: RawSpan) -> Hash32 {
    var hasher = networkHasher()
    hasher.update(signed)
    return hasher.finalize()
  }

  private func networkHasher() -> SHA256Hasher {
    var hasher = SHA256Hasher()
    hasher.update(id)
    return hasher
  }
}

private let unsignedV1Prefix: [UInt8] = [0, 0, 0, 2, 0, 0, 0, 0]

extension Hash32 {
  /// In lower-case hex, for messages.
  package var hex: String {
    var bytes = ByteBuffer(capacity: 32)
    bytes.append(self)
    var text = ByteBuffer(capacity: 64)
    text.append(hex: bytes.bytes)
    return text.bytes.text
  }
}
