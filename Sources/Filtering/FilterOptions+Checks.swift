import Bytes
import StellarXDR

// Values that are wrong for any records, because they cannot be intended.

extension FilterOptions {
  /// Rejects a range of argument counts that ends before it starts.
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
  /// Whether it tests records with these parts. `hasLists`: the records have lists that can be empty or counted.
  func applies(to available: Subjects, hasLists: Bool) -> Bool {
    alternatives.contains { condition in
      switch condition {
      case .has, .argumentCount: hasLists
      default: !condition.subjects.isDisjoint(with: available)
      }
    }
  }
}

/// Advice for several values, if a text contains commas.
func commaAdvice(_ text: String) -> String {
  text.contains(",") ? "; commas separate nothing here: repeat the option for each value" : ""
}
