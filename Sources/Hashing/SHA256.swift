import Bytes
import Crypto

/// SHA-256 over borrowed bytes, in as many pieces as there are.
@safe package struct SHA256Hasher {
  private var state = SHA256()

  package init() {}

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
  }

  /// Thirty-two bytes.
  package mutating func update(_ hash: Hash32) {
    let words = (hash.words.0.bigEndian, hash.words.1.bigEndian, hash.words.2.bigEndian, hash.words.3.bigEndian)
    unsafe withUnsafeBytes(of: words) { unsafe state.update(bufferPointer: $0) }
  }

  /// A word as XDR has it.
  package mutating func update(word: UInt32) {
    unsafe withUnsafeBytes(of: word.bigEndian) { unsafe state.update(bufferPointer: $0) }
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
