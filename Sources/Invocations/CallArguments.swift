import Bytes
import StellarXDR

/// How to read the arguments of a call. The host packs no arguments as void, one argument as itself, and several as a vec. So
/// void, and a vec of two or more elements, are ambiguous (protocol section 6).
struct CallArguments {
  enum Reading {
    case none
    /// The value is the only argument.
    case one
    /// The elements of the vec are the arguments.
    case elements
  }

  /// The maximum number of nodes to search, so that no record takes quadratic time. It is more than a transaction of the network
  /// can have.
  private static let searchedNodes = 4096

  var reading: Reading
  /// Whether both readings are possible.
  var isAmbiguous = false

  init(_ call: CallTree.Call, signed nodes: [Authorization.Node], created: CreatedContract?, _ bytes: RawSpan) {
    let value = call.packed
    switch bytes.word(at: value.lowerBound) {
    case SCValTag.void: reading = .none
    case SCValTag.vec where bytes.word(at: value.lowerBound + 4) == 1 && bytes.word(at: value.lowerBound + 8) >= 2:
      reading = .elements
    default:
      reading = .one
      return
    }
    let name = bytes.extracting(call.function)
    // The arguments are always payload, signature and contexts.
    if name.equals("__check_auth"), reading == .elements, bytes.word(at: value.lowerBound + 8) == 3 { return }
    let isConstructor = name.equals("__constructor")
    if isConstructor, let created, created.id == call.callee, let known = Self.reading(value, as: created.constructorArgs, bytes)
    {
      reading = known
      return
    }
    for node in nodes.prefix(Self.searchedNodes) where node.contract == call.callee {
      if let function = node.function {
        guard bytes.extracting(function).equals(name) else { continue }
      } else if !isConstructor {
        continue
      }
      if let known = Self.reading(value, as: node.arguments, bytes) {
        reading = known
        return
      }
    }
    isAmbiguous = true
  }

  /// The reading in which the packed value equals the list `arguments` (SCVal<>, nil for none); nil if neither does.
  private static func reading(_ value: Range<Int>, as arguments: Range<Int>?, _ bytes: RawSpan) -> Reading? {
    guard let arguments else { return bytes.word(at: value.lowerBound) == SCValTag.void ? Reading.none : nil }
    let count = bytes.word(at: arguments.lowerBound)
    if count == 0 { return bytes.word(at: value.lowerBound) == SCValTag.void ? Reading.none : nil }
    let isVec = bytes.word(at: value.lowerBound) == SCValTag.vec
    if isVec, bytes.extracting(value.lowerBound + 8..<value.upperBound).equals(bytes.extracting(arguments)) { return .elements }
    if count == 1, bytes.extracting(value).equals(bytes.extracting(arguments.lowerBound + 4..<arguments.upperBound)) {
      return .one
    }
    return nil
  }

  /// Writes the arguments as SCVal<>.
  func write(_ value: Range<Int>, _ bytes: RawSpan, into out: inout ByteBuffer) {
    switch reading {
    case .none: out.append(bigEndian: 0 as UInt32)
    case .one:
      out.append(bigEndian: 1 as UInt32)
      out.append(bytes.extracting(value))
    case .elements: out.append(bytes.extracting(value.lowerBound + 8..<value.upperBound))
    }
  }
}

/// The contract that the operation creates directly.
struct CreatedContract {
  var id: Hash32
  /// SCVal<>; nil if there are none.
  var constructorArgs: Range<Int>?
}
