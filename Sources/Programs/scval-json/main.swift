import CommandLineTools
import ScvalJSONTool

scvalJSON.main()
