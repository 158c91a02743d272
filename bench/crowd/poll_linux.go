package main

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// crowd is the sockets, read in turn as they have something.
type crowd struct {
	epoll  int
	tally  tally
	buf    []byte
	events []syscall.EpollEvent
}

func newCrowd(clients int) (*crowd, error) {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make epoll: %w", err)
	}
	return &crowd{epoll: epoll, tally: newTally(clients), buf: make([]byte, 1<<16), events: make([]syscall.EpollEvent, 512)}, nil
}

// open connects to the server and sends the request.
func (c *crowd) open(server netip.AddrPort, request string) error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("make socket: %w", err)
	}
	if err := syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(server.Port()), Addr: server.Addr().As4()}); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if _, err := syscall.Write(fd, []byte(request)); err != nil {
		return fmt.Errorf("send request: %w", err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		return fmt.Errorf("set socket: %w", err)
	}
	if err := syscall.EpollCtl(c.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}); err != nil {
		return fmt.Errorf("watch socket: %w", err)
	}
	return nil
}

// readReady waits until sockets have something and reads it.
func (c *crowd) readReady() error {
	n, err := syscall.EpollWait(c.epoll, c.events, -1)
	if errors.Is(err, syscall.EINTR) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("wait for sockets: %w", err)
	}
	for _, e := range c.events[:n] {
		got, err := syscall.Read(int(e.Fd), c.buf)
		switch {
		case errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR):
		case err != nil:
			return fmt.Errorf("read stream: %w", err)
		case got == 0:
			return errors.New("read stream: the server has ended it")
		default:
			if err := c.tally.take(int(e.Fd), c.buf[:got]); err != nil {
				return err
			}
		}
	}
	return nil
}
