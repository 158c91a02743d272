package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// noDashboard is the address that starts the demo without a dashboard.
const noDashboard = "off"

// demoDashboard is the dashboard of the demo: a server of Node.js in a process of its own.
type demoDashboard struct {
	folder, node string
	addr         string
	env          []string // beside the demo's own
	out          io.Writer
}

// findDashboard finds Node.js and the dashboard's sources. It fails when either is missing, and returns nil when none
// is wanted.
func findDashboard(cfg DemoConfig, out io.Writer) (*demoDashboard, error) {
	if cfg.DashboardAddr == noDashboard {
		return nil, nil
	}
	folder, err := dashboardFolder()
	if err != nil {
		return nil, err
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("the dashboard needs Node.js 20.19 or newer, and there is no `node` in PATH: " +
			"install it from https://nodejs.org, or start without the dashboard: --dashboard=off")
	}
	return &demoDashboard{folder: folder, node: node, addr: cfg.DashboardAddr, out: out}, nil
}

// configure makes the environment of the dashboard's server.
func (d *demoDashboard) configure(cfg DemoConfig, simBase, inviteURL string) {
	host, port, _ := strings.Cut(d.addr, ":")
	key := make([]byte, 32)
	rand.Read(key) // never fails (crypto/rand)
	d.env = []string{
		"HOSTNAME=" + host, "PORT=" + port, "NODE_ENV=production", "NEXT_TELEMETRY_DISABLED=1",
		"DASHBOARD_URL=" + cfg.dashboardURL(), "API_URL=http://" + cfg.APIAddr, "API_PUBLIC_URL=",
		"SESSION_KEYS=" + base64.StdEncoding.EncodeToString(key), "SESSION_KEYS_FILE=",
		"IMAGE_ORIGINS=" + simBase, "BOT_INVITE_URL=" + inviteURL,
	}
}

// dashboardFolder is the folder of the dashboard's sources: in the working directory or above it, or beside the program.
func dashboardFolder() (string, error) {
	var starts []string
	if dir, err := os.Getwd(); err == nil {
		starts = append(starts, dir)
	}
	if program, err := os.Executable(); err == nil {
		starts = append(starts, filepath.Dir(program))
	}
	for _, dir := range starts {
		for {
			folder := filepath.Join(dir, "dashboard")
			if _, err := os.Stat(filepath.Join(folder, "scripts", "prepare.mjs")); err == nil {
				return folder, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
			dir = filepath.Dir(dir)
		}
	}
	return "", errors.New("the dashboard's sources are not here: start the demo in the repository, or without the dashboard: --dashboard=off")
}

// run makes the dashboard ready, serves it until ctx ends, and tells when it answers.
func (d *demoDashboard) run(ctx context.Context, ready func()) error {
	prepare := exec.CommandContext(ctx, d.node, "scripts/prepare.mjs", "--build")
	said := &lastWords{}
	prepare.Stdout, prepare.Stderr = d.out, said
	if err := d.child(ctx, prepare); err != nil || ctx.Err() != nil {
		return d.ended(ctx, "prepare the dashboard", err, said)
	}
	server := exec.CommandContext(ctx, d.node, filepath.Join(".next", "standalone", "server.js"))
	server.Env = append(os.Environ(), d.env...)
	said = &lastWords{}
	server.Stderr = said
	answering, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		if d.answers(answering) {
			ready()
		}
	}()
	err := d.child(ctx, server)
	if err == nil {
		err = errors.New("it ended by itself")
	}
	return d.ended(ctx, "serve the dashboard", err, said)
}

// dashboardGrace is how long the dashboard may take to end; streams to browsers may keep it open.
const dashboardGrace = 3 * time.Second

// child runs cmd to its end. It ends with ctx, and with the demo.
func (d *demoDashboard) child(ctx context.Context, cmd *exec.Cmd) error {
	cmd.Dir, cmd.WaitDelay = d.folder, dashboardGrace
	ownGroup(cmd)
	over := make(chan error, 1)
	go func() { over <- runTied(cmd) }()
	err := <-over
	if ctx.Err() != nil {
		endGroup(cmd)
	}
	return err
}

func (d *demoDashboard) ended(ctx context.Context, doing string, err error, said *lastWords) error {
	if err == nil || ctx.Err() != nil {
		return nil
	}
	return fmt.Errorf("%s: %w\n%s", doing, err, said)
}

// answers waits until the dashboard serves its login page; false when ctx ends first.
func (d *demoDashboard) answers(ctx context.Context) bool {
	client := &http.Client{Timeout: 5 * time.Second}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+d.addr+"/login", nil)
		if err != nil {
			return false
		}
		if resp, err := client.Do(req); err == nil {
			_ = resp.Body.Close() // nothing of it is read
			if resp.StatusCode < http.StatusInternalServerError {
				return true
			}
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}

// lastWords keeps the end of what a process writes.
type lastWords struct{ buf bytes.Buffer }

const lastWordsSize = 8 << 10

// Write is called by one goroutine of os/exec.
func (w *lastWords) Write(p []byte) (int, error) {
	w.buf.Write(p)
	if extra := w.buf.Len() - lastWordsSize; extra > 0 {
		w.buf.Next(extra)
	}
	return len(p), nil
}

func (w *lastWords) String() string { return strings.TrimSpace(w.buf.String()) }
