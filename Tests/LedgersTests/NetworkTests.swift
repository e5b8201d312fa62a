import Bytes
import Hashing
import Ledgers
import StellarXDR
import TestSupport
import Testing

/// Network ids and transaction hashes that the protocol defines.
@Suite struct NetworkTests {
  // MARK: networks (protocol section 3)

  @Test(arguments: [
    ("pubnet", "7ac33997544e3175d266bd022439b22cdb16508c01163f26e5cb2a3e1045a979"),
    ("testnet", "cee0302d59844d32bdca915c8203dd44b33fbb7edc19051ea37abedf28ecd472"),
    ("futurenet", "a3a1c6a78286713e29be0e9785670fa838d13917cd8eaeb4a3579ff1debc7fd5"),
    ("local", "baefd734b8d3e48472cff83912375fedbc7573701912fe308af730180f97d74a"),
    ("Test SDF Network ; September 2015", "cee0302d59844d32bdca915c8203dd44b33fbb7edc19051ea37abedf28ecd472"),
  ]) func networkIDs(name: String, id: String) {
    #expect(Network(name).id.hex == id)
  }

  @Test func hashesAreHexText() {
    let bytes = (0..<32).map { UInt8($0 * 8) }
    let shown = Hash32(bytes.bytes).hex
    #expect(shown == hexDigits(bytes))
    let nothing: [UInt8] = []
    let hashed = SHA256Hasher.hash(nothing.bytes).hex
    #expect(hashed == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  // MARK: transaction hashes

  /// A V0 envelope has the hash of the equivalent V1 transaction: testnet, zero account, fee 100, sequence 1, memo "v0".
  @Test func hashOfAV0Envelope() throws {
    let unsigned =
      [UInt8](repeating: 0, count: 32) + word(100) + doubleWord(1) + word(0) + word(1) + counted("v0") + word(0) + word(0)
    let envelope = word(0) + unsigned + word(0)
    #expect(error(in: envelope, as: type("TransactionEnvelope")) == nil)
    #expect(try hash(envelope) == "037d99f3d0ded34afbf25ae9bf33d84d0a7b6cb2f37a8751301490660c4fc9c7")
  }

  /// The same transaction in a V1 envelope: signatures are not part of the hash.
  @Test func hashOfAV1Envelope() throws {
    let unsigned =
      word(0) + [UInt8](repeating: 0, count: 32) + word(100) + doubleWord(1) + word(0) + word(1) + counted("v0") + word(0)
      + word(0)
    let signature = [1, 2, 3, 4] + counted([UInt8](repeating: 5, count: 64))
    for signatures in [[], [signature], [signature, signature]] {
      #expect(
        try hash(word(2) + unsigned + array(signatures)) == "037d99f3d0ded34afbf25ae9bf33d84d0a7b6cb2f37a8751301490660c4fc9c7")
    }
  }

  private func hash(_ envelope: [UInt8]) throws -> String {
    var parts = TransactionEnvelope()
    var cursor = Cursor(envelope.bytes)
    try parts.read(&cursor)
    return Network("testnet").transactionHash(parts, envelope.bytes).hex
  }
}
