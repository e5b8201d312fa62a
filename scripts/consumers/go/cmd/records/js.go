//go:build js && wasm

package main

import (
	"fmt"
	"io"
	"os"

	"sorobanpipes"
)

// In Node; the module and Go have separate memories.
func clientOf(given settings) (*sorobanpipes.Client, error) {
	switch given.source {
	case "wasm":
		code, err := os.ReadFile(given.module)
		if err != nil {
			return nil, err
		}
		module, err := sorobanpipes.NewModule(code)
		if err != nil {
			return nil, err
		}
		open := func() (io.Reader, error) { return os.Open(given.at) }
		return sorobanpipes.FromModule(module, sorobanpipes.ModuleOptions{Network: given.network}, open), nil
	case "sse":
		return sorobanpipes.FromService(given.at, sorobanpipes.ServiceOptions{EventStream: true}), nil
	}
	fmt.Fprintf(os.Stderr, "there is no source %s\n", given.source)
	os.Exit(skipped)
	return nil, nil
}
