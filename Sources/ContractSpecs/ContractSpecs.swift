import Bytes
import StellarXDR

/// What contracts declare about themselves, from all the files of `--spec`: functions, types and events, as flat tables.
///
/// ```
///   place(order: Order, pair: Pair) -> result<u32, Failure>      a function:    types of its inputs and output
///   Order { amount: i128, kind: Kind, … }                        a declaration: a node with members
///   order/placed, owner: Address | { id: u32, order: Order }     an event:      prefix and types of topics, members of data
/// ```
/// A reference to a declared type is a copy of its node, so nothing is looked up by name while values are written.
package struct ContractSpecs: Sendable {
  /// How a value of a type looks on the wire.
  enum Kind: UInt8, Sendable {
    /// Anything: `val`, and references to types that the file does not declare.
    case any
    /// An SCVal with the tag `size`.
    case leaf
    /// Bytes, `size` of them.
    case bytesN
    case option, result, vec, map, tuple
    /// A map from symbols, its members' names in the order of their bytes, as the host sorts them.
    case structure
    /// A vec: a struct whose fields have numbers for names.
    case tupleStructure
    /// A vec: the case's name as a symbol, then its values.
    case union
    /// An u32.
    case enumeration
    /// A contract's error.
    case errorEnumeration
  }

  struct Node: Sendable {
    var kind: Kind
    var size: UInt32 = 0
    /// Declared: its members. Others, and tuple structs: the types inside, in `parts`.
    var first: Int32 = 0
    var count: Int32 = 0
  }

  /// A field of a struct, a case of a union or enumeration, a parameter of a function or event.
  struct Member: Sendable {
    /// In `text`: the name's bytes, and the name as JSON text with its quotes.
    var name: Range<Int>
    var quoted: Range<Int>
    /// The number of an enumeration's case.
    var value: UInt32 = 0
    /// Its types in `parts`: one of a field or parameter, any number of a union's case.
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
    /// In `members`.
    var inputs: Range<Int>
    /// Nil for a function that returns nothing.
    var output: Int32?
  }

  struct Event: Sendable {
    enum Format: UInt32, Sendable { case singleValue, vec, map }

    var spec: Int
    /// In `text`.
    var name: Range<Int>
    /// The first topics: names in `text`.
    var prefix: [Range<Int>]
    /// The others.
    var topics: [Member]
    var format: Format
    /// The members of the data.
    var values: [Member]
    /// A node of kind `structure` or `tuple`; for a single value its type; nil for none.
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
  /// For each file the contract that it is limited to.
  var contracts: [Hash32?] = []
  /// Which of them is no file, but the events of asset contracts.
  var assetSpec: Int?

  package init() {}

  /// Bytes of a name.
  @_lifetime(borrow self)
  func text(_ range: Range<Int>) -> RawSpan { text.bytes.extracting(range) }

  /// Whether a file says anything about a contract; `isLimited`: about that one alone.
  func applies(_ spec: Int, to contract: Hash32, isLimited: Bool) -> Bool {
    guard let limit = contracts[spec] else { return !isLimited }
    return isLimited && limit == contract
  }

  /// The function of a contract, best one that takes so many arguments. Files for that contract alone come first.
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

  /// The constructor of a contract.
  func constructor(of contract: Hash32, argumentCount: Int) -> Int? {
    let name = Array("__constructor".utf8)
    return function(of: contract, named: name.bytes, argumentCount: argumentCount)
  }
}
