// Formats Go source on standard input like gofmt, which not every Go distribution has. With file names, lists unformatted ones.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"io"
	"os"
)

func main() {
	isWrong := false
	for _, name := range os.Args[1:] {
		source, err := os.ReadFile(name)
		if err == nil {
			var formatted []byte
			if formatted, err = format.Source(source); err == nil && !bytes.Equal(source, formatted) {
				isWrong = true
				fmt.Println(name)
				if os.Getenv("FORMAT_WRITE") != "" {
					err = os.WriteFile(name, formatted, 0o644)
				}
			}
		}
		fail(err)
	}
	if len(os.Args) == 1 {
		source, err := io.ReadAll(os.Stdin)
		fail(err)
		formatted, err := format.Source(source)
		fail(err)
		_, err = os.Stdout.Write(formatted)
		fail(err)
	}
	if isWrong {
		os.Exit(1)
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
}
