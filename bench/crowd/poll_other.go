//go:build !linux

package main

import (
	"fmt"
	"net"
	"net/netip"
)

// crowd is the connections, where there is no epoll: a goroutine reads each.
type crowd struct {
	tally tally
	next  int
	came  chan piece
}

type piece struct {
	from int
	data []byte
	err  error
}

func newCrowd(clients int) (*crowd, error) {
	return &crowd{tally: newTally(clients), came: make(chan piece, 512)}, nil
}

// open connects to the server and sends the request.
func (c *crowd) open(server netip.AddrPort, request string) error {
	conn, err := net.Dial("tcp", server.String())
	if err != nil {
		return err
	}
	if _, err := conn.Write([]byte(request)); err != nil {
		return fmt.Errorf("send request: %w", err)
	}
	c.next++
	go func(from int) {
		for {
			data := make([]byte, 1<<13)
			n, err := conn.Read(data)
			c.came <- piece{from, data[:n], err}
			if err != nil {
				return
			}
		}
	}(c.next)
	return nil
}

// readReady waits until a connection has something and takes it.
func (c *crowd) readReady() error {
	p := <-c.came
	if p.err != nil {
		return fmt.Errorf("read stream: %w", p.err)
	}
	return c.tally.take(p.from, p.data)
}
