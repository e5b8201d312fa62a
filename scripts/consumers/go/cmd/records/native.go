//go:build !js

package main

import (
	"fmt"
	"os"

	"sorobanpipes"
)

func clientOf(given settings) (*sorobanpipes.Client, error) {
	switch given.source {
	case "pipeline":
		return sorobanpipes.FromLedgers(sorobanpipes.PipelineOptions{Network: given.network}, given.at), nil
	case "stdin":
		return sorobanpipes.FromInput(os.Stdin), nil
	case "service", "sse":
		return sorobanpipes.FromService(given.at, sorobanpipes.ServiceOptions{EventStream: given.source == "sse"}), nil
	}
	fmt.Fprintf(os.Stderr, "there is no source %s\n", given.source)
	os.Exit(skipped)
	return nil, nil
}
