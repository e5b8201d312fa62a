import Bytes
import Ledgers
import StellarXDR

/// An asset given by name, `native` or `CODE:ISSUER`, and the contract of that asset on a network.
struct Asset {
  private static let longestCode = 12

  /// The contract's strkey, `C…`.
  let contract: String

  /// Nil for text that is not an asset name, such as an address.
  init?(_ text: String, on network: Network) throws(UsageError) {
    let id: Hash32
    if text == "native" {
      id = network.nativeContractID
    } else {
      // Searches bytes, because there can be thousands of addresses.
      guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
        if let hint = Self.hint(text) { throw UsageError(hint) }
        return nil
      }
      let code = Array(text[..<colon].utf8)
      guard (1...Self.longestCode).contains(code.count), code.allSatisfy({ $0.isLetterOrDigit }) else {
        throw UsageError(
          "'\(text)' is not an asset: its code has 1 to \(Self.longestCode) letters and digits, followed by ':' and the issuer")
      }
      var issuer = ByteBuffer(capacity: 64)
      let key = Array(text.utf8[text.utf8.index(after: colon)...])
      guard Strkey.decode(key.bytes, into: &issuer) == Strkey.account else {
        throw UsageError(
          "'\(text)' is not an asset: its issuer is not an account (G…): its length, a character or its checksum is wrong")
      }
      id = network.contractID(ofAsset: code, issuer: Hash32(issuer.bytes))
    }
    var key = ByteBuffer(capacity: 32)
    key.append(id)
    var strkey = ByteBuffer(capacity: 64)
    strkey.append(strkey: Strkey.contract, key.bytes)
    contract = strkey.bytes.text
  }

  /// How to write an asset that other programs write differently.
  private static func hint(_ text: String) -> String? {
    if text.utf8.count < 8, ["xlm", "native"].contains(text.lowercasedASCII) {
      return "'\(text)' is not a contract: the native asset is 'native'"
    }
    guard let dash = text.utf8.firstIndex(of: UInt8(ascii: "-")), text[dash...].hasPrefix("-G") else { return nil }
    return "'\(text)' is not a contract: an asset is CODE:ISSUER, with a colon"
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool { isDigit || (0x61...0x7A).contains(self | 0x20) }
}
