import Testing

@testable import Filtering

/// The list of options from which the tool and the module are made.
@Suite struct OptionTests {
  private static func given(_ option: FilterOption, _ text: String) -> FilterOptions {
    options { $0[option.name] = items(text) }
  }

  @Test func namesDiffer() { #expect(Set(FilterOption.all.map(\.name)).count == FilterOption.all.count) }

  /// Each option that has a condition makes its own, of its value.
  @Test(arguments: [
    ("contract", contract(1)), ("involves", contract(1)), ("function", "f"), ("account", account(1)), ("type", "call"),
    ("succeeded", ""), ("failed", ""), ("result", "trapped"), ("tx", hash(1)), ("since", "5"), ("until", "5"), ("recent", "0s"),
    ("topic", "a"), ("event-type", "system"), ("stage", "after_tx"), ("arg", "1"), ("data", "1"), ("state", "1"),
    ("value-type", "numeric"), ("has", "auth"), ("change", "delete"), ("durability", "temporary"), ("affects", contract(1)),
    ("min-args", "1"), ("max-args", "1"),
  ]) func eachOptionMakesOneCondition(_ name: String, _ text: String) throws {
    let option = try #require(FilterOption.all.first { $0.name == name })
    #expect(try Self.given(option, text).filter().conditions.count == 1)
  }

  /// The words that completion offers are accepted, and the error about another word lists them.
  @Test(arguments: FilterOption.all.filter { !$0.words.isEmpty }.map(\.name)) func wordsAreTaken(_ name: String) throws {
    let option = try #require(FilterOption.all.first { $0.name == name })
    guard case .words = option.value else { return }
    for word in option.words { _ = try Self.given(option, word).filter() }
    let error = try #require(throws: UsageError.self) { try Self.given(option, "nonsense").filter() }
    let start = "--\(name): 'nonsense' is not one of "
    #expect(error.description.hasPrefix(start))
    #expect(Set(error.description.dropFirst(start.count).split(separator: ", ").map(String.init)) == Set(option.words))
  }
}
