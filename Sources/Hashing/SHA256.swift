import Bytes

#if canImport(CCryptoBoringSSL)
  import CCryptoBoringSSL
#endif

/// SHA-256 over borrowed bytes, in as many pieces as there are.
///
/// It is swift-crypto's, by the C functions underneath: what `Crypto` puts around them allocates a state for each hash, which for ledger-split
/// would be the one allocation for each transaction. Nothing is allocated here. Where swift-crypto is not (in the WebAssembly module), it is
/// `PlainSHA256`.
@safe package struct SHA256Hasher {
  #if canImport(CCryptoBoringSSL)
    private var state = SHA256_CTX()

    package init() { unsafe CCryptoBoringSSL_SHA256_Init(&state) }
  #else
    private var state = PlainSHA256()

    package init() {}
  #endif

  package mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  /// Thirty-two bytes.
  package mutating func update(_ hash: Hash32) {
    let words = (hash.words.0.bigEndian, hash.words.1.bigEndian, hash.words.2.bigEndian, hash.words.3.bigEndian)
    unsafe withUnsafeBytes(of: words) { unsafe update($0) }
  }

  /// A word as XDR has it.
  package mutating func update(word: UInt32) {
    unsafe withUnsafeBytes(of: word.bigEndian) { unsafe update($0) }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    #if canImport(CCryptoBoringSSL)
      _ = unsafe CCryptoBoringSSL_SHA256_Update(&state, bytes.baseAddress, bytes.count)
    #else
      unsafe state.update(RawSpan(_unsafeBytes: bytes))
    #endif
  }

  package consuming func finalize() -> Hash32 {
    #if canImport(CCryptoBoringSSL)
      var digest = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
      return unsafe withUnsafeMutableBytes(of: &digest) { bytes in
        _ = unsafe CCryptoBoringSSL_SHA256_Final(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), &state)
        return unsafe Hash32(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(bytes)))
      }
    #else
      return state.finalize()
    #endif
  }

  package static func hash(_ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finalize()
  }
}
