import Bytes

#if canImport(CCryptoBoringSSL)
  import CCryptoBoringSSL
#endif

/// Incremental SHA-256 over borrowed bytes.
///
/// It calls the C functions of swift-crypto directly: the Swift API `Crypto` allocates a state for each hash, which would be ledger-split's only
/// allocation per transaction. This type allocates nothing. Without swift-crypto (in the WebAssembly module) it uses `PlainSHA256`.
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

  /// Adds a word in big-endian order, as in XDR.
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
