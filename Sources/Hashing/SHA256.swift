package import Bytes
internal import Crypto

/// SHA-256 over borrowed bytes, in as many pieces as there are.
package struct SHA256Hasher {
  private var state = SHA256()

  package init() {}

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
  }

  package consuming func finalize() -> Hash32 {
    let digest = state.finalize()
    return unsafe digest.withUnsafeBytes { unsafe Hash32(RawSpan(_unsafeBytes: $0)) }
  }

  package static func hash(_ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }
}
