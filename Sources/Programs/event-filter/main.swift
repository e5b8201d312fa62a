import CommandLineTools
import EventFilterTool

eventFilter.main()
