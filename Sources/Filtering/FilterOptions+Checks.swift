import Bytes
import StellarXDR

// What is wrong with values whatever the records are: they cannot be meant.

extension FilterOptions {
  /// Refuses a range of numbers of arguments that ends before it begins.
  func checkArgumentCounts() throws(UsageError) {
    if any { return }
    if let minimumArguments, let maximumArguments, minimumArguments > maximumArguments, maximumArguments >= 0 {
      throw UsageError("--min-args \(minimumArguments) is more than --max-args \(maximumArguments)")
    }
  }

  static func isAddress(_ text: String) -> Bool {
    var payload = ByteBuffer(capacity: 64)
    return Strkey.decode(Array(text.utf8).bytes, into: &payload) != nil
  }
}

extension FilterOptions.Named {
  /// Whether it is a question about records that have these parts. `hasLists`: they have lists that can be empty, or counted.
  func applies(to available: Subjects, hasLists: Bool) -> Bool {
    alternatives.contains { condition in
      switch condition {
      case .has, .argumentCount: hasLists
      default: !condition.subjects.isDisjoint(with: available)
      }
    }
  }
}

/// How to write several values, for a text that has commas.
func commaAdvice(_ text: String) -> String {
  text.contains(",") ? "; commas separate nothing here: repeat the option for each value" : ""
}
