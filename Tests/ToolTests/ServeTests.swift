import TestSupport
import Testing

/// The service over the filters. Its tests are in Python, with clients of its protocols; this suite runs each of them.
@Suite struct ServeTests {
  /// Runs a class of `Tests/ServeTests`; if it reports that it was skipped, the test is cancelled.
  private func run(_ name: String, with python: String = "python3") throws {
    if !Documentation.isInstalled("python3") { try Test.cancel("python3 is not installed") }
    let outcome = try Documentation.run("cd Tests/ServeTests && timeout -k 5 900 \(python) -W ignore -m unittest -v \(name)")
    if outcome.text.contains("... skipped") || outcome.text.contains("OK (skipped"), !outcome.text.contains("... ok") {
      try Test.cancel("\(outcome.lines.first { $0.contains("skipped") } ?? "skipped")")
    }
    #expect(outcome.status == 0, "\(outcome.text)")
  }

  @Test(arguments: [
    "test_requests.WithoutServer", "test_requests.UnderLighttpd", "test_requests.BehindAProxyThatBuffers", "test_http.Following",
    "test_http.Answers", "test_http.Mistakes", "test_hostile.Hostile", "test_events.Events", "test_replay.Replayed",
    "test_manual.Manual",
  ])
  func http(name: String) throws { try run(name) }

  @Test func grpc() throws {
    let own = "../../.build/programs/grpc/bin/python3"
    let modules = "import grpc, grpc_tools, grpc_health, grpc_reflection"
    for python in [own, "python3"] where try Documentation.run("cd Tests/ServeTests && \(python) -c '\(modules)'").status == 0 {
      return try run("test_grpc.Calls", with: python)
    }
    try Test.cancel("the Python modules of gRPC are not installed")
  }
}
