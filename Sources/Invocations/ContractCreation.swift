import Bytes
import Hashing
import StellarXDR

/// A CreateContractArgs or CreateContractArgsV2: the new contract and its executable (protocol sections 5.1 and 5.2).
struct ContractCreation {
  /// A ContractIDPreimage.
  var preimage: Range<Int>
  /// An SCAddress; nil for an asset.
  var deployer: Range<Int>?
  var salt: Range<Int>?
  /// An Asset.
  var asset: Range<Int>?
  /// ContractExecutableType.
  var executable: UInt32
  var wasmHash: Range<Int>?
  /// SCAddress and SCString of a ContractExecutableExternalRef.
  var externalRef: Range<Int>?
  /// SCVal<> with its count; nil for the first version, which has none.
  var constructorArgs: Range<Int>?

  init(_ cursor: inout Cursor, isV2: Bool) throws(XDRError) {
    let types = WalkTypes.shared
    let start = cursor.position
    if try cursor.expectDiscriminant(in: 0...1) == 0 {
      deployer = try cursor.range(types.scAddress)
      salt = cursor.position..<cursor.position + 32
      try cursor.skip(32)
    } else {
      asset = try cursor.range(types.asset)
    }
    preimage = start..<cursor.position
    let executableRange = try cursor.range(types.contractExecutable)
    executable = cursor.bytes.word(at: executableRange.lowerBound)
    let content = executableRange.lowerBound + 4..<executableRange.upperBound
    if executable == 0 { wasmHash = content }
    if executable == 2 { externalRef = content }
    if isV2 { constructorArgs = try cursor.range(types.scvec) }
  }

  /// SHA-256 of the HashIDPreimage: envelope type 8, network id, ContractIDPreimage.
  func contractID(networkID: Hash32, _ bytes: RawSpan) -> Hash32 {
    var hasher = SHA256Hasher()
    hasher.update(word: 8)
    hasher.update(networkID)
    hasher.update(bytes.extracting(preimage))
    return hasher.finalize()
  }

  /// Writes a record's ContractCreation.
  func write(_ bytes: RawSpan, into out: inout ByteBuffer) {
    out.append(optional: deployer, of: bytes)
    out.append(bigEndian: executable)
    out.append(optional: wasmHash, of: bytes)
    out.append(optional: externalRef, of: bytes)
    out.append(optional: asset, of: bytes)
    out.append(optional: salt, of: bytes)
    if let constructorArgs { out.append(bytes.extracting(constructorArgs)) } else { out.append(bigEndian: 0 as UInt32) }
  }
}
