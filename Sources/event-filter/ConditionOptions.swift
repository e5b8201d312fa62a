import ArgumentParser
import CommandLineTools
import Filtering

/// A group of conditions, as the manual groups them.
protocol ConditionSection {
  static var section: FilterOption.Section { get }
}

enum SubjectSection: ConditionSection { static var section: FilterOption.Section { .subject } }
enum OutcomeSection: ConditionSection { static var section: FilterOption.Section { .outcome } }
enum ContentSection: ConditionSection { static var section: FilterOption.Section { .content } }
enum CombinationSection: ConditionSection { static var section: FilterOption.Section { .combination } }

/// The options of one group.
///
/// The parser asks a type for its options by reflection, and decodes their values by name. So this type reflects the options that
/// `FilterOption.all` declares, instead of having a property for each.
struct ConditionOptions<Group: ConditionSection>: ParsableArguments, CustomReflectable {
  /// An option that was given.
  struct Given {
    let option: FilterOption
    var texts: [String] = []
    var number = 0
    var ledgers: LedgerOptions?
  }

  private(set) var given: [Given] = []

  private static var options: [FilterOption] { FilterOption.all.filter { $0.section == Group.section } }

  init() {}

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    for option in Self.options {
      let key = Key(option)
      switch option.value {
      case .flag: if try values.decode(Flag<Bool>.self, forKey: key).wrappedValue { given.append(Given(option: option)) }
      case .number:
        if let number = try values.decode(Option<Int?>.self, forKey: key).wrappedValue {
          given.append(Given(option: option, number: number))
        }
      case .text, .network, .request:
        if let text = try values.decode(Option<String?>.self, forKey: key).wrappedValue {
          given.append(Given(option: option, texts: [text]))
        }
      case .texts, .items:
        let texts = try values.decode(Option<[String]>.self, forKey: key).wrappedValue
        if !texts.isEmpty { given.append(Given(option: option, texts: texts)) }
      case .ledgers:
        let ledgers = try values.decode(OptionGroup<LedgerOptions>.self, forKey: key).wrappedValue
        if !ledgers.given.isEmpty { given.append(Given(option: option, ledgers: ledgers)) }
      }
    }
  }

  var customMirror: Mirror {
    Mirror(self, children: Self.options.map { (label: "_" + Key($0).stringValue, value: $0.declaration) })
  }

  /// What the parser calls a property: the option's name without hyphens.
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ option: FilterOption) {
      let words = option.name.split(separator: "-")
      stringValue = words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension FilterOption {
  /// What the property of such an option holds.
  fileprivate var declaration: Any {
    let names: NameSpecification = short.map { [.customShort($0), .customLong(name)] } ?? .customLong(name)
    let help = ArgumentHelp(self.help, valueName: valueName)
    let completion: CompletionKind? = words.isEmpty ? nil : .list(words)
    return switch value {
    case .flag: Flag(wrappedValue: false, name: names, help: ArgumentHelp(self.help))
    case .number: Option<Int?>(name: names, help: help)
    case .text, .network: Option<String?>(name: names, help: help, completion: completion)
    case .request: Option<String?>(name: names, help: help, completion: .file())
    case .texts, .items: Option<[String]>(wrappedValue: [], name: names, help: help, completion: completion)
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
