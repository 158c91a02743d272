package bench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/export"
	"trackbot/internal/filestore"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	// exportRowsVar sets another number of rows; above exportRows it is a CSV file alone.
	exportRowsVar = "BENCH_EXPORT_ROWS"
	exportRows    = 100_000
	// delivered is how many of the newest posts have deliveries.
	delivered = 100_000
)

// BenchmarkExport makes files of posts with the memory that this takes beside the rows a second: what the process
// held at most while it made one, beyond what it held before. The database is another process.
func BenchmarkExport(b *testing.B) {
	rows := exportRows
	if more := os.Getenv(exportRowsVar); more != "" {
		var err error
		if rows, err = strconv.Atoi(more); err != nil {
			b.Fatal(err)
		}
	}
	d := newDatabase(b)
	client := d.tenant(b, "200000000000000001", 1000)
	d.fill(b, client, rows)
	d.deliver(b, client)
	d.analyze(b)
	x := newExporting(b, d)
	csv := x.run(b, client, export.CSV, rows)
	if rows > exportRows {
		return
	}
	x.run(b, client, export.JSONL, rows)
	row(b, "export as XLSX / as CSV", x.run(b, client, export.XLSX, rows), csv, "<= 4x")
}

// deliver gives the newest of the tenant's posts their deliveries; what was there before the tracking began has none.
func (d database) deliver(b *testing.B, client uuid.UUID) {
	b.Helper()
	d.exec(b, `INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at, delivered_at, message_id)
		SELECT client_id, gen_random_uuid(), 'post', id, '300000000000000001', 'sent', now(), now(), '1' FROM posts WHERE client_id = $1
		ORDER BY published_at DESC LIMIT $2`, client, delivered)
}

// exporting orders exports and makes them.
type exporting struct {
	svc    *export.Exports
	runner *export.Runner
}

func newExporting(b *testing.B, d database) exporting {
	b.Helper()
	files, err := filestore.NewDisk(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = files.Close() })
	return exporting{
		svc: export.New(d.open(b, store.RoleAPI), files),
		runner: export.NewRunner(d.open(b, store.RoleWorker), d.open(b, store.RoleExport), files, slog.New(slog.DiscardHandler),
			export.RunnerConfig{Idle: time.Millisecond}),
	}
}

// run makes one export, prints what it took, and returns the time.
func (x exporting) run(b *testing.B, client uuid.UUID, format export.Format, rows int) time.Duration {
	b.Helper()
	by := audit.By{Actor: audit.Actor{ID: "100000000000000001", Type: audit.User, Name: "Mara"}, Source: audit.FromDashboard}
	order := export.Order{Kind: export.Posts, Format: format, Filters: json.RawMessage("{}")}
	made, err := x.svc.Request(b.Context(), by, client, order)
	if err != nil {
		b.Fatal(err)
	}
	peak := watchMemory()
	began := time.Now()
	x.finish(b, &made)
	took, grown := time.Since(began), peak()
	if made.State != "done" || made.Rows != int64(rows) {
		b.Fatalf("the export is %s with %d rows, want %d", made.State, made.Rows, rows)
	}
	fmt.Printf("export of %9d rows, %-5s %9s  %7.0f rows/s  %4d MB file  %3d MB memory  (aim < 64 MB)\n", rows, format,
		took.Round(time.Millisecond), float64(rows)/took.Seconds(), made.Bytes>>20, grown>>20)
	return took
}

func (x exporting) finish(b *testing.B, e *db.Export) {
	b.Helper()
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = x.runner.Run(ctx) }()
	defer func() { stop(); <-ended }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for e.State == "queued" || e.State == "running" {
		<-tick.C
		var err error
		if *e, err = x.svc.Get(b.Context(), e.ClientID, e.ID); err != nil {
			b.Fatal(err)
		}
	}
}

// watchMemory begins to watch what the process holds; the function it returns ends that and tells by how many
// bytes it has grown at most.
func watchMemory() (peak func() uint64) {
	debug.FreeOSMemory()
	base := held()
	var most atomic.Uint64
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			most.Store(max(most.Load(), held()))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-ended
		return most.Load() - min(base, most.Load())
	}
}

// held is the memory that the Go runtime has from the system: the heap with its garbage and unused parts, stacks, and
// what the runtime needs itself.
func held() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64() - s[1].Value.Uint64()
}
