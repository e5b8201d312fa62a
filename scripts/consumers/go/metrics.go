package sorobanpipes

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Metrics are the counters of a client, over all of its streams. They can be read from any goroutine.
type Metrics struct {
	mutex                             sync.Mutex
	records, duplicates               map[Kind]uint64
	bytes, attempts, reconnects, open uint64
	errors                            map[string]uint64
	lastLedger                        uint32
	lastRecord                        time.Time
}

func newMetrics() *Metrics {
	return &Metrics{records: map[Kind]uint64{}, duplicates: map[Kind]uint64{}, errors: map[string]uint64{}}
}

func (metrics *Metrics) update(change func(*Metrics)) {
	metrics.mutex.Lock()
	defer metrics.mutex.Unlock()
	change(metrics)
}

// Records is the number of records handed out.
func (metrics *Metrics) Records(kind Kind) (count uint64) {
	metrics.update(func(metrics *Metrics) { count = metrics.records[kind] })
	return
}

// Bytes is the number of bytes received, decompressed.
func (metrics *Metrics) Bytes() (count uint64) {
	metrics.update(func(metrics *Metrics) { count = metrics.bytes })
	return
}

// Reconnects is the number of attempts after the first.
func (metrics *Metrics) Reconnects() (count uint64) {
	metrics.update(func(metrics *Metrics) { count = metrics.reconnects })
	return
}

// OpenStreams is the number of streams that are being read.
func (metrics *Metrics) OpenStreams() (count uint64) {
	metrics.update(func(metrics *Metrics) { count = metrics.open })
	return
}

// Prometheus returns all counters in the text format of Prometheus. Every sample gets the labels.
func (metrics *Metrics) Prometheus(labels map[string]string) string {
	metrics.mutex.Lock()
	defer metrics.mutex.Unlock()
	var text strings.Builder
	head := func(name, kind, help string) {
		fmt.Fprintf(&text, "# HELP soroban_client_%s %s\n# TYPE soroban_client_%s %s\n", name, help, name, kind)
	}
	sample := func(name, label, value string, number any) {
		var all []string
		for _, key := range slices.Sorted(maps.Keys(labels)) {
			all = append(all, key+`="`+escaped(labels[key])+`"`)
		}
		if label != "" {
			all = append(all, label+`="`+escaped(value)+`"`)
		}
		written := ""
		if len(all) > 0 {
			written = "{" + strings.Join(all, ",") + "}"
		}
		fmt.Fprintf(&text, "soroban_client_%s%s %v\n", name, written, number)
	}
	byKind := func(name, help string, counts map[Kind]uint64) {
		head(name, "counter", help)
		for _, kind := range []Kind{Invocations, Events} {
			sample(name, "kind", string(kind), counts[kind])
		}
	}
	single := func(name, kind, help string, number any) {
		head(name, kind, help)
		sample(name, "", "", number)
	}
	byKind("records_total", "Records handed out.", metrics.records)
	byKind("duplicates_total", "Records dropped because they had been handed out.", metrics.duplicates)
	single("received_bytes_total", "counter", "Bytes received, decompressed.", metrics.bytes)
	single("attempts_total", "counter", "Streams that were begun, reconnections among them.", metrics.attempts)
	single("reconnects_total", "counter", "Streams that were begun again.", metrics.reconnects)
	if len(metrics.errors) > 0 {
		head("errors_total", "counter", "Errors, those that were tried again among them.")
		for _, class := range slices.Sorted(maps.Keys(metrics.errors)) {
			sample("errors_total", "class", class, metrics.errors[class])
		}
	}
	single("open_streams", "gauge", "Streams that are open.", metrics.open)
	if !metrics.lastRecord.IsZero() {
		single("last_ledger", "gauge", "Ledger of the last record that was handed out.", metrics.lastLedger)
		seconds := fmt.Sprintf("%.3f", float64(metrics.lastRecord.UnixMilli())/1000)
		single("last_record_timestamp_seconds", "gauge", "When the last record was handed out.", seconds)
	}
	return text.String()
}

func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text)
}
