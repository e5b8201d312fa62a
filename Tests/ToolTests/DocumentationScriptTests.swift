import Foundation
import TestSupport
import Testing

/// The scripts that users run do what their comments say.
@Suite struct DocumentationScriptTests {
  /// A command in the comment of a recipe, `#$ command`, and its output, `#> line`.
  struct Recipe: CustomTestStringConvertible {
    let name: String
    /// The complete script, which names the programs that it runs.
    let text: String
    var steps: [Example.Step] = []

    var testDescription: String { name }
  }

  static let recipes: [Recipe] = Repository.files(in: "\(Repository.root)/scripts/cookbook", ending: "").map { path in
    let lines = Repository.lines(path).map { String(decoding: $0, as: UTF8.self) }
    var recipe = Recipe(
      name: path.split(separator: "/").last.map(String.init) ?? path, text: lines.joined(separator: "\n"))
    for line in lines {
      if line.hasPrefix("#$ ") {
        recipe.steps.append(Example.Step(command: String(line.dropFirst(3))))
      } else if line.hasPrefix("#>"), !recipe.steps.isEmpty {
        recipe.steps[recipe.steps.count - 1].output.append(String(line.dropFirst(3)))
      }
    }
    return recipe
  }

  /// Recipes that print nothing without a server: `RecipeServerTests` and `StoreTests` have one.
  static let untried: Set = ["mirror-s3", "rpc-ledgers"]

  @Test(arguments: recipes)
  func recipesPrintTheirExamples(recipe: Recipe) throws {
    #expect(!recipe.steps.isEmpty || Self.untried.contains(recipe.name))
    let words = Set(recipe.text.split { !$0.isLetter && !$0.isNumber })
    for program in ["jq", "perl", "sqlite3", "duckdb", "dot", "zstd", "python3"] where words.contains(Substring(program)) {
      if !Documentation.isInstalled(program) { try Test.cancel("\(program) is not installed") }
    }
    for step in recipe.steps {
      if step.command.contains("with-postgresql"), try Documentation.run("scripts/with-postgresql psql --version").status != 0 {
        try Test.cancel("no PostgreSQL server can be started")
      }
      let outcome = try Documentation.run(step.command)
      #expect(outcome.status == 0)
      #expect(outcome.lines == step.output, "\(step.command)\nprints\n\(outcome.text)")
    }
  }

  @Test(.enabled(if: Documentation.isInstalled("jq"), "jq is not installed"))
  func demoShowsInvocations() throws {
    let outcome = try Documentation.run("scripts/demo \(Documentation.toolFolder)")
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("1042  ok      CCY3…IXI6  try_swap(4) = 8\n              └ CAOJ…ZAFA  swap_in(4)  failed\n"))
    #expect(!outcome.text.contains("\u{1B}"), "no colours but on a terminal")
  }

  @Test(.enabled(if: Documentation.isInstalled("jq"), "jq is not installed"))
  func countsAgree() throws {
    let outcome = try Documentation.run("scripts/counts")
    #expect(outcome.status == 0)
    // The disagreements in testdata/ are intentional: events that core prepended, truncated diagnostics, an unknown owner.
    #expect(
      outcome.lines.map { $0.split(separator: " ").joined(separator: " ") } == [
        "invocations 84 of 84", "successful 64 of 84", "success hashes 63 of 64 !", "uploaded code 3 of 3", "events 59 of 61 !",
        "calls 60 of 60", "returns 99 of 99", "lifetimes 5 of 6 !", "created contracts 9 of 9",
      ])
  }

  /// A pipeline that is killed and resumed at twenty random moments makes the same file as an undisturbed run.
  @Test(arguments: ["scval-json --style native", "scval-json --style proto", "event-filter --succeeded"])
  func resumeEndsWithTheSameFile(lastStage: String) throws {
    let script = """
      set -u
      seed=$RANDOM; RANDOM=$seed; echo "seed $seed"
      folder=$(mktemp -d)
      trap 'rm -rf "$folder"' EXIT
      # Ledgers arrive a few at a time, as from a network.
      pipeline='for object in $(ls -r testdata/lake/*/*.zst); do cat $object; sleep 0.05; done |
        ledger-split -q --network local $LEDGERS | invocation-extract $AFTER | \(lastStage)'
      LEDGERS= AFTER= bash -c "$pipeline" > "$folder/undisturbed" 2>/dev/null
      touch "$folder/records"
      for round in $(seq 20); do
        # Until a few more records are there, or all of them.
        enough=$(($(wc -l < "$folder/records") + 1 + RANDOM % 6))
        setsid bash -c 'exec scripts/resume "$@" 2>/dev/null' - "$folder/records" "$pipeline" &
        while kill -0 $! 2>/dev/null && [ "$(wc -l < "$folder/records")" -lt $enough ]; do sleep 0.01; done
        kill -9 -- -$! 2>/dev/null
        wait $! 2>/dev/null
        echo "round $round leaves $(wc -l < "$folder/records") of $(wc -l < "$folder/undisturbed")"
      done
      # A file with only a truncated record is refused, because it may belong to another program.
      if [ -s "$folder/records" ]; then printf half >> "$folder/records"; fi
      scripts/resume "$folder/records" "$pipeline"
      cmp "$folder/records" "$folder/undisturbed" && [ -s "$folder/records" ] && echo the same
      """
    let outcome = try Documentation.run(script)
    #expect(outcome.lines.last == "the same", "\(outcome.text)")
  }
}
