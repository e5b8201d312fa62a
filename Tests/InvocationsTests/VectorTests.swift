import Bytes
import Hashing
import Ledgers
import StellarXDR
import TestSupport
import Testing

@testable import Invocations

/// Numbers and hashes that the protocol defines.
@Suite struct VectorTests {
  // MARK: contract ids (protocol section 5.2)

  /// The contract of the native asset has a different id on each network: the same creation, signed for another network.
  @Test(arguments: [
    ("pubnet", "CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA"),
    ("testnet", "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC"),
    ("futurenet", "CB64D3G7SM2RTH6JSGG34DDTFTQ5CFDKVDZJZSODMCX4NJ2HV2KN7OHT"),
    ("local", "CDMLFMKMMD7MWZP3FKUBZPVHTUEDLSX4BYGYKH4GCESXYHS3IHQ4EIG4"),
  ]) func nativeAssetContracts(name: String, contract: String) throws {
    // "creation of the native asset's contract"; the network's id follows the mark.
    var transaction = try Testdata.transaction(ledger: 1026, index: 6)
    var id = ByteBuffer()
    id.append(Network(name).id)
    transaction.replaceSubrange(4..<36, with: id.bytes.copied)
    let record = try #require(try invocations(of: transaction).first)
    let json = try JSON(text: line("ContractInvocation", record))
    #expect(json.at(pointer: "/create_contract/contract_id")?.text == contract)
    #expect(json.at(pointer: "/create_contract/asset") == "native")
  }

  // MARK: the key of a lifetime (protocol section 7.3)

  @Test func keyHashOfTheNativeAssetsInstance() throws {
    var contract = ByteBuffer()
    let version = Strkey.decode(Array("CAS3J7GYLGXMF6TDJBBYYSE3HQ6BBSMLNUQ34T6TZMYMW2EVH34XOWMA".utf8).bytes, into: &contract)
    #expect(version == Strkey.contract)
    let key = word(6) + word(1) + contract.bytes.copied + word(20) + word(1)
    #expect(error(in: key, as: type("LedgerKey")) == nil)
    let change = LedgerEntryChange(key: 0..<key.count, key.bytes)
    let found = change?.keyHash(key.bytes).hex
    #expect(found == "a63213d713efb243ba64897692d711ef088e5d5719b392ca68030f36bcecb1a4")
  }

  // MARK: SEP-35

  @Test(arguments: [
    (1, 1, 4_294_971_393), (1026, 3, 4_406_636_457_985), (0x7FFF_FFFF, 1, 9_223_372_032_559_812_609),
    (0x7FFF_FFFF, 0xFFFFF, 9_223_372_036_854_771_713),
  ]) func totalOrderIDs(ledger: UInt32, index: UInt32, toid: Int64) throws {
    #expect(toid == Int64(ledger) << 32 | Int64(index) << 12 | 1)
    var transaction = try Testdata.transaction(ledger: 1026, index: 3)
    transaction.replaceSubrange(36..<40, with: word(ledger))
    transaction.replaceSubrange(52..<56, with: word(index))
    let record = try #require(try invocations(of: transaction).first)
    let json = try JSON(text: line("ContractInvocation", record))
    #expect(json.at(pointer: "/meta/toid")?.text == "\(toid)")
    #expect(json.at(pointer: "/meta/op_index")?.integer == 0)
  }

  /// Positive for any input: 31 bits of ledger, 20 of transaction.
  @Test func totalOrderIDsStayPositive() throws {
    var transaction = try Testdata.transaction(ledger: 1026, index: 3)
    transaction.replaceSubrange(36..<40, with: word(.max))
    transaction.replaceSubrange(52..<56, with: word(.max))
    let record = try #require(try invocations(of: transaction).first)
    #expect(XDRView("ContractInvocation", record)["meta"]["toid"].integer == .max - 0xFFF + 1)
  }

  /// Every type name that the handwritten walks use is a type of the schema; otherwise the program stops here.
  @Test func typeNamesOfTheWalksExist() {
    #expect(WalkTypes.shared.scval.id == Schema.shared.scval)
  }
}
