import Bytes
import StellarJSON
import StellarXDR

/// An option with its values. Errors name the option.
struct GivenOption {
  let name: String
  let value: FilterOption.Value
  let items: [FilterOptions.Item]
  /// All options.
  let options: FilterOptions

  /// The value of an option that has only one.
  var text: String { items.first?.text ?? "" }

  func named(_ condition: Condition) -> FilterOptions.Named { FilterOptions.Named(option: name, alternatives: [condition]) }

  func require(_ other: String) throws(UsageError) -> Condition? {
    if options.isGiven(other) { return nil }
    throw UsageError("\(name) needs --\(other)")
  }

  func each<T>(_ read: (String) throws(UsageError) -> T) throws(UsageError) -> [T] {
    var values: [T] = []
    do throws(UsageError) { for item in items { values.append(try read(item.text)) } } catch {
      throw UsageError("\(name): \(error.description)")
    }
    return values
  }

  /// The bits of all words.
  func bits() throws(UsageError) -> UInt32 { try alternatives().reduce(0, |) }

  /// The bits of the words of each value.
  func alternatives() throws(UsageError) -> [UInt32] {
    guard case .words(let words) = value else { return [] }
    return try each { list throws(UsageError) in
      var bits: UInt32 = 0
      for word in list.split(separator: ",", omittingEmptySubsequences: false) {
        guard let index = words.firstIndex(where: { $0 == word }) else {
          throw UsageError("'\(word)' is not one of \(words.joined(separator: ", "))")
        }
        bits |= 1 << UInt32(index)
      }
      return bits
    }
  }

  func time(_ read: (String) throws(UsageError) -> UInt64) throws(UsageError) -> UInt64 {
    do throws(UsageError) { return try read(text) } catch { throw UsageError("\(name): \(error.description)") }
  }

  func count() throws(UsageError) -> Int {
    guard let count = Int(text), count >= 0 else { throw UsageError("\(name): \(text) is not a number of arguments") }
    return count
  }

  // MARK: names and ids

  func ids(_ kind: IdentifierSet.Kind) throws(UsageError) -> IdentifierSet {
    var set = IdentifierSet()
    for item in items where !set.insert(strkey: item.text, as: kind) {
      guard kind == .address, let asset = try asset(item) else {
        throw UsageError("\(item.place ?? name): \(IdentifierSet.problem(item.text, kind))")
      }
      _ = set.insert(strkey: asset.contract, as: kind)
    }
    return set
  }

  /// The asset that a text names; nil if it does not name one.
  private func asset(_ item: FilterOptions.Item) throws(UsageError) -> Asset? {
    do throws(UsageError) { return try Asset(item.text, on: options.network) } catch {
      throw UsageError("\(item.place ?? name): \(error.description)")
    }
  }

  func hashes() throws(UsageError) -> Set<Hash32> {
    var hashes = Set<Hash32>()
    for item in items {
      guard let hash = Hash32(hex: Array(item.text.utf8).bytes) else {
        throw UsageError(
          "\(item.place ?? name): '\(item.text)' is not a transaction hash, which has 64 hex digits\(commaAdvice(item.text))")
      }
      hashes.insert(hash)
    }
    return hashes
  }

  /// The condition of patterns on a value. `members`: the number of members that conditions name. `places`: the value is in a
  /// list, and a pattern can start with its index.
  func values(_ classes: ValueClasses?, _ members: inout Int, places: Bool = false) throws(UsageError) -> ValueCondition {
    var condition = ValueCondition()
    let wanted = try each { text throws(UsageError) in
      let split = ExactValue.looksLikeOne(text) ? nil : try MemberPath.split(text, places: places)
      return (
        split?.path,
        ValueCondition.Alternative(pattern: try Pattern(split?.pattern ?? text), classes: classes, index: split?.place)
      )
    }
    for (path, wanted) in wanted {
      if let path {
        condition.members.append(ValueCondition.Member(path: path, wanted: wanted, number: members))
        members += 1
      } else {
        condition.alternatives.append(wanted)
      }
    }
    return condition
  }
}

/// Advice for several values, if a text contains commas.
func commaAdvice(_ text: String) -> String {
  text.contains(",") ? "; commas separate nothing here: repeat the option for each value" : ""
}
