import TestSupport
import Testing

/// The Makefile's message where Swift is missing, before it installs anything.
@Suite(.enabled(if: Documentation.isInstalled("make"), "make is not installed")) struct SetupTests {
  static let advice =
    "soroban-pipes is built with Swift 6.3 or later: install it from swift.org (https://www.swift.org/install), then try again."

  /// Runs a script; `$folder/bin` has all programs except Swift. Programs that install something are replaced by ones that only
  /// record it in `$folder/installed`.
  private static func lines(_ script: String) throws -> [String] {
    try Documentation.run(
      #"bash -c "$SCRIPT""#,
      environment: [
        "SCRIPT": #"""
        set -u
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        mkdir "$folder/bin"
        for place in /usr/bin /bin; do ln -s "$place"/* "$folder/bin/" 2>/dev/null; done
        rm -f "$folder"/bin/swift* "$folder"/bin/pkg-config "$folder"/bin/jq
        for program in apt-get sudo pip; do
          rm -f "$folder/bin/$program"
          printf '#!/bin/sh\necho "$0" "$@" >>%s/installed\nexit 1\n' "$folder" >"$folder/bin/$program"
          chmod +x "$folder/bin/$program"
        done
        swift() { printf '#!/bin/sh\n%s\n' "$1" >"$folder/swift"; chmod +x "$folder/swift"; }
        told() { env PATH="$folder/bin" "$@" 2>&1 | grep -v '^make' | sed "s|$folder/||g"; echo "status ${PIPESTATUS[0]}"; }

        """# + script + "\n" + #"cat "$folder/installed" 2>/dev/null"#
      ]
    ).lines
  }

  @Test(arguments: [
    "demo", "test", "build", "install", "deb", "bench", "allocations", "fuzz", "asan", "format", "soak", "coverage", "static",
    "deploy-test",
  ])
  func aMissingSwiftIsReported(target: String) throws {
    let lines = try Self.lines("told make \(target)")
    #expect(lines == ["Swift is not installed: there is no swift on the PATH. \(Self.advice)", "status 2"], "\(lines)")
  }

  @Test func olderVersionsAndOtherProgramsAreNamed() throws {
    let lines = try Self.lines(
      #"""
      for version in 'Swift version 6.2.4 (swift-6.2.4-RELEASE)' 'Apple Swift version 5.10 (swiftlang-5.10.0.13)' \
        'Swift version 6.2-dev (LLVM 1)' 'python-swiftclient 4.6.0' ''; do
        swift "echo '$version'"
        told make -j 4 demo SWIFT="$folder/swift"
      done
      swift 'exit 1'
      told make test SWIFT="$folder/swift"
      told make build SWIFT=/nonexistent/swift
      """#)
    let none = "swift does not print a version of Swift: it is another program, or does not run. \(Self.advice)"
    let messages =
      ["6.2.4", "5.10", "6.2"].map { "Swift \($0) is too old (swift). \(Self.advice)" }
      + [none, none, none, "Swift is not installed: there is no /nonexistent/swift on the PATH. \(Self.advice)"]
    #expect(lines == messages.flatMap { [$0, "status 2"] }, "\(lines)")
  }

  @Test func newVersionsAreAccepted() throws {
    let lines = try Self.lines(
      #"""
      for version in 'Swift version 6.3 (swift-6.3-RELEASE)' 'Swift version 6.10.1 (x)' 'Apple Swift version 7.0-dev (LLVM 1)' \
        'swift-driver version: 1.120 Apple Swift version 10.1 (swiftlang)'; do
        swift "echo '$version'"
        SWIFT="$folder/swift --quiet" told scripts/setup swift
      done
      """#)
    #expect(lines == Array(repeating: "status 0", count: 4), "\(lines)")
  }
}
