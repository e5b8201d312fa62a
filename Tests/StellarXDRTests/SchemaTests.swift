import Foundation
import StellarXDR
import TestSupport
import Testing

/// The nodes that can be reached from some nodes of the table, including those.
private func reachable(from roots: [Int32], in schema: Schema) -> Set<Int32> {
  var reached = Set(roots)
  var open = roots
  while let index = open.popLast() {
    for next in schema.parts(of: index) where reached.insert(next).inserted { open.append(next) }
  }
  return reached
}

extension Schema {
  /// The nodes that a node consists of.
  fileprivate func parts(of index: Int32) -> [Int32] {
    let node = node(index)
    switch node.kind {
    case .structure: return (node.first..<node.first + node.count).map { member($0).node }
    case .union:
      let arms = (node.first..<node.first + node.count).map { member($0).node }.filter { $0 >= 0 }
      return node.element >= 0 ? arms + [node.element] : arms
    case .optional, .omittable, .versioned, .array, .fixedArray: return [node.element]
    default: return []
    }
  }

  fileprivate var allNodes: Range<Int32> { 0..<Int32(nodeCount) }
}

@Suite struct SchemaTests {
  let schema = Schema.shared

  /// The types at the start of streams and records.
  private static let roots = [
    "LedgerCloseMetaBatch", "SCSpecEntry", "LedgerTransaction", "ContractInvocation", "ContractEventRecord",
  ]

  /// Types that the protocol hashes, signs or stores separately; no ledger contains them.
  private static let standingAlone = [
    "AccountFlags", "AuthenticatedMessage", "BucketEntry", "ClaimableBalanceFlags", "ConfigUpgradeSet", "ContractCostType",
    "Curve25519Secret", "HashIDPreimage", "HmacSha256Key", "HotArchiveBucketEntry", "LedgerHeaderFlags", "OfferEntryFlags",
    "PersistedSCPState", "SCEnvMetaEntry", "SCMetaEntry", "SerializedBinaryFuseFilter", "SorobanAuthorizationEntries",
    "StoredDebugTransactionSet", "SurveyResponseBody", "ThresholdIndexes", "TimeSlicedSurveyResponseMessage", "TrustLineFlags",
    "InvokeHostFunctionSuccessPreImage", "TransactionHistoryEntry", "TransactionHistoryResultEntry",
    "TransactionSignaturePayload",
  ]

  /// Types that appear only under other names.
  private static let behindOtherNames = ["PublicKey", "uint32", "int32", "uint64", "int64"]

  @Test func everyTypeIsReachable() {
    let roots = (Self.roots + Self.standingAlone + Self.behindOtherNames).map { type($0).node }
    let reached = reachable(from: roots, in: schema)
    #expect(schema.types.map(\.name).filter { !reached.contains(type($0).node) } == [])
  }

  @Test func standaloneTypesAreNotReachable() {
    let reached = reachable(from: Self.roots.map { type($0).node }, in: schema)
    #expect((Self.standingAlone + Self.behindOtherNames).filter { reached.contains(type($0).node) } == [])
  }

  /// The types of the `.x` files that neither a ledger nor a contract specification contains, as those files say.
  private static let outsideLedgers = [
    "ContractCostType", "SCEnvMetaKind", "SCEnvMetaEntryInterfaceVersion", "SCEnvMetaEntry", "SCMetaV0", "SCMetaKind",
    "SCMetaEntry", "StoredTransactionSet", "StoredDebugTransactionSet", "PersistedSCPStateV0", "PersistedSCPStateV1",
    "PersistedSCPState", "ThresholdIndexes", "AccountFlags", "TrustLineFlags", "OfferEntryFlags", "ClaimableBalanceFlags",
    "BucketListType", "BucketEntryType", "HotArchiveBucketEntryType", "BucketMetadataExt", "BucketMetadata", "BucketEntry",
    "HotArchiveBucketEntry", "LedgerHeaderFlags", "ConfigUpgradeSet", "ErrorCode", "Error", "SendMore", "SendMoreExtended",
    "AuthCert", "Hello", "Auth", "IPAddrType", "PeerAddressIp", "PeerAddress", "MessageType", "DontHave",
    "SurveyMessageCommandType", "SurveyMessageResponseType", "TimeSlicedSurveyStartCollectingMessage",
    "SignedTimeSlicedSurveyStartCollectingMessage", "TimeSlicedSurveyStopCollectingMessage",
    "SignedTimeSlicedSurveyStopCollectingMessage", "SurveyRequestMessage", "TimeSlicedSurveyRequestMessage",
    "SignedTimeSlicedSurveyRequestMessage", "EncryptedBody", "SurveyResponseMessage", "TimeSlicedSurveyResponseMessage",
    "SignedTimeSlicedSurveyResponseMessage", "PeerStats", "TimeSlicedNodeData", "TimeSlicedPeerData",
    "TimeSlicedPeerDataList", "TopologyResponseBodyV2", "SurveyResponseBody", "TxAdvertVector", "FloodAdvert",
    "TxDemandVector", "FloodDemand", "StellarMessage", "AuthenticatedMessageV0", "AuthenticatedMessage",
    "SorobanAuthorizationEntries", "Curve25519Secret", "Curve25519Public", "HmacSha256Key", "HmacSha256Mac",
    "ShortHashSeed", "BinaryFuseFilterType", "SerializedBinaryFuseFilter",
  ]

  @Test func typesOutsideLedgersExist() {
    #expect(Self.outsideLedgers.filter { schema.type(named: $0) == nil } == [])
    #expect(Self.outsideLedgers.count == 72)
  }

  /// Consecutive values are separated by their size, so every type has a minimum size above zero.
  @Test func everyTypeHasAMinimumSize() {
    #expect(schema.types.filter { schema.node($0.id.node).minimum == 0 }.map(\.name) == [])
  }

  /// 371 types of Protocol 27, three that Protocol 28 and CAP-84 add, and those of contract specifications.
  @Test func allTypesOfTheProtocolExist() {
    let others = (Self.standingAlone + Self.behindOtherNames).map { type($0).node }
    let ledger = reachable(from: [type("LedgerCloseMetaBatch").node] + others, in: schema)
    let spec = reachable(from: [type("SCSpecEntry").node], in: schema)
    let counts = schema.types.reduce(into: (ledger: 0, spec: 0, own: 0)) { counts, type in
      if ledger.contains(type.id.node) {
        counts.ledger += 1
      } else if spec.contains(type.id.node) {
        counts.spec += 1
      } else {
        counts.own += 1
      }
    }
    print("types: \(counts), in \(schema.nodeCount) nodes")
    #expect(counts.ledger == 374 + Self.outsideLedgers.count && counts.spec == 28)
    #expect(Set(schema.types.map { $0.name.lowercased() }).count == schema.types.count)
  }

  /// A recursion that does not count towards the depth limit could exhaust the stack.
  @Test func everyCycleGoesThroughARecursiveType() {
    var heights: [Int32: Int] = [:]
    var hasCycle = false
    func visit(_ index: Int32, open: Set<Int32>) {
      guard heights[index] == nil, !schema.node(index).isRecursive else { return }
      guard !open.contains(index) else { return hasCycle = true }
      for part in schema.parts(of: index) { visit(part, open: open.union([index])) }
      heights[index] = 1
    }
    for index in schema.allNodes { visit(index, open: []) }
    #expect(!hasCycle)
    let recursive = Set(schema.types.filter { schema.node($0.id.node).isRecursive }.map(\.name))
    #expect(
      recursive.isSuperset(of: [
        "SCVal", "SorobanAuthorizedInvocation", "SorobanDelegateSignature", "ClaimPredicate", "SCPQuorumSet",
      ]))
  }

  /// So that every declared count is limited by the number of bytes.
  @Test func everyElementHasAMinimumSize() {
    #expect(schema.allNodes.filter { schema.node($0).kind == .array && schema.node(schema.node($0).element).minimum == 0 } == [])
  }

  @Test func namesAreUniqueInEveryObject() {
    for index in schema.allNodes where [.structure, .union, .enumeration].contains(schema.node(index).kind) {
      var names = memberNames(index)
      // The versions of a record's mark share a name.
      if schema.node(index).kind == .enumeration, names.allSatisfy({ $0.hasPrefix("soroban-pipes.") }) {
        names = Array(Set(names))
      }
      #expect(Set(names).count == names.count, "\(schema.describe(node: index))")
    }
  }

  /// The names of members, including those of inlined types; only one arm of a union is present at a time.
  private func memberNames(_ index: Int32) -> [String] {
    let node = schema.node(index)
    return (node.first..<node.first + node.count).flatMap { position in
      let member = schema.member(position)
      guard member.isSpread else { return [schema.name(member)] }
      let isUnion = schema.node(member.node).kind == .union
      return isUnion ? Array(Set(memberNames(member.node))) : memberNames(member.node)
    }
  }

  @Test func typeNamesIgnoreCase() {
    #expect(schema.type(named: "scval") == schema.scval)
    #expect(schema.type(named: "ScVal") == schema.scval)
    #expect(schema.type(named: "NoSuchType") == nil)
  }

  /// The sources refer to types by `id("…")` and `WalkType("…")`, which stop the program if there is no such type.
  @Test func typesNamedInTheSourcesExist() throws {
    let sources = try #require(FileManager.default.enumerator(atPath: "\(Repository.root)/Sources"))
    var asked: Set<String> = []
    for case let path as String in sources where path.hasSuffix(".swift") {
      let text = String(decoding: Repository.bytes("\(Repository.root)/Sources/\(path)"), as: UTF8.self)
      for call in ["id(\"", "WalkType(\""] {
        for part in text.components(separatedBy: call).dropFirst() { asked.insert(String(part.prefix { $0 != "\"" })) }
      }
    }
    #expect(asked.count > 30 && asked.contains("LedgerCloseMeta") && asked.contains("OperationBody"))
    #expect(asked.filter { schema.type(named: $0) == nil } == [])
  }
}

/// An error in the schema's text stops the program when it starts.
@Suite struct SchemaTextTests {
  @Test func anUndefinedType() async {
    await #expect(processExitsWith: .failure) { _ = SchemaCompiler(["A = { b: B }"]) }
  }

  @Test func aDuplicateName() async {
    await #expect(processExitsWith: .failure) { _ = SchemaCompiler(["A = u32\nA = u64"]) }
  }

  @Test func anArmOutsideTheEnumeration() async {
    await #expect(processExitsWith: .failure) { _ = SchemaCompiler(["E = enum { a=0 }\nU = union E { b: u32 }"]) }
  }

  @Test func aSelfAlias() async {
    await #expect(processExitsWith: .failure) { _ = SchemaCompiler(["A = B\nB = A"]) }
  }

  /// The notation of `Schema`, for a schema other than the protocol's.
  @Test func aSeparateSchema() throws {
    let schema = Schema(SchemaCompiler(["Five = opaque[5]\nPair = { five: Five; flags: bool[2]; more: Five<1> }"]))
    let pair = try #require(schema.type(named: "pair"))
    let good = [1, 2, 3, 4, 5, 0, 0, 0] + word(1) + word(0) + word(1) + [1, 2, 3, 4, 5, 0, 0, 0]
    #expect(error(in: good, as: pair, of: schema) == nil)
    var bad = good
    bad[6] = 1
    #expect(error(in: bad, as: pair, of: schema) == XDRError(.nonZeroPadding, at: 6))
    #expect(path(toErrorIn: bad, as: pair, of: schema) == "five")
    #expect(schema.describe(node: pair.node) == "Pair")
  }
}
