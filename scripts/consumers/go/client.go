// Package sorobanpipes provides typed streams of Soroban contract invocations and events: from the filters of soroban-pipes, from
// soroban-serve, or, if Go itself runs as WebAssembly, from the core as a second module.
package sorobanpipes

import (
	"context"
	"time"
)

// Style is the format of values.
type Style string

const (
	Raw    Style = "raw"
	SEP51  Style = "sep51"
	Native Style = "native"
)

// Client provides streams from one source, and counters over all of them.
type Client struct {
	source       source
	metrics      *Metrics
	surroundings surroundings
}

// surroundings are the external functions of a stream; tests replace them.
type surroundings struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration)
}

func newClient(source source) *Client {
	return &Client{source: source, metrics: newMetrics(), surroundings: surroundings{now: time.Now, sleep: sleep}}
}

func sleep(ctx context.Context, delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Metrics returns the counters of the client.
func (client *Client) Metrics() *Metrics { return client.metrics }

// Invocations returns a stream of invocations:
//
//	for invocation, err := range client.Invocations(sorobanpipes.Options{}).All(ctx) {
func (client *Client) Invocations(options Options) *Stream[ContractInvocation] {
	return &Stream[ContractInvocation]{client: client, request: request{Options: options, kind: Invocations}, status: Idle}
}

// Events returns a stream of events.
func (client *Client) Events(options Options) *Stream[ContractEventRecord] {
	return &Stream[ContractEventRecord]{client: client, request: request{Options: options, kind: Events}, status: Idle}
}
