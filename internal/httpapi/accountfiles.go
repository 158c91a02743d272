package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/accountfile"
	"trackbot/internal/tracking"
)

// ImportAccounts tracks the accounts of a file and reports on each.
func (s *Server) ImportAccounts(ctx context.Context, req api.ImportAccountsRequestObject) (api.ImportAccountsResponseObject, error) {
	media, _, err := mime.ParseMediaType(req.ContentType)
	if err != nil {
		return nil, invalid("body", "has no media type")
	}
	data, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("read account file: %w", err)
	}
	lines, err := accountfile.Parse(media, data)
	if errors.Is(err, accountfile.ErrUnreadable) {
		return nil, invalid("body", accountfile.Reason(err))
	}
	if err != nil {
		return nil, err
	}
	var groupID uuid.UUID
	if req.Params.GroupID != nil {
		groupID = *req.Params.GroupID
	}
	report, err := s.catalog.Import(ctx, by(ctx), TenantFrom(ctx).ClientID, groupID, lines)
	if err != nil {
		return nil, err
	}
	return toImportReport(report), nil
}

func toImportReport(report []tracking.Imported) api.ImportAccounts200JSONResponse {
	out := api.ImportAccounts200JSONResponse{Lines: make([]api.ImportLine, len(report))}
	for i, r := range report {
		line := api.ImportLine{
			Line: r.Line, Status: api.ImportLineStatus(r.Status),
			AccountID: nullable.NewNullNullable[api.UUID](), Message: nullable.NewNullNullable[string](),
		}
		if r.AccountID != uuid.Nil {
			line.AccountID = nullable.NewNullableWithValue(r.AccountID)
		}
		if r.Message != "" {
			line.Message = nullable.NewNullableWithValue(r.Message)
		}
		out.Lines[i] = line
		switch r.Status {
		case tracking.ImportCreated:
			out.Created++
		case tracking.ImportExists:
			out.Existing++
		default:
			out.Failed++
		}
	}
	return out
}

// ExportAccountsOPML writes the tracked accounts as a subscription list.
func (s *Server) ExportAccountsOPML(ctx context.Context, _ api.ExportAccountsOPMLRequestObject) (api.ExportAccountsOPMLResponseObject, error) {
	entries, err := s.catalog.Entries(ctx, TenantFrom(ctx).ClientID)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := accountfile.WriteOPML(&file, "Tracked accounts", s.now(), entries); err != nil {
		return nil, err
	}
	if err := tagBy(ctx, entries); err != nil {
		return nil, err
	}
	return opmlFile{api.ExportAccountsOPML200TextXOpmlResponse{Body: &file, ContentLength: int64(file.Len())}}, nil
}

// opmlFile is offered for saving.
type opmlFile struct {
	api.ExportAccountsOPML200TextXOpmlResponse
}

// VisitExportAccountsOPMLResponse writes the file.
func (f opmlFile) VisitExportAccountsOPMLResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Disposition", `attachment; filename="trackbot-accounts.opml"`)
	return f.ExportAccountsOPML200TextXOpmlResponse.VisitExportAccountsOPMLResponse(w)
}
