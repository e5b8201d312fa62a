import ArgumentParser

/// Completion scripts for shells (`--generate-completion-script`). The argument parser's own scripts do not suffice: zsh refuses
/// its script for a tool with FILEs, and none of them completes `events,state` or `--style=native`.
struct CompletionScript {
  enum Shell: String, CaseIterable {
    case bash, zsh, fish

    /// Nil if no script was requested.
    init?(requestedBy arguments: some Collection<String>) throws {
      let option = "--generate-completion-script"
      let rest = arguments.drop { $0 != option && !$0.hasPrefix("\(option)=") }
      guard let first = rest.first else { return nil }
      let name = first == option ? rest.dropFirst().first ?? "" : String(first.dropFirst(option.utf8.count + 1))
      guard let shell = Shell(rawValue: name) else {
        throw ValidationError("\(option) takes one of \(Shell.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      self = shell
    }
  }

  /// An option and its possible values.
  struct Option {
    enum Value {
      case none
      case free
      case file
      /// An identifier, or `@` and a file.
      case freeOrFile
      case one(of: [String])
      /// A comma-separated list of some of these.
      case some(of: [String])
    }

    /// With their hyphens, the short name first.
    let names: [String]
    let help: String
    let valueName: String
    let value: Value
    let isRepeating: Bool
  }

  let tool: String
  let options: [Option]

  init(tool: String, of command: any ParsableCommand.Type) {
    self.tool = tool
    let own = ParserDump(of: command).arguments.compactMap(Option.init)
    let scriptOption = Option(
      names: ["--generate-completion-script"], help: "Print a completion script for a shell.", valueName: "shell",
      value: .one(of: Shell.allCases.map(\.rawValue)), isRepeating: false)
    options = own + [scriptOption]
  }

  func text(for shell: Shell) -> String {
    switch shell {
    case .bash: bash
    case .zsh: zsh
    case .fish: fish
    }
  }
}

extension CompletionScript.Option {
  init?(_ argument: ParserDump.Argument) {
    guard argument.kind != .positional, argument.shouldDisplay, let long = argument.preferredName else { return nil }
    names = (argument.short.map { ["-\($0)"] } ?? []) + ["--\(long.name)"]
    help = argument.abstract ?? ""
    valueName = argument.valueName ?? ""
    isRepeating = argument.isRepeating
    if argument.kind == .flag {
      value = .none
    } else if let words = argument.completionKind?.list?.values ?? argument.allValues {
      value = argument.isRepeating ? .some(of: words) : .one(of: words)
    } else if valueName == "file" {
      value = .file
    } else {
      value = valueName.contains("@FILE") ? .freeOrFile : .free
    }
  }
}

// MARK: bash

extension CompletionScript {
  private var function: String { "_" + tool.replacing("-", with: "_") }

  private var bash: String {
    var cases = ""
    for option in options {
      let action: String
      switch option.value {
      case .none: continue
      case .free: action = "return"
      case .file: action = "\(function)_files '' \"$current\"; return"
      case .freeOrFile: action = "[[ $current != @* ]] || \(function)_files @ \"${current#@}\"; return"
      case .one(let words): action = "words='\(words.joined(separator: " "))'"
      case .some(let words): action = "list=yes words='\(words.joined(separator: " "))'"
      }
      cases += "    \(option.names.joined(separator: " | "))) \(action) ;;\n"
    }
    return """
      # Completions of \(tool)(1) for bash.
      \(function)_files() {
        local file
        compopt -o filenames 2>/dev/null
        while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -P "$1" -f -- "$2")
      }
      \(function)() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} prefix='' words='' list='' word
        COMPREPLY=()
        # --option=value comes in three words.
        if [[ $current == = ]]; then
          current=''
        elif [[ $previous == = ]]; then
          previous=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
          if [[ $word == -- ]]; then \(function)_files '' "$current"; return; fi
        done
        case $previous in
      \(cases)    *)
            if [[ $current != -?* ]]; then \(function)_files '' "$current"; return; fi
            words='\(options.flatMap(\.names).joined(separator: " "))'
            ;;
        esac
        if [[ $list && $current == *,* ]]; then
          prefix=${current%,*},
          current=${current##*,}
        fi
        if [[ $list ]]; then compopt -o nospace 2>/dev/null; fi
        local sensitive
        sensitive=$(shopt -p nocasematch)
        shopt -s nocasematch
        for word in $words; do
          if [[ $word == "$current"* ]]; then COMPREPLY+=("$prefix$word"); fi
        done
        $sensitive
      }
      complete -F \(function) \(tool)

      """
  }

  // MARK: zsh

  private var zsh: String {
    var specs = ""
    for option in options {
      let all = option.names.joined(separator: " ")
      let takesValue = if case .none = option.value { false } else { true }
      let marked = option.names.map { $0 + (takesValue ? ($0.hasPrefix("--") ? "=" : "+") : "") }
      let names = marked.count == 1 ? marked[0] : "'{\(marked.joined(separator: ","))}'"
      let before = option.isRepeating ? "*" : "(\(all))"
      let value = takesValue ? ":\(Self.escaped(option.valueName)):\(Self.action(option.value))" : ""
      specs += "  '\(before)\(names)[\(Self.escaped(option.help))]\(value)' \\\n"
    }
    return """
      #compdef \(tool)
      # Completions of \(tool)(1) for zsh.
      _arguments -s -S : \\
      \(specs)  '*:file:_files'

      """
  }

  /// Escaped for single quotes and brackets.
  private static func escaped(_ text: String) -> String {
    var result = text.replacing("\\", with: "\\\\").replacing("'", with: "'\\''")
    for character in [":", "[", "]"] { result = result.replacing(character, with: "\\\(character)") }
    return result
  }

  private static func action(_ value: Option.Value) -> String {
    switch value {
    case .none, .free: " "
    // A file for one contract follows an equals sign.
    case .file: "{compset -P \"C[A-Z2-7](#c55)=\"; _files}"
    case .freeOrFile: "{compset -P @ && _files}"
    case .one(let words): "compadd -M m\\:{a-zA-Z}={A-Za-z} - \(words.joined(separator: " "))"
    case .some(let words): "_values -s , word \(words.joined(separator: " "))"
    }
  }

  // MARK: fish

  private var fish: String {
    var lines = "# Completions of \(tool)(1) for fish.\n"
    for option in options {
      lines += "complete -c \(tool)"
      for name in option.names { lines += name.hasPrefix("--") ? " -l \(name.dropFirst(2))" : " -s \(name.dropFirst(1))" }
      switch option.value {
      case .none: break
      case .free: lines += " -x"
      case .file: lines += " -r -F"
      case .freeOrFile:
        lines +=
          " -x -a '(string match -q \"@*\" -- (commandline -ct); and string replace -r \"^\" @ -- (__fish_complete_path (string sub -s 2 -- (commandline -ct))))'"
      case .one(let words): lines += " -x -a '\(words.joined(separator: " "))'"
      case .some(let words): lines += " -x -a '(__fish_complete_list , \"printf %s\\\\\\\\n \(words.joined(separator: " "))\")'"
      }
      let help = option.help.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
      lines += " -d '\(help)'\n"
    }
    return lines
  }
}
