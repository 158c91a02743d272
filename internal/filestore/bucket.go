package filestore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// BucketConfig names a bucket of a store with Amazon's S3 API, which must exist.
type BucketConfig struct {
	Endpoint        string // host[:port]
	Insecure        bool   // http instead of https
	Region          string
	Bucket          string
	AccessKeyID     string
	SecretAccessKey string
}

// Bucket keeps files as objects of a bucket.
type Bucket struct {
	client *minio.Client
	bucket string
}

// partSize is what an upload holds in memory (S3 API: parts are at least 5 MiB, at most 10,000).
const partSize = 8 << 20

// NewBucket returns the files of a bucket and fails when it cannot be reached.
func NewBucket(ctx context.Context, cfg BucketConfig) (*Bucket, error) {
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.AccessKeyID, cfg.SecretAccessKey, ""), Secure: !cfg.Insecure, Region: cfg.Region,
	})
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", err)
	}
	found, err := client.BucketExists(ctx, cfg.Bucket)
	if err != nil {
		return nil, fmt.Errorf("reach bucket: %w", err)
	}
	if !found {
		return nil, fmt.Errorf("open bucket: there is no bucket %q", cfg.Bucket)
	}
	return &Bucket{client: client, bucket: cfg.Bucket}, nil
}

// Close does nothing: connections end when they idle.
func (b *Bucket) Close() error { return nil }

// object is an upload under way. The store shows it when it is complete (S3 API: CompleteMultipartUpload).
type object struct {
	pipe *io.PipeWriter
	done chan uploaded
}

type uploaded struct {
	size int64
	err  error
}

var errAborted = errors.New("upload given up")

// Create begins an object.
func (b *Bucket) Create(ctx context.Context, name string) (File, error) {
	read, write := io.Pipe()
	o := &object{pipe: write, done: make(chan uploaded, 1)}
	go func() {
		// Content-MD5 guards each part at every store of this API, with TLS or without.
		info, err := b.client.PutObject(ctx, b.bucket, name, read, -1, minio.PutObjectOptions{PartSize: partSize, SendContentMd5: true, DisableContentSha256: true})
		_ = read.CloseWithError(errors.Join(errAborted, err)) // whoever still writes must not wait
		o.done <- uploaded{info.Size, err}
	}()
	return o, nil
}

// Write appends to the object.
func (o *object) Write(p []byte) (int, error) { return o.pipe.Write(p) }

// Commit waits for the upload's end.
func (o *object) Commit() (int64, error) {
	_ = o.pipe.Close() // of a pipe, always nil
	end := <-o.done
	return end.size, end.err
}

// Abort drops what was uploaded.
func (o *object) Abort() {
	_ = o.pipe.CloseWithError(errAborted)
	<-o.done
}

// Open reads an object.
func (b *Bucket) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	o, err := b.client.GetObject(ctx, b.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := o.Stat(); err != nil {
		_ = o.Close() // nothing was read
		if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
			return nil, fs.ErrNotExist
		}
		return nil, err
	}
	return o, nil
}

// Remove takes an object away; none is no error.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	return b.client.RemoveObject(ctx, b.bucket, name, minio.RemoveObjectOptions{})
}

// Each calls fn with every object. Uploads that never ended are the bucket's own lifecycle rule's business.
func (b *Bucket) Each(ctx context.Context, fn func(name string, written time.Time) error) error {
	ctx, cancel := context.WithCancel(ctx) // ends the listing when fn does
	defer cancel()
	for o := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		if err := fn(o.Key, o.LastModified); err != nil {
			return err
		}
	}
	return nil
}
