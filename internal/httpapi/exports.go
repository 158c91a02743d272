package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/export"
	"trackbot/internal/fault"
	"trackbot/internal/store/db"
)

func toExport(e db.Export) (api.Export, error) {
	out := api.Export{
		ID: e.ID, Kind: api.ExportKind(e.Kind), Format: api.ExportFormat(e.Format), State: api.ExportState(e.State), Rows: e.Rows,
		CreatedAt: api.At(e.CreatedAt), ExpiresAt: api.AtOrNull(e.ExpiresAt), Error: api.OrNull(e.Error), Bytes: nullable.NewNullNullable[int64](),
	}
	if e.State == "done" {
		out.Bytes = nullable.NewNullableWithValue(e.Bytes)
	}
	if err := json.Unmarshal(e.Filters, &out.Filters); err != nil {
		return out, fmt.Errorf("read export filters: %w", err)
	}
	return out, nil
}

// ListExports lists exports, newest first.
func (s *Server) ListExports(ctx context.Context, req api.ListExportsRequestObject) (api.ListExportsResponseObject, error) {
	before, err := behind[uuid.UUID](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	limit := limitOf(req.Params.Limit)
	rows, err := s.exports.List(ctx, TenantFrom(ctx).ClientID, before, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(e db.Export) any { return e.ID })
	items := make([]api.Export, len(rows))
	for i, row := range rows {
		if items[i], err = toExport(row); err != nil {
			return nil, err
		}
	}
	return api.ListExports200JSONResponse{Items: items, NextCursor: next}, nil
}

// CreateExport orders an export.
func (s *Server) CreateExport(ctx context.Context, req api.CreateExportRequestObject) (api.CreateExportResponseObject, error) {
	order := export.Order{Kind: export.Kind(req.Body.Kind), Format: export.Format(req.Body.Format), Filters: json.RawMessage("{}")}
	if req.Params.IdempotencyKey != nil {
		order.Key = *req.Params.IdempotencyKey
	}
	tenant := TenantFrom(ctx)
	if f := req.Body.Filters; f != nil {
		var err error
		if order.From, order.To, err = period(f.From, f.To, tenant.zone()); err != nil {
			return nil, fault.Invalid(fault.Field{Name: "filters.to", Message: "must lie after filters.from"})
		}
		if order.Filters, err = json.Marshal(f); err != nil {
			return nil, fmt.Errorf("write export filters: %w", err)
		}
	}
	made, err := s.exports.Request(ctx, by(ctx), tenant.ClientID, order)
	if err != nil {
		return nil, err
	}
	out, err := toExport(made)
	return api.CreateExport202JSONResponse(out), err
}

// GetExport tells of one export.
func (s *Server) GetExport(ctx context.Context, req api.GetExportRequestObject) (api.GetExportResponseObject, error) {
	row, err := s.exports.Get(ctx, TenantFrom(ctx).ClientID, req.ExportID)
	if err != nil {
		return nil, err
	}
	out, err := toExport(row)
	return api.GetExport200JSONResponse(out), err
}

// DeleteExport takes an export and its file away.
func (s *Server) DeleteExport(ctx context.Context, req api.DeleteExportRequestObject) (api.DeleteExportResponseObject, error) {
	if err := s.exports.Delete(ctx, by(ctx), TenantFrom(ctx).ClientID, req.ExportID); err != nil {
		return nil, err
	}
	return api.DeleteExport204Response{}, nil
}

// DownloadExport streams a finished file, whole or in part (RFC 9110 §14).
func (s *Server) DownloadExport(ctx context.Context, req api.DownloadExportRequestObject) (api.DownloadExportResponseObject, error) {
	tenant := TenantFrom(ctx)
	row, err := s.exports.Get(ctx, tenant.ClientID, req.ExportID)
	if err != nil {
		return nil, err
	}
	if (row.Kind == string(export.Audit) || row.Kind == string(export.Archive)) && !tenant.CanManage {
		return nil, fault.New(fault.Forbidden, "Only managers of the server may take its audit log, which is in its archives too.")
	}
	request, ok := ctx.Value(requestKey{}).(*http.Request)
	if !ok {
		return nil, fmt.Errorf("download export: the request is missing")
	}
	part := req.Params.Range != nil && !strings.HasPrefix(*req.Params.Range, "bytes=0-")
	file, err := s.exports.Download(ctx, by(ctx), row, !part)
	if err != nil {
		return nil, err
	}
	return exportFile{file: file, request: request, row: row}, nil
}

// exportFile writes itself with the conditions and ranges of its request.
type exportFile struct {
	file    io.ReadSeekCloser
	request *http.Request
	row     db.Export
}

// writeStep is how long a client may take for a piece of the file before it is cut off.
const writeStep = 30 * time.Second

// VisitDownloadExportResponse writes the file. A range that it does not have is a fault, beside the Content-Range that tells
// its size.
func (f exportFile) VisitDownloadExportResponse(w http.ResponseWriter) error {
	defer f.file.Close() // it was only read
	media := map[string]string{
		"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl", "zip": "application/zip",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	}[f.row.Format]
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="trackbot-%s-%s.%s"`, f.row.Kind, f.row.CreatedAt.UTC().Format(time.DateOnly), f.row.Format))
	h.Set("ETag", `"`+f.row.ID.String()+`"`) // strong: the file never changes
	h.Set("Cache-Control", "private, no-cache")
	out := &steadyWriter{ResponseWriter: w, control: http.NewResponseController(w)}
	http.ServeContent(out, f.request, "", *f.row.FinishedAt, f.file)
	if out.beyond {
		h.Del("Content-Disposition") // what follows is no file to keep
		return fault.New(fault.RangeNotSatisfiable, "The file has no such part. Content-Range tells its size.")
	}
	return nil
}

// steadyWriter gives each piece a time of its own: a large file takes longer than the server's limit, a client
// that has stopped reading does not. A refusal of the range is left to whoever answers with problems.
type steadyWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	beyond  bool // the range lies outside the file
}

func (w *steadyWriter) WriteHeader(status int) {
	if w.beyond = status == http.StatusRequestedRangeNotSatisfiable; !w.beyond {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *steadyWriter) Write(b []byte) (int, error) {
	if w.beyond {
		return len(b), nil
	}
	_ = w.control.SetWriteDeadline(time.Now().Add(writeStep)) // a writer without deadlines has no limit to outlive
	return w.ResponseWriter.Write(b)
}
