import TestSupport
import Testing

/// Scripts of tests that start programs and wait for events.
enum ScriptRun {
  /// Runs a script in the root of the checkout, with its own folder, `$folder`. It ends after two minutes, together with the
  /// processes that it started. `until_ COMMAND` waits until a command succeeds.
  static func lines(_ script: String, environment: [String: String] = [:]) throws -> [String] {
    let outcome = try Documentation.run(
      #"timeout -k 1 120 bash -c "$SCRIPT""#,
      environment: environment.merging([
        "SCRIPT": #"""
        set -u
        folder=$(mktemp -d)
        trap '{ kill -9 $(jobs -p); wait; rm -rf "$folder"; } >/dev/null 2>&1' EXIT
        until_() { until "$@" >/dev/null 2>&1; do sleep 0.02; done }
        export NETWORK_PASSPHRASE=local

        """# + script
      ]) { $1 })
    return outcome.lines
  }

  static func has(_ programs: String...) -> Bool { programs.allSatisfy(Documentation.isInstalled) }
}
