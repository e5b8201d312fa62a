import Bytes
import Invocations
import Ledgers
import StellarXDR
import TestSupport
import Testing

/// Bugs that were found, with the bytes that showed them.
@Suite struct RegressionTests {
  /// A transaction result with an undefined code reached the record, which then could not be written. `result_xdr` can come from
  /// anywhere: an RPC server, a file.
  @Test(arguments: [2, 3, 31, UInt32.max - 30, 1 << 31]) func undefinedResultCodesAreRefused(code: UInt32) throws {
    let transaction = try Testdata.transaction(ledger: 1028, index: 8)
    let result = XDRView("LedgerTransaction", transaction)["result_xdr"]
    #expect(
      result.content == doubleWord(UInt64(XDRView("TransactionResult", result.content)["fee_charged"].integer))
        + word(UInt32.max - 4) + word(0))
    let wrong = counted(Array(result.content.prefix(8)) + word(code) + word(0))
    let damaged = Array(transaction[..<result.range.lowerBound]) + wrong + transaction[result.range.upperBound...]
    var extractor = InvocationExtractor()
    var out = ByteBuffer()
    var found: XDRError?
    let parts = try LedgerTransaction(record: damaged.bytes)
    do throws(XDRError) { try extractor.extract(parts, damaged.bytes, into: &out) } catch { found = error }
    let error = try #require(found)
    let words = parts.words(for: error, damaged.bytes)
    #expect(words == "result_xdr.result: TransactionResultResult has no arm \(Int32(bitPattern: code))")
    #expect(error.offset == parts.result.lowerBound + 8)
  }
}
