package main

import (
	"bytes"
	"fmt"
	"slices"
	"time"
)

// tally counts what has arrived.
type tally struct {
	clients int
	opened  int
	waiting map[int]struct{} // not open yet
	partial map[int][]byte   // of a client, up to the end of its last event
	arrived map[string][]int64
}

func newTally(clients int) tally {
	return tally{clients: clients, partial: map[int][]byte{}, waiting: map[int]struct{}{}, arrived: map[string][]int64{}}
}

const idLength = 36

var (
	postMark   = []byte("\nevent: post\n")
	statusMark = []byte("\nevent: status\n")
	answer     = []byte("HTTP/1.1 ")
	okAnswer   = []byte("HTTP/1.1 200 ")
	eventEnd   = []byte("\n\n")
)

// take takes what one client has read.
func (t *tally) take(client int, data []byte) error {
	if bytes.HasPrefix(data, answer) {
		if !bytes.HasPrefix(data, okAnswer) {
			return fmt.Errorf("open stream: %.200s", data)
		}
		t.waiting[client] = struct{}{}
	}
	if before, ok := t.partial[client]; ok {
		data = append(before, data...)
		delete(t.partial, client)
	}
	if !bytes.HasSuffix(data, eventEnd) {
		t.partial[client] = slices.Clone(data)
		return nil
	}
	if _, ok := t.waiting[client]; ok && bytes.Contains(data, statusMark) {
		delete(t.waiting, client)
		t.opened++
	}
	for {
		at := bytes.Index(data, postMark)
		if at < idLength {
			return nil
		}
		t.arrive(string(data[at-idLength : at]))
		data = data[at+len(postMark):]
	}
}

// arrive counts an event at one more client and tells when it has reached all.
func (t *tally) arrive(id string) {
	times := append(t.arrived[id], time.Now().UnixNano())
	if len(times) < t.clients {
		t.arrived[id] = times
		return
	}
	delete(t.arrived, id)
	say(Report{ID: id, P50: times[len(times)/2], P99: times[len(times)*99/100], Last: times[len(times)-1], CPU: cpu()})
}
