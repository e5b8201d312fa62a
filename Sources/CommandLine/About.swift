import ArgumentParser
import StellarJSON

/// The description of a tool for `--help`, `--version` and `--describe-json`.
package struct About: Sendable {
  /// The position of a tool in a pipeline.
  package enum Role: String, Sendable { case origin, transform }

  package struct Example: Sendable {
    let comment: String
    let command: String

    package init(_ comment: String, _ command: String) {
      self.comment = comment
      self.command = command
    }
  }

  let name: String
  let abstract: String
  let role: Role
  let reads: [String]
  let writes: [String]
  let values: [ValueStyle]
  let notes: String
  let examples: [Example]

  /// `reads` and `writes` are the ids of record types, such as `soroban-pipes.contract_invocation.v1`. `values` are the styles in
  /// which their ScVals are written. The help shows `notes` after the abstract and `examples` at its end.
  package init(
    name: String, abstract: String, role: Role, reads: [String], writes: [String], values: [ValueStyle] = [.raw],
    notes: String = "", examples: [Example]
  ) {
    self.name = name
    self.abstract = abstract
    self.role = role
    self.reads = reads
    self.writes = writes
    self.values = values
    self.notes = notes
    self.examples = examples
  }

  var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: name, abstract: abstract, usage: "\(name) [options] [FILE ...]", discussion: notes)
  }

  /// The examples, for the end of the help, which users see first.
  var exampleText: String {
    let shown = examples.map { "  # \($0.comment)\n  \($0.command)" }.joined(separator: "\n\n")
    return examples.isEmpty ? "" : "EXAMPLES:\n\(shown)\n"
  }
}
