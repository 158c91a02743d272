package filestore_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"trackbot/internal/filestore"
)

// places opens each kind of store, empty.
func places(t *testing.T) map[string]filestore.Files {
	t.Helper()
	disk, err := filestore.NewDisk(filepath.Join(t.TempDir(), "new", "folder"))
	if err != nil {
		t.Fatal(err)
	}
	bucket, err := filestore.NewBucket(t.Context(), newS3(t))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]filestore.Files{"disk": disk, "bucket": bucket}
	for _, f := range files {
		t.Cleanup(func() { _ = f.Close() })
	}
	return files
}

// newS3 serves an S3 API with one bucket.
func newS3(t *testing.T) filestore.BucketConfig {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("exports"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	t.Cleanup(server.Close)
	return filestore.BucketConfig{
		Endpoint: strings.TrimPrefix(server.URL, "http://"), Insecure: true, Region: "eu-central-1", Bucket: "exports",
		AccessKeyID: "id", SecretAccessKey: "secret",
	}
}

func put(t *testing.T, files filestore.Files, name string, body []byte) {
	t.Helper()
	file, err := files.Create(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	for piece := range slices.Chunk(body, 1<<20) {
		if _, err := file.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if size, err := file.Commit(); err != nil || size != int64(len(body)) {
		t.Fatalf("size %d, error %v, want %d", size, err, len(body))
	}
}

func names(t *testing.T, files filestore.Files) (out []string) {
	t.Helper()
	err := files.Each(t.Context(), func(name string, written time.Time) error {
		if age := time.Since(written); age < -time.Minute || age > time.Hour {
			t.Errorf("%s was written %v ago", name, age)
		}
		out = append(out, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestFileIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("0123456789abcde\n"), 20<<16) // 20 MiB: several parts of an upload
	for place, files := range places(t) {
		t.Run(place, func(t *testing.T) {
			put(t, files, "a/b.csv", body)
			put(t, files, "a/short.csv", []byte("x"))
			file, err := files.Open(t.Context(), "a/b.csv")
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			got, err := io.ReadAll(file)
			if err != nil || !bytes.Equal(got, body) {
				t.Fatalf("%d bytes, error %v", len(got), err)
			}
			if at, err := file.Seek(-16, io.SeekEnd); err != nil || at != int64(len(body)-16) {
				t.Fatalf("at %d, error %v", at, err)
			}
			if tail, err := io.ReadAll(file); err != nil || string(tail) != "0123456789abcde\n" {
				t.Errorf("tail %q, error %v", tail, err)
			}
			if got := names(t, files); !slices.Equal(got, []string{"a/b.csv", "a/short.csv"}) {
				t.Errorf("files %v", got)
			}
		})
	}
}

func TestFileIsNotThereBeforeItIsComplete(t *testing.T) {
	t.Parallel()
	for place, files := range places(t) {
		t.Run(place, func(t *testing.T) {
			file, err := files.Create(t.Context(), "a/half.csv")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := file.Write([]byte("half")); err != nil {
				t.Fatal(err)
			}
			if _, err := files.Open(t.Context(), "a/half.csv"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("open: %v", err)
			}
			file.Abort()
			if _, err := files.Open(t.Context(), "a/half.csv"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("open after it was given up: %v", err)
			}
			if got := names(t, files); len(got) != 0 {
				t.Errorf("files %v are left", got)
			}
		})
	}
}

func TestRemoveTakesAFileOnce(t *testing.T) {
	t.Parallel()
	for place, files := range places(t) {
		t.Run(place, func(t *testing.T) {
			put(t, files, "a/b.csv", []byte("x"))
			for range 2 {
				if err := files.Remove(t.Context(), "a/b.csv"); err != nil {
					t.Error(err)
				}
			}
			if _, err := files.Open(t.Context(), "a/b.csv"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("open: %v", err)
			}
		})
	}
}

func TestListingEndsWithTheErrorOfItsReader(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	for place, files := range places(t) {
		t.Run(place, func(t *testing.T) {
			put(t, files, "a/1", []byte("x"))
			put(t, files, "a/2", []byte("x"))
			if err := files.Each(t.Context(), func(string, time.Time) error { return enough }); !errors.Is(err, enough) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestNamesDoNotLeadOutOfTheFolder(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(outside, "exports")
	files, err := filestore.NewDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if err := os.Symlink(filepath.Join(outside, "secret"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../secret", "a/../../secret", filepath.Join(outside, "secret"), "link"} {
		if file, err := files.Open(t.Context(), name); err == nil {
			_ = file.Close()
			t.Errorf("%s opens", name)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v, error %v", info.Mode(), err)
	}
}

func TestBucketThatIsNotThereIsToldAtStart(t *testing.T) {
	t.Parallel()
	cfg := newS3(t)
	cfg.Bucket = "missing"
	if _, err := filestore.NewBucket(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), `"missing"`) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := filestore.NewBucket(ctx, newS3(t)); err == nil {
		t.Error("a store that cannot be reached is no error")
	}
}
