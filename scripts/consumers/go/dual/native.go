//go:build !js

package main

import (
	"context"
	"fmt"
	"os"

	"sorobanpipes"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: dual LEDGERS NETWORK")
		os.Exit(2)
	}
	client := sorobanpipes.FromLedgers(sorobanpipes.PipelineOptions{Network: os.Args[2]}, os.Args[1])
	text, err := report(context.Background(), client)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(text)
}
