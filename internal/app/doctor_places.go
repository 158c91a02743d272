package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"trackbot/internal/config"
)

// checkAddresses asks the addresses that people and bots are sent to.
func (d *doctor) checkAddresses(ctx context.Context) {
	if d.cfg.DashboardURL != "" {
		d.checkAddress(ctx, "dashboard", "DASHBOARD_URL", d.cfg.DashboardURL, "Start the dashboard, or set DASHBOARD_URL to where people find it.")
	}
	if d.cfg.PublicAPIURL != "" {
		d.checkAddress(ctx, "public api", "PUBLIC_API_URL", strings.TrimSuffix(d.cfg.PublicAPIURL, "/")+"/healthz", "WebSub hubs must reach it; until they do, YouTube is polled only.")
	}
	if d.remote() && d.cfg.APIURL != "" {
		d.checkAddress(ctx, "api", "TRACKBOT_API_URL", strings.TrimSuffix(d.cfg.APIURL, "/")+"/healthz", "Start the API, or set TRACKBOT_API_URL to where it is; this bot can do nothing without it.")
	}
}

// checkAddress wants an answer that is no error of the server's, and https beyond this machine.
func (d *doctor) checkAddress(ctx context.Context, check, variable, address, fix string) {
	target, err := url.Parse(address)
	if err != nil || target.Host == "" {
		return // the configuration's fault, which has been told
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		d.fail(check, err.Error(), fix)
		return
	}
	resp, err := d.client.Do(req)
	if err != nil {
		d.fail(check, fmt.Sprintf("%s does not answer: %s", variable, unwrapped(err)), fix)
		return
	}
	_ = resp.Body.Close() // the status says it all
	local := target.Hostname() == "localhost" || strings.HasPrefix(target.Hostname(), "127.")
	switch {
	case resp.StatusCode >= http.StatusInternalServerError:
		d.fail(check, fmt.Sprintf("%s answers %d", variable, resp.StatusCode), "Look at the log of what runs there.")
	case target.Scheme == "http" && !local:
		d.warn(check, variable+" is http: cookies and tokens pass in the clear", "Put TLS in front and set the https address; browsers keep the session's cookie on https alone.")
	default:
		d.ok(check, "%s answers %d", variable, resp.StatusCode)
	}
}

// unwrapped drops the address, which the message names already.
func unwrapped(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

const (
	diskFail = 100 << 20
	diskWarn = 1 << 30
)

// checkExports writes, reads and removes a file where exports are kept, and looks at the room on a disk.
func (d *doctor) checkExports(ctx context.Context) {
	const check = "exports"
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	place, fix := "EXPORT_DIR", "Make the folder, owned by the user of the services, or set EXPORT_DIR to one. Api and workers need the same."
	if d.cfg.ExportS3Endpoint != "" {
		place, fix = "bucket "+d.cfg.ExportS3Bucket, "Does the bucket exist at EXPORT_S3_ENDPOINT, and may the key list, read, write and delete in it?"
	}
	if err := d.tryFiles(ctx); err != nil {
		d.fail(check, fmt.Sprintf("%s: %s", place, err), fix)
		return
	}
	if d.cfg.ExportS3Endpoint != "" {
		d.ok(check, "a file was written to the %s, read and removed", place)
		return
	}
	dir := cmp.Or(d.cfg.ExportDir, filepath.Join(os.TempDir(), "trackbot-exports"))
	free, known := freeBytes(dir)
	room := fmt.Sprintf("%s has %.1f GiB of room", dir, float64(free)/(1<<30))
	switch {
	case !known:
		d.ok(check, "%s can be written", dir)
	case free < diskFail:
		d.fail(check, room, "Make room; exports fail until then.")
	case free < diskWarn:
		d.warn(check, room, "Make room: an export of a million rows takes up to 200 MB and stays for a week.")
	default:
		d.ok(check, "%s", room)
	}
	if d.cfg.ExportDir == "" && d.order.Service != config.All {
		d.warn(check, "EXPORT_DIR is not set: "+dir+" may be swept by the system, and other machines do not share it", "Set EXPORT_DIR to a folder that api and workers share, or EXPORT_S3_* to a bucket.")
	}
}

// tryFiles does what an export does, with a few bytes.
func (d *doctor) tryFiles(ctx context.Context) error {
	files, err := exportFiles(ctx, d.cfg)
	if err != nil {
		return err
	}
	defer files.Close() // nothing is left open
	const name, text = "doctor/probe.txt", "written by trackbot doctor"
	file, err := files.Create(ctx, name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(file, text); err != nil {
		file.Abort()
		return err
	}
	if _, err := file.Commit(); err != nil {
		return err
	}
	read, err := files.Open(ctx, name)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(read)
	if err := errors.Join(err, read.Close(), files.Remove(ctx, name)); err != nil {
		return err
	}
	if string(got) != text {
		return errors.New("what was written does not read the same")
	}
	return nil
}
