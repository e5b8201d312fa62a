import Testing

@testable import Filtering

/// The list of options from which the tool and the module are made.
@Suite struct OptionTests {
  private static func given(_ option: FilterOption, _ text: String = "x") -> FilterOptions? {
    var options = FilterOptions()
    switch option.value {
    case .flag(let set): set(&options, true)
    case .text(let set): set(&options, text)
    case .number(let set): set(&options, 7)
    case .texts(let set): set(&options, [text])
    case .items(let set): set(&options, [FilterOptions.Item(text)])
    case .network, .ledgers, .request: return nil
    }
    return options
  }

  @Test func namesDiffer() { #expect(Set(FilterOption.all.map(\.name)).count == FilterOption.all.count) }

  /// Each option sets one property, and no two options set the same one.
  @Test func eachOptionSetsItsOwnProperty() {
    let kept = FilterOption.all.compactMap { Self.given($0) }.map { "\($0)" }
    #expect(kept.count > 20)
    #expect(Set(kept + ["\(FilterOptions())"]).count == kept.count + 1)
  }

  /// The words that completion offers are accepted, and the error about another word lists them.
  @Test(arguments: FilterOption.all.filter { !$0.words.isEmpty }.map(\.name)) func wordsAreTaken(_ name: String) throws {
    let option = try #require(FilterOption.all.first { $0.name == name })
    guard case .texts = option.value else { return }
    for word in option.words { _ = try #require(Self.given(option, word)).filter() }
    let error = try #require(throws: UsageError.self) { try Self.given(option, "nonsense")?.filter() }
    let start = "--\(name): 'nonsense' is not one of "
    #expect(error.description.hasPrefix(start))
    #expect(Set(error.description.dropFirst(start.count).split(separator: ", ").map(String.init)) == Set(option.words))
  }
}
