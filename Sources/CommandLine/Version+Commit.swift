import BuildInfo

extension Version {
  /// The commit that the tools were built from; nil if the build did not set it (`make build` does).
  static let commit: String? = {
    let commit = unsafe String(cString: soroban_pipes_commit())
    return commit.isEmpty ? nil : commit
  }()

  /// What `--version` prints after the tool's name.
  package static var current: String { commit.map { "\(number) (commit \($0))" } ?? number }
}
