import Bytes
import StellarXDR

/// Keys and ids that are looked for, each in all forms in which a record can hold it: as a strkey (NDJSON), as an `SCAddress`, and as
/// the `AccountID` or `ContractID` inside (XDR). No two of these forms of any two ids are the same bytes, so one table holds them all,
/// and nothing that a record holds has to be converted to be looked up.
package struct IdentifierSet: Sendable {
  /// What a strkey has to be.
  package enum Kind: Sendable {
    /// `G…`
    case account
    /// `C…`, and what else can stand where a contract usually does: a call that fails can name an account, whose nonce is state too.
    case address
  }

  private var forms = ByteSet()

  package init() {}

  /// Adds an id; false if the text is no strkey of that kind.
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

  /// What is wrong with a text that `insert` refused.
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
  /// Appends the `SCAddress` that a strkey stands for; false (and nothing appended) for a strkey of another kind.
  mutating func append(addressOf version: UInt8, _ payload: RawSpan) -> Bool {
    switch version {
    case Strkey.account:
      append(bigEndian: 0 as UInt64)  // the address is an account, its key an ed25519 key
      append(payload)
    case Strkey.contract:
      append(bigEndian: 1 as UInt32)
      append(payload)
    case Strkey.muxedAccount:
      append(bigEndian: 2 as UInt32)
      append(payload.extracting(32..<40))  // the id stands last in the strkey
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
