import Bytes
import StellarXDR

/// The declarations of contracts from all `--spec` files, functions, types and events, as flat tables.
///
/// ```
///   place(order: Order, pair: Pair) -> result<u32, Failure>      a function:    types of its inputs and output
///   Order { amount: i128, kind: Kind, … }                        a declaration: a node with members
///   order/placed, owner: Address | { id: u32, order: Order }     an event:      prefix and types of topics, members of data
/// ```
/// A reference to a declared type is a copy of its node, so nothing is looked up by name while values are written.
package struct ContractSpecs: Sendable {
  /// The form of a type's values on the wire.
  enum Kind: UInt8, Sendable {
    /// Any value: `val`, or a reference to a type that the file does not declare.
    case any
    /// An SCVal with the tag `size`.
    case leaf
    /// `size` bytes.
    case bytesN
    case option, result, vec, map, tuple
    /// A map with symbols as keys. The members are in the byte order of their names, as the host sorts them.
    case structure
    /// A vec: a struct whose fields are named by numbers.
    case tupleStructure
    /// A vec: the case's name as a symbol, then its values.
    case union
    /// A u32.
    case enumeration
    /// A contract error.
    case errorEnumeration
  }

  struct Node: Sendable {
    var kind: Kind
    var size: UInt32 = 0
    /// For declared types: the range of its members. For other types and tuple structs: the range of the inner types in `parts`.
    var first: Int32 = 0
    var count: Int32 = 0
  }

  /// A field of a struct, a case of a union or enumeration, a parameter of a function or event.
  struct Member: Sendable {
    /// Ranges of `text`: the name's bytes, and the name as a JSON string.
    var name: Range<Int>
    var quoted: Range<Int>
    /// The number of an enumeration's case.
    var value: UInt32 = 0
    /// The range of its types in `parts`: one for a field or parameter, any number for a case of a union.
    var first: Int32 = 0
    var count: Int32 = 0
  }

  struct Declaration: Sendable {
    var spec: Int
    var type: Int32
  }

  struct Function: Sendable {
    var spec: Int
    var name: Range<Int>
    /// A range of `members`.
    var inputs: Range<Int>
    /// Nil for a function that returns nothing.
    var output: Int32?
  }

  struct Event: Sendable {
    enum Format: UInt32, Sendable { case singleValue, vec, map }

    var spec: Int
    /// A range of `text`.
    var name: Range<Int>
    /// The first topics, which are constant names: ranges of `text`.
    var prefix: [Range<Int>]
    /// The other topics.
    var topics: [Member]
    var format: Format
    /// The members of the data.
    var values: [Member]
    /// A node of kind `structure` or `tuple`; for a single value, the node of its type; nil if there is no data.
    var data: Int32?
  }

  var nodes: [Node] = []
  /// Indices of nodes.
  var parts: [Int32] = []
  var members: [Member] = []
  var declarations: [Declaration] = []
  var functions: [Function] = []
  var events: [Event] = []
  var text: [UInt8] = []
  /// For each file, the contract that it is limited to.
  var contracts: [Hash32?] = []
  /// The index in `contracts` of the events of asset contracts, which have no file.
  var assetSpec: Int?

  package init() {}

  /// The bytes of a name.
  @_lifetime(borrow self)
  func text(_ range: Range<Int>) -> RawSpan { text.bytes.extracting(range) }

  /// Whether a file applies to a contract. `isLimited`: true for a file that is limited to it, false for a file for all
  /// contracts.
  func applies(_ spec: Int, to contract: Hash32, isLimited: Bool) -> Bool {
    guard let limit = contracts[spec] else { return !isLimited }
    return isLimited && limit == contract
  }

  /// A function of a contract by its name; one with that number of arguments is preferred. Files for that contract only come
  /// first.
  func function(of contract: Hash32, named name: RawSpan, argumentCount: Int) -> Int? {
    var found: Int?
    for isLimited in [true, false] {
      for index in functions.indices {
        guard applies(functions[index].spec, to: contract, isLimited: isLimited) else { continue }
        guard text(functions[index].name).equals(name) else { continue }
        if functions[index].inputs.count == argumentCount { return index }
        if found == nil { found = index }
      }
    }
    return found
  }
}
