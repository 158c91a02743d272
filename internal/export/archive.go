package export

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// archiveVersion tells programs how to read an archive.
const archiveVersion = "trackbot archive 1"

// noLimit is the rows of an archive: what somebody may take of their own does not depend on what they pay.
const noLimit = math.MaxInt64

// Few rows at once, since each post has up to some hundred measurements and each account one a day.
const (
	archivePosts    = 200
	archiveAccounts = 20
)

// archived is one file of the archive: rows as they are stored, one JSON object a line.
type archived struct {
	name string
	each func(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error
}

// rowSource is the snapshot that an archive is read from.
type rowSource struct {
	tx       store.Conn
	q        *db.Queries
	clientID uuid.UUID
}

type listing func(*db.Queries, context.Context, db.DBTX, uuid.UUID) ([]json.RawMessage, error)

// whole is a file of rows that are few.
func whole(name string, list listing) archived {
	return archived{name, func(ctx context.Context, src rowSource, emit func(json.RawMessage) error) error {
		rows, err := list(src.q, ctx, src.tx, src.clientID)
		if err != nil {
			return fmt.Errorf("list %s: %w", name, err)
		}
		return all(rows, emit)
	}}
}

func all(rows []json.RawMessage, emit func(json.RawMessage) error) error {
	for _, row := range rows {
		if err := emit(row); err != nil {
			return err
		}
	}
	return nil
}

// archivedFiles are the files of an archive, in their order there.
func archivedFiles() []archived {
	return []archived{
		whole("guild", (*db.Queries).ArchiveGuild), whole("settings", (*db.Queries).ArchiveSettings), whole("plan", (*db.Queries).ArchivePlan), whole("plan_grants", (*db.Queries).ArchiveGrants),
		whole("channels", (*db.Queries).ArchiveChannels), whole("roles", (*db.Queries).ArchiveRoles),
		whole("brands", (*db.Queries).ArchiveBrands), whole("groups", (*db.Queries).ArchiveGroups),
		{"accounts", eachArchivedAccount},
		{"followers", eachArchivedFollowers},
		whole("routes", (*db.Queries).ArchiveRoutes),
		{"posts", eachArchivedPost},
		{"post_metrics", eachArchivedMetrics},
		{"deliveries", eachArchivedDelivery},
		whole("usage", (*db.Queries).ArchiveUsage), whole("shares", (*db.Queries).ArchiveShares),
		whole("api_keys", (*db.Queries).ArchiveKeys), whole("exports", (*db.Queries).ArchiveExports),
		{"audit_log", eachArchivedEntry},
	}
}

// manifest tells what is in an archive.
type manifest struct {
	Format  string         `json:"format"`
	Client  uuid.UUID      `json:"clientId"`
	MadeAt  time.Time      `json:"madeAt"`
	Content []manifestFile `json:"files"`
}

type manifestFile struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// writeArchive writes the archive of a tenant as a snapshot shows it; counted is told of each row.
func writeArchive(ctx context.Context, src rowSource, w io.Writer, counted func()) error {
	packed := zip.NewWriter(w)
	about := manifest{Format: archiveVersion, Client: src.clientID, MadeAt: time.Now().UTC().Truncate(time.Millisecond)}
	for _, file := range archivedFiles() {
		name := file.name + ".jsonl"
		rows, err := writeLines(ctx, src, packed, name, about.MadeAt, file, counted)
		if err != nil {
			return err
		}
		about.Content = append(about.Content, manifestFile{name, rows})
	}
	entry, err := packed.CreateHeader(header("manifest.json", about.MadeAt))
	if err != nil {
		return fmt.Errorf("begin manifest: %w", err)
	}
	text := json.NewEncoder(entry)
	text.SetIndent("", "  ")
	if err := text.Encode(about); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := packed.Close(); err != nil {
		return fmt.Errorf("end archive: %w", err)
	}
	return nil
}

// WriteArchive writes the archive of a tenant, read in one snapshot from a store of store.RoleExport.
func WriteArchive(ctx context.Context, reading *store.Store, clientID uuid.UUID, w io.Writer) error {
	return reading.TenantSnapshot(ctx, clientID, func(tx store.Conn) error {
		return writeArchive(ctx, rowSource{tx: tx, q: db.New(), clientID: clientID}, w, func() {})
	})
}

func header(name string, at time.Time) *zip.FileHeader {
	return &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at}
}

func writeLines(ctx context.Context, src rowSource, packed *zip.Writer, name string, at time.Time, file archived, counted func()) (rows int64, err error) {
	entry, err := packed.CreateHeader(header(name, at))
	if err != nil {
		return 0, fmt.Errorf("begin %s: %w", name, err)
	}
	lines := bufio.NewWriterSize(entry, 1<<16)
	err = file.each(ctx, src, func(row json.RawMessage) error {
		rows++
		counted()
		if _, err := lines.Write(row); err != nil {
			return err
		}
		return lines.WriteByte('\n')
	})
	if err != nil {
		return rows, err
	}
	if err := lines.Flush(); err != nil {
		return rows, fmt.Errorf("write %s: %w", name, err)
	}
	return rows, nil
}
