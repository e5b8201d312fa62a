// Package sorobanpipes gives typed streams of Soroban contract invocations and events: from the filters of soroban-pipes, from soroban-serve,
// or, where Go itself runs as WebAssembly, from the core as a module beside it.
package sorobanpipes

import (
	"context"
	"time"
)

// Style is how values are written.
type Style string

const (
	Raw    Style = "raw"
	SEP51  Style = "sep51"
	Native Style = "native"
)

// Client gives streams from one source, and counts over all of them.
type Client struct {
	source       source
	metrics      *Metrics
	surroundings surroundings
}

// surroundings is what a stream takes from outside; tests replace it.
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

// Metrics are the counters of the client.
func (client *Client) Metrics() *Metrics { return client.metrics }

// Invocations is a stream of invocations:
//
//	for invocation, err := range client.Invocations(sorobanpipes.Options{}).All(ctx) {
func (client *Client) Invocations(options Options) *Stream[ContractInvocation] {
	return &Stream[ContractInvocation]{client: client, request: request{Options: options, kind: Invocations}, status: Idle}
}

// Events is a stream of events.
func (client *Client) Events(options Options) *Stream[ContractEventRecord] {
	return &Stream[ContractEventRecord]{client: client, request: request{Options: options, kind: Events}, status: Idle}
}
