import Bytes

/// Names a type of the schema.
@frozen @usableFromInline package struct TypeID: Hashable, Sendable {
  @usableFromInline package let node: Int32
  @inlinable package init(node: Int32) { self.node = node }
}

/// The JSON form of a value whose shape does not determine it (SEP-51, and the members of our own records), with its name in the
/// schema.
@frozen @usableFromInline package enum Form: String, Sendable {
  case plain
  // strkeys
  case account, contract, address
  case liquidityPool = "liquidity_pool"
  case claimableBalance = "claimable_balance"
  case muxedAccount = "muxed_account"
  case muxedAccountParts = "muxed_account_parts"
  case signerKey = "signer_key"
  case signedPayload = "signed_payload"
  case assetCode = "asset_code"
  case assetCode4 = "asset_code4"
  case assetCode12 = "asset_code12"
  // decimal strings
  case u128, i128, u256, i256
  case scval
  /// Unix seconds as RFC 3339, UTC.
  case time
  case base64
  /// `native` or `CODE:G…`.
  case assetName = "asset_name"
  /// An array of numbers, one for each byte.
  case byteArray = "byte_array"
  /// An array of names and numbers as an object: `{"cpu_insn":"123"}`.
  case metrics
}

/// One type, or one part of a type that has no name of its own.
@frozen @usableFromInline package struct Node {
  @frozen @usableFromInline package enum Kind: UInt8, Sendable {
    case uint32, int32, uint64, int64, bool
    case fixedOpaque, opaque, string
    case optional
    /// An optional whose member is omitted from JSON when absent, instead of null.
    case omittable
    /// A member that only records of the second version have; the record's mark gives the version. Omitted from JSON when absent.
    case versioned
    case fixedArray, array
    case structure, union, enumeration
    /// Only while the schema is compiled: an alias of the type in `element`.
    case alias
  }

  @usableFromInline package var kind: Kind
  @usableFromInline package var form: Form = .plain
  /// Every bit pattern of `minimum` bytes is valid, so skipping is one addition.
  @usableFromInline package var isPlain = false
  /// Counts towards the depth limit.
  @usableFromInline package var isRecursive = false
  /// Opaque, string, array: the maximum count, or the exact count if it is fixed.
  @usableFromInline package var size: UInt32 = 0
  /// The minimum size of a value in bytes; exact if `isPlain`.
  @usableFromInline package var minimum: UInt32 = 0
  /// Optional, array, alias: the type inside. Union: its discriminant's enumeration, or -1.
  @usableFromInline package var element: Int32 = -1
  /// Structure, union, enumeration: the first of its members, and how many.
  @usableFromInline package var first: Int32 = 0
  @usableFromInline package var count: Int32 = 0
  /// Union and enumeration: `slots[slot + value - low]` is the member for `value`, or -1.
  @usableFromInline package var slot: Int32 = 0
  @usableFromInline package var slots: Int32 = 0
  @usableFromInline package var low: Int32 = 0
  /// The start of its skip program.
  @usableFromInline package var program: Int32 = 0
}

/// A member of a structure, an arm of a union, a value of an enumeration.
@frozen @usableFromInline package struct Member {
  /// Its type; -1 for an arm without a value.
  @usableFromInline package var node: Int32 = -1
  /// The offset of `"name":` in the bytes of names; `nameCount` includes the quotes, not the colon.
  @usableFromInline package var name: Int32 = 0
  @usableFromInline package var nameCount: Int32 = 0
  /// Enumeration: the number on the wire.
  @usableFromInline package var value: Int32 = 0
  /// Its members are members of the enclosing object; the member itself has no name in JSON.
  @usableFromInline package var isSpread = false
}

/// All types of the protocol, and our own records, as one flat table. The interpreters *skip*, *render*, *parse* and *describe* walk it.
///
/// Its source text has one line per type. The files of the folder `Schema` group them as the protocol does:
/// ```
///   SCNonceKey = { nonce: i64 }                           structure: members in wire order, named as SEP-51 names them
///   SCMapEntry = { key: SCVal; val: SCVal }
///   SCVec = SCVal<>          Operation<100>  Hash[4]      counted array, bounded one, fixed one
///   Value = opaque<>         opaque[32]      string<32>
///   byte[4]                                               opaque[4] that is an array of four numbers in JSON
///   SponsorshipDescriptor = AccountID*                    optional: null in JSON when absent
///   resources: InvocationResources?                       optional: left out of JSON when absent
///   events_before: EventsBefore!                          only in records whose mark ends in 2: left out of JSON when absent
///   ...InvocationBody                                     its members (or its arm) are part of the enclosing object
///   AssetType = enum { native=0; credit_alphanum4=1 }
///   Asset = union AssetType { native; credit_alphanum4: AlphaNum4 }    arms named by the enumeration's values; `a|b: T` for two alike
///   ExtensionPoint = union { 0=v0 }                       discriminant is a plain integer
///   PublicKey = union … as account                        the JSON form, if the shape does not determine it
///   SCVal = recursive union …                             counts towards the depth limit
/// ```
@safe @frozen @usableFromInline package struct Schema: @unchecked Sendable {
  /// Never freed, and written once before the first use. The compiler checked every index in it.
  @usableFromInline let tables: UnsafePointer<Tables>

  /// The tables of a schema. A `Schema` is one pointer, so passing it is cheap.
  @safe @frozen @usableFromInline struct Tables {
    @usableFromInline let nodes: UnsafePointer<Node>
    @usableFromInline let members: UnsafePointer<Member>
    @usableFromInline let slots: UnsafePointer<Int16>
    @usableFromInline let steps: UnsafePointer<SkipStep>
    @usableFromInline let targets: UnsafePointer<Int32>
    @usableFromInline let names: UnsafeRawPointer
    @usableFromInline let nodeCount: Int
    @usableFromInline let types: [(name: String, id: TypeID)]
    // Types that walks use often.
    @usableFromInline let scval: TypeID
    @usableFromInline let accountID: TypeID
    @usableFromInline let contractExecutable: TypeID
    /// The start of the programs of SCVal and SCVec; -1 if the schema does not have them.
    @usableFromInline let valueProgram: Int32
    @usableFromInline let valuesProgram: Int32
  }

  /// The maximum depth of recursive types (values, auth trees, delegates, predicates).
  @usableFromInline package static let maximumDepth: Int32 = 500

  package init(_ compiler: consuming SchemaCompiler) {
    func immortal<T>(_ values: [T]) -> UnsafePointer<T> {
      let memory = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
      unsafe memory.initialize(from: values, count: values.count)
      return unsafe UnsafePointer(memory)
    }
    func node(_ name: String) -> Int32? { compiler.types.first { $0.name == name }?.node }
    let programs = SkipProgramCompiler(
      nodes: compiler.nodes, members: compiler.members, slots: compiler.slots, ledgerEntry: node("LedgerEntry"),
      ledgerEntryChange: node("LedgerEntryChange"))
    // Padding after the last name, because names are copied in full blocks.
    let padded = compiler.names + Array(repeating: 0, count: ByteBuffer.block)
    let types = compiler.types.map { (name: $0.name, id: TypeID(node: $0.node)) }
    func id(_ name: String) -> TypeID { TypeID(node: node(name) ?? 0) }
    func program(_ name: String) -> Int32 { node(name).map { programs.nodes[Int($0)].program } ?? -1 }
    unsafe tables = immortal([
      Tables(
        nodes: immortal(programs.nodes), members: immortal(compiler.members), slots: immortal(compiler.slots),
        steps: immortal(programs.steps), targets: immortal(programs.targets), names: UnsafeRawPointer(immortal(padded)),
        nodeCount: compiler.nodes.count, types: types, scval: id("SCVal"), accountID: id("AccountID"),
        contractExecutable: id("ContractExecutable"), valueProgram: program("SCVal"), valuesProgram: program("SCVec"))
    ])
  }

  @inlinable package var nodeCount: Int { unsafe tables.pointee.nodeCount }
  @inlinable package var scval: TypeID { unsafe tables.pointee.scval }
  @inlinable package var accountID: TypeID { unsafe tables.pointee.accountID }
  @inlinable package var contractExecutable: TypeID { unsafe tables.pointee.contractExecutable }

  /// The named types, in the order of the source text.
  package var types: [(name: String, id: TypeID)] { unsafe tables.pointee.types }

  @inlinable @inline(__always)
  package func node(_ index: Int32) -> Node {
    // Indices come from the table, or from a TypeID that it returned.
    unsafe tables.pointee.nodes[Int(index)]
  }

  @inlinable @inline(__always)
  package func member(_ index: Int32) -> Member { unsafe tables.pointee.members[Int(index)] }

  /// The member of a union or enumeration for a discriminant; nil if there is none.
  @inlinable @inline(__always)
  package func member(of node: Node, value: Int32) -> Int32? {
    let slot = Int64(value) &- Int64(node.low)
    guard slot >= 0, slot < Int64(node.slots) else { return nil }
    let index = unsafe tables.pointee.slots[Int(node.slot) &+ Int(slot)]
    return index < 0 ? nil : node.first &+ Int32(index)
  }

  /// The member's name with its quotes.
  @inlinable @_lifetime(immortal)
  package func quotedName(_ member: Member) -> RawSpan { nameBytes(Int(member.name), Int(member.nameCount)) }

  /// The member's name with its quotes and the colon.
  @inlinable @_lifetime(immortal)
  package func key(_ member: Member) -> RawSpan { nameBytes(Int(member.name), Int(member.nameCount) &+ 1) }

  @inlinable @_lifetime(immortal)
  func nameBytes(_ start: Int, _ count: Int) -> RawSpan {
    let name = unsafe UnsafeRawBufferPointer(start: tables.pointee.names + start, count: count)
    let span = unsafe RawSpan(_unsafeBytes: name)
    return unsafe _overrideLifetime(span, copying: ())
  }

  /// Writes `"name":`.
  @inlinable @inline(__always)
  package func append(keyOf member: Member, to out: inout ByteBuffer) {
    unsafe out.append(blocks: tables.pointee.names + Int(member.name), count: Int(member.nameCount) &+ 1)
  }

  /// Writes `"name"`.
  @inlinable @inline(__always)
  package func append(nameOf member: Member, to out: inout ByteBuffer) {
    unsafe out.append(blocks: tables.pointee.names + Int(member.name), count: Int(member.nameCount))
  }

  /// The member's name without the quotes.
  package func name(_ member: Member) -> String { String(quotedName(member).text.dropFirst().dropLast()) }

  /// Finds a type by name, ignoring case: `SCVal` and `ScVal` are the same. Not for hot paths: it compares all names.
  package func type(named name: String) -> TypeID? { types.first { $0.name.equalsIgnoringCase(name) }?.id }
}

extension Schema {
  /// The shared instance.
  package static let shared = Schema(SchemaCompiler(SchemaText.all))

  /// A type that the sources refer to by name; a test looks up all of them.
  package func id(_ name: StaticString) -> TypeID {
    guard let type = type(named: name.description) else { preconditionFailure("the schema has no type \(name)") }
    return type
  }

  /// The name of a node for messages, or its shape if it has no name.
  package func describe(node index: Int32) -> String {
    guard index >= 0, Int(index) < nodeCount else { return "the value" }
    if let named = types.first(where: { $0.id.node == index }) { return named.name }
    let node = node(index)
    return switch node.kind {
    case .uint32: "unsigned int"
    case .int32: "int"
    case .uint64: "unsigned hyper"
    case .int64: "hyper"
    case .bool: "bool"
    case .fixedOpaque: "opaque[\(node.size)]"
    case .opaque: node.size == .max ? "opaque<>" : "opaque<\(node.size)>"
    case .string: node.size == .max ? "string<>" : "string<\(node.size)>"
    case .optional, .omittable, .versioned: describe(node: node.element) + "*"
    case .fixedArray: describe(node: node.element) + "[\(node.size)]"
    case .array: describe(node: node.element) + (node.size == .max ? "<>" : "<\(node.size)>")
    case .structure: "struct"
    case .union: "union"
    case .enumeration: "enum"
    case .alias: describe(node: node.element)
    }
  }
}

/// The source text of the schema, in the notation above; its parts are in the folder `Schema`.
enum SchemaText {
  static var all: [StaticString] {
    [
      types, contract, contractSpec, contractMeta, configSetting, ledgerEntries, transaction, ledger, scp, exporter, `internal`,
      overlay, records,
    ]
  }
}
