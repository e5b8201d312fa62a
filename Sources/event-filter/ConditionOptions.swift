import ArgumentParser
import CommandLineTools
import Filtering

/// A group of conditions in the manual.
protocol ConditionSection {
  static var section: FilterOption.Section { get }
}

enum SubjectSection: ConditionSection { static var section: FilterOption.Section { .subject } }
enum OutcomeSection: ConditionSection { static var section: FilterOption.Section { .outcome } }
enum ContentSection: ConditionSection { static var section: FilterOption.Section { .content } }
enum CombinationSection: ConditionSection { static var section: FilterOption.Section { .combination } }

/// The options of one group.
///
/// The parser finds the options of a type by reflection, and decodes their values by name. So this type reflects the options of
/// `FilterOption.all` instead of having a property for each.
struct ConditionOptions<Group: ConditionSection>: ParsableArguments, CustomReflectable {
  private(set) var given: [(option: FilterOption, texts: [String])] = []
  private(set) var ledgers = LedgerOptions()

  private static var options: [FilterOption] { FilterOption.all.filter { $0.section == Group.section } }

  init() {}

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    for option in Self.options {
      let key = Key(stringValue: option.name)
      let texts: [String]? =
        switch option.value {
        case .flag: try values.decode(Flag<Bool>.self, forKey: key).wrappedValue ? [] : nil
        case .number: try values.decode(Option<Int?>.self, forKey: key).wrappedValue.map { ["\($0)"] }
        case .text, .network, .request: try values.decode(Option<String?>.self, forKey: key).wrappedValue.map { [$0] }
        case .texts, .words, .items:
          try Optional(values.decode(Option<[String]>.self, forKey: key).wrappedValue).flatMap { $0.isEmpty ? nil : $0 }
        case .ledgers: nil
        }
      if let texts { given.append((option, texts)) }
      if case .ledgers = option.value { ledgers = try values.decode(OptionGroup<LedgerOptions>.self, forKey: key).wrappedValue }
    }
  }

  var customMirror: Mirror { Mirror(self, children: Self.options.map { (label: "_\($0.name)", value: $0.declaration) }) }
}

/// The property that the parser expects for an option.
private struct Key: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension FilterOption {
  /// The declaration that a property for this option would have.
  fileprivate var declaration: Any {
    let names: NameSpecification = short.map { [.customShort($0), .customLong(name)] } ?? .customLong(name)
    let help = ArgumentHelp(self.help, valueName: valueName)
    let completion: CompletionKind? = words.isEmpty ? nil : .list(words)
    return switch value {
    case .flag: Flag(wrappedValue: false, name: names, help: ArgumentHelp(self.help))
    case .number: Option<Int?>(name: names, help: help)
    case .text, .network: Option<String?>(name: names, help: help, completion: completion)
    case .request: Option<String?>(name: names, help: help, completion: .file())
    case .texts, .words, .items: Option<[String]>(wrappedValue: [], name: names, help: help, completion: completion)
    case .ledgers: OptionGroup<LedgerOptions>()
    }
  }
}

struct SelectionOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Write only the number of matches.")
  var count = false

  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Stop after this many.", valueName: "number"))
  var maxCount: Int?

  @Flag(help: "End with status 1 if nothing matches (default: 0).")
  var exitStatus = false

  func validate() throws {
    if let maxCount, maxCount < 0 { throw ValidationError("--max-count: \(maxCount) is not a number of records") }
  }
}
