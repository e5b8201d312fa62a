import Bytes
import StellarXDR

/// A set of keys and ids, each in all forms that a record can have: as a strkey (NDJSON), as an `SCAddress`, and as the
/// `AccountID` or `ContractID` inside (XDR). The forms of different ids never have the same bytes, so one table contains them
/// all, and lookups need no conversion.
package struct IdentifierSet: Sendable {
  /// The accepted kinds of strkeys.
  package enum Kind: Sendable {
    /// `G…`
    case account
    /// `C…`, and other addresses in the place of a contract: a failed call can name an account, and an account's nonce is state.
    case address
  }

  private var forms = ByteSet()

  package init() {}

  /// Adds an id. Returns false if the text is not a strkey of that kind.
  package mutating func insert(strkey text: String, as kind: Kind) -> Bool {
    let characters = Array(text.utf8)
    var payload = ByteBuffer(capacity: 64)
    guard let version = Strkey.decode(characters.bytes, into: &payload) else { return false }
    var form = ByteBuffer(capacity: 64)
    switch version {
    case Strkey.account:
      form.append(bigEndian: 0 as UInt32)
      form.append(payload.bytes)
      forms.insert(form.bytes)  // AccountID
    case _ where kind == .account: return false
    case Strkey.contract: forms.insert(payload.bytes)  // ContractID
    case Strkey.muxedAccount, Strkey.claimableBalance, Strkey.liquidityPool: break
    default: return false
    }
    forms.insert(characters.bytes)
    form.truncate(to: 0)
    if form.append(addressOf: version, payload.bytes) { forms.insert(form.bytes) }
    return true
  }

  /// The message for a text that `insert` rejected.
  static func problem(_ text: String, _ kind: Kind) -> String {
    let wanted = kind == .account ? "an account (G…)" : "a contract (C…)"
    var payload = ByteBuffer(capacity: 64)
    switch Strkey.decode(Array(text.utf8).bytes, into: &payload) {
    case nil: return "'\(text)' is not \(wanted): its length, a character or its checksum is wrong\(commaAdvice(text))"
    case Strkey.muxedAccount:
      var account = ByteBuffer(capacity: 64)
      account.append(strkey: Strkey.account, payload.bytes(0..<32))
      return "'\(text)' is a muxed account (M…) of \(account.bytes.text)"
    case Strkey.contract: return "'\(text)' is a contract (C…), not \(wanted)"
    default: return "'\(text)' is not \(wanted)"
    }
  }

  @inline(__always)
  func contains(_ form: RawSpan) -> Bool { forms.contains(form) }
}

extension ByteBuffer {
  /// Appends the `SCAddress` of a strkey. Returns false, and appends nothing, for a strkey of another kind.
  mutating func append(addressOf version: UInt8, _ payload: RawSpan) -> Bool {
    switch version {
    case Strkey.account:
      append(bigEndian: 0 as UInt64)  // an account with an ed25519 key
      append(payload)
    case Strkey.contract:
      append(bigEndian: 1 as UInt32)
      append(payload)
    case Strkey.muxedAccount:
      append(bigEndian: 2 as UInt32)
      append(payload.extracting(32..<40))  // the id is last in the strkey
      append(payload.extracting(0..<32))
    case Strkey.claimableBalance where payload[0] == 0:
      append(bigEndian: 3 << 32 as UInt64)
      append(payload.extracting(1..<33))
    case Strkey.liquidityPool:
      append(bigEndian: 4 as UInt32)
      append(payload)
    default: return false
    }
    return true
  }
}
