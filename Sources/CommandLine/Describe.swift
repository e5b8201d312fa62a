import ArgumentParser
import StellarJSON

extension About {
  /// One JSON object in the form in which nebu's processors describe themselves. The members after `default` are additions.
  func json(of tool: any ParsableCommand.Type) -> String {
    let flags = ParserDump(of: tool).arguments.compactMap(Self.flag)
    let examples = examples.map {
      JSONText.object([("comment", JSONText.string($0.comment)), ("command", JSONText.string($0.command))])
    }
    let strings = { (texts: [String]) in JSONText.array(texts.map(JSONText.string)) }
    return JSONText.object([
      ("name", JSONText.string(name)), ("type", JSONText.string(role.rawValue)),
      ("version", JSONText.string(Version.number)), ("description", JSONText.string(abstract)),
      ("schema", JSONText.object(writes.prefix(1).map { ("id", JSONText.string($0)) })),
      ("reads", strings(reads)), ("writes", strings(writes)),
      ("flags", JSONText.array(flags)), ("examples", JSONText.array(examples)), ("schemas", JSONText.array(schemas)),
    ])
  }

  /// A JSON Schema for each NDJSON record of the tool, in each style of its values.
  private var schemas: [String] {
    writes.flatMap { id in
      var styles: [String] = []
      for style in values {
        guard let schema = JSONSchema.ofRecord(id, values: style) else { continue }
        let values = schema.holdsValues ? [("values", JSONText.string(style.rawValue))] : []
        styles.append(JSONText.object([("id", JSONText.string(id))] + values + [("schema", schema.text)]))
        if !schema.holdsValues { break }
      }
      return styles
    }
  }

  private static func flag(_ argument: ParserDump.Argument) -> String? {
    guard argument.kind != .positional, argument.shouldDisplay, let name = argument.preferredName?.name else { return nil }
    let type = argument.kind == .flag ? "bool" : argument.isRepeating ? "stringSlice" : "string"
    var members = [
      ("name", JSONText.string(name)), ("type", JSONText.string(type)), ("required", "\(!argument.isOptional)"),
      ("description", JSONText.string(argument.abstract ?? "")),
    ]
    if let value = argument.defaultValue { members.append(("default", JSONText.string(value))) }
    if let short = argument.short { members.append(("short", JSONText.string(short))) }
    if let values = argument.allValues { members.append(("values", JSONText.array(values.map(JSONText.string)))) }
    return JSONText.object(members)
  }
}
