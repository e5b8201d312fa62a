import Bytes
import Hashing
import Ledgers
import Testing

/// SHA-256 in plain Swift, as the WebAssembly module uses it.
@Suite struct PlainHashTests {
  private func hash(_ pieces: [ArraySlice<UInt8>]) -> String {
    var hasher = PlainSHA256()
    for piece in pieces { hasher.update(Array(piece).bytes) }
    return hasher.finalize().hex
  }

  /// The examples of FIPS 180-4, and the empty text.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func vectors(text: String, hash: String) {
    #expect(self.hash([ArraySlice(text.utf8)]) == hash)
  }

  /// Every length around the block boundaries, in two pieces, compared with the implementation that the tools use.
  @Test func lengthsAndPieces() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for length in 0...200 {
      let wanted = SHA256Hasher.hash(Array(bytes[..<length]).bytes).hex
      for cut in [0, length / 3, length / 2, length] {
        #expect(hash([bytes[..<cut], bytes[cut..<length]]) == wanted, "\(length) bytes, cut at \(cut)")
      }
    }
  }
}
