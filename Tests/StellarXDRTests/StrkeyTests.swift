import Bytes
import StellarXDR
import TestSupport
import Testing

/// SEP-23 (protocol section 8.4).
@Suite struct StrkeyTests {
  private static let key = hex("3f0c34bf93ad0d9971d04ccc90f705511c838aad9734a4a2fb0d7a03fc7fe89a")
  private static let payload = (1...32).map { UInt8($0) }

  private static let vectors: [(text: String, version: UInt8, payload: [UInt8])] = [
    ("GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ", Strkey.account, key),
    ("CA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUWDA", Strkey.contract, key),
    ("LA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUPJN", Strkey.liquidityPool, key),
    ("BAAD6DBUX6J22DMZOHIEZTEQ64CVCHEDRKWZONFEUL5Q26QD7R76RGR4TU", Strkey.claimableBalance, [0] + key),
    ("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ", Strkey.muxedAccount, key + doubleWord(0)),
    ("MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK", Strkey.muxedAccount, key + doubleWord(1 << 63)),
    (
      "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAQACAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUPB6IBZGM",
      Strkey.signedPayload, key + counted(payload)
    ),
    (
      "PA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAOQCAQDAQCQMBYIBEFAWDANBYHRAEISCMKBKFQXDAMRUGY4DUAAAAFGBU",
      Strkey.signedPayload, key + counted(Array(payload.prefix(29)))
    ),
  ]

  private func decode(_ text: some Sequence<UInt8>) -> (version: UInt8, payload: [UInt8])? {
    var out = ByteBuffer()
    guard let version = Strkey.decode(Array(text).bytes, into: &out) else {
      let left = out.count
      #expect(left == 0, "nothing may be left of what is refused")
      return nil
    }
    return (version, out.bytes.copied)
  }

  @Test(arguments: vectors.indices) func vectorsRoundTrip(index: Int) throws {
    let vector = Self.vectors[index]
    var out = ByteBuffer()
    out.append(strkey: vector.version, vector.payload.bytes)
    let encoded = out.bytes.text
    #expect(encoded == vector.text)
    let decoded = try #require(decode(vector.text.utf8))
    #expect(decoded.version == vector.version)
    #expect(decoded.payload == vector.payload)
  }

  @Test(arguments: [
    ("empty", ""), ("far too short", "GAAAAAAAACGC6"),
    ("length 1 above a multiple of 8", "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZA"),
    ("length 6 above a multiple of 8", "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLKA"),
    ("bits left over that are not zero", "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUR"),
    ("low bits of the version", "G47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVP2I"),
    ("low bits of the version, muxed", "M47QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ"),
    ("padding", "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUK==="),
    ("checksum", "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUO"),
    ("lower case", "ga7qynf7sowq3glr2bgmzehxavirza4kvwltjjfc7mgxua74p7ujvsgz"),
    ("a seed, which is never read", "SBU2RRGLXH3E5CQHTD3ODLDF2BWDCYUSSBLLZ5GNW7JXHDIYKXZWHOKR"),
    ("longer than any", String(repeating: "A", count: 168)),
  ]) func invalidKeysAreRefused(why: String, text: String) {
    #expect(decode(text.utf8) == nil, "\(why)")
  }

  /// CRC-16 detects every change of a single character.
  @Test func everyChangedCharacterIsNoticed() {
    for vector in Self.vectors {
      for position in vector.text.utf8.indices.map({ $0.utf16Offset(in: vector.text) }) {
        var text = Array(vector.text.utf8)
        // Including the characters next to the alphabet, and its own characters with the highest bit set.
        for character in Array("A2ZQ7M=a 0189@[\u{0}".utf8) + [0xC1, 0xDA, 0xB2, 0xFF] where text[position] != character {
          text[position] = character
          #expect(decode(text) == nil, "\(String(decoding: text, as: UTF8.self))")
          text = Array(vector.text.utf8)
        }
      }
    }
  }

  @Test func payloadsOfTheWrongLengthAreRefused() {
    for length in [0, 31, 33, 40, 64] {
      var out = ByteBuffer()
      out.append(strkey: Strkey.account, [UInt8](repeating: 1, count: length).bytes)
      #expect(decode(out.bytes.copied) == nil)
    }
  }

  /// The contract ids of the native asset, which each network derives from its passphrase (protocol section 5.2), are all valid.
  @Test(arguments: [
    "CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA", "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC",
    "CB64D3G7SM2RTH6JSGG34DDTFTQ5CFDKVDZJZSODMCX4NJ2HV2KN7OHT", "CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4",
  ]) func contractIDsOfTheNetworks(text: String) throws {
    let decoded = try #require(decode(text.utf8))
    #expect(decoded.version == Strkey.contract && decoded.payload.count == 32)
  }
}
