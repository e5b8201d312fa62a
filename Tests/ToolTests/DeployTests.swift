import TestSupport
import Testing

/// The tests of `scripts/deploy` that need no containers, each class in Python; `make deploy-test` runs the others.
@Suite struct DeployTests {
  /// Runs a class of `Tests/DeployTests`; if it reports that it was skipped, the test is cancelled.
  private func run(_ name: String, needing modules: String) throws {
    let places = ["../../.build/programs/deploy/bin/python3", "../../.build/programs/grpc/bin/python3", "python3"]
    let found = try places.first { python in
      try Documentation.run("cd Tests/DeployTests && \(python) -c 'import \(modules)'").status == 0
    }
    guard let python = found else { try Test.cancel("the Python modules \(modules) are not installed") }
    let outcome = try Documentation.run("cd Tests/DeployTests && timeout -k 5 900 \(python) -W ignore -m unittest -v \(name)")
    if outcome.text.contains("... skipped") || outcome.text.contains("OK (skipped"), !outcome.text.contains("... ok") {
      try Test.cancel("\(outcome.lines.first { $0.contains("skipped") } ?? "skipped")")
    }
    #expect(outcome.status == 0, "\(outcome.text)")
  }

  @Test(arguments: [
    "test_files.Linted", "test_files.Workflows", "test_files.Releases", "test_files.Entry", "test_files.Context",
  ])
  func files(name: String) throws { try run(name, needing: "json") }

  @Test func manifests() throws { try run("test_kubernetes.Rendered", needing: "yaml") }

  @Test(arguments: ["test_flowctl.Wire", "test_flowctl.Bridge"])
  func flowctl(name: String) throws { try run(name, needing: "grpc, grpc_tools") }
}
