import CommandLineTools
import InvocationExtractTool

invocationExtract.main()
