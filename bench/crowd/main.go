// Command crowd is many clients of a live stream: it opens streams and tells on its standard output, a line of JSON
// each, that all are open and when each event has reached them. It is a process of its own, so that what reading costs
// is not counted as the server's, and reads from one thread by epoll, so that it costs little beside it.
//
//	crowd -addr 127.0.0.1:8080 -path /api/v1/guilds/1/status/stream -clients 10000
//
// Client n bears the token "viewer-n". The process ends when its standard input does.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"os"
	"syscall"
	"time"
)

// Report is a line of output. Times are nanoseconds since 1970.
type Report struct {
	// Opened is the number of streams once each has had its first status; then ID is empty.
	Opened int           `json:"opened,omitempty"`
	Took   time.Duration `json:"took,omitempty"`
	// ID is that of an event that has reached all clients, with the times of the first, the middle, the
	// hundredth from last and the last arrival.
	ID   string `json:"id,omitempty"`
	P50  int64  `json:"p50,omitempty"`
	P99  int64  `json:"p99,omitempty"`
	Last int64  `json:"last,omitempty"`
	// CPU is what this process has used of the processors.
	CPU time.Duration `json:"cpu"`
}

func main() {
	addr := flag.String("addr", "", "address of the server")
	path := flag.String("path", "", "path of the stream")
	clients := flag.Int("clients", 100, "how many streams")
	flag.Parse()
	server, err := netip.ParseAddrPort(*addr)
	if err == nil {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
		err = run(server, *path, *clients)
	}
	fmt.Fprintln(os.Stderr, "crowd:", err)
	os.Exit(1)
}

// atOnce is how many streams may be on their way to being open.
const atOnce = 100

func run(server netip.AddrPort, path string, clients int) error {
	c, err := newCrowd(clients)
	if err != nil {
		return err
	}
	began := time.Now()
	for n := range clients {
		request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer viewer-%d\r\nAccept: text/event-stream\r\n\r\n", path, server, n)
		if err := c.open(server, request); err != nil {
			return err
		}
		for n-c.tally.opened >= atOnce {
			if err := c.readReady(); err != nil {
				return err
			}
		}
	}
	for c.tally.opened < clients {
		if err := c.readReady(); err != nil {
			return err
		}
	}
	say(Report{Opened: clients, Took: time.Since(began), CPU: cpu()})
	for {
		if err := c.readReady(); err != nil {
			return err
		}
	}
}

func say(r Report) { _ = json.NewEncoder(os.Stdout).Encode(r) }

func cpu() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
