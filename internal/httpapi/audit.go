package httpapi

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/audit"
	"trackbot/internal/store/db"
)

// ListAuditEntries lists the guild's log, newest first.
func (s *Server) ListAuditEntries(ctx context.Context, req api.ListAuditEntriesRequestObject) (api.ListAuditEntriesResponseObject, error) {
	at, err := behind[audit.Place](ctx, s, req.Params.Cursor)
	if err != nil {
		return nil, err
	}
	p, tenant, limit := req.Params, TenantFrom(ctx), limitOf(req.Params.Limit)
	filter := audit.Filter{ActorID: p.ActorID, Action: p.Action, TargetType: p.TargetType}
	if filter.From, filter.To, err = period(p.From, p.To, tenant.zone()); err != nil {
		return nil, err
	}
	rows, known, err := s.audit.List(ctx, tenant.ClientID, filter, at, limit+1)
	if err != nil {
		return nil, err
	}
	rows, next := cut(ctx, s, rows, limit, func(e db.AuditLog) any { return audit.Place{CreatedAt: e.CreatedAt, ID: e.ID} })
	items := make([]api.AuditEntry, len(rows))
	for i, row := range rows {
		if items[i], err = toAuditEntry(row); err != nil {
			return nil, err
		}
		if !tenant.CanManage { // where somebody was is for those who answer for the guild
			items[i].IPAddress = nullable.NewNullNullable[string]()
		}
	}
	return api.ListAuditEntries200JSONResponse{Items: items, NextCursor: next, Integrity: toIntegrity(known)}, nil
}

func toAuditEntry(e db.AuditLog) (api.AuditEntry, error) {
	out := api.AuditEntry{
		ID: e.ID, Seq: e.Seq, CreatedAt: api.At(e.CreatedAt), ActorID: e.ActorID, ActorType: api.ActorType(e.ActorType), ActorName: textOrNull(e.ActorName),
		TargetType: e.TargetType, TargetID: textOrNull(e.TargetID), Action: e.Action, Source: api.AuditSource(e.Source), IPAddress: nullable.NewNullNullable[string](),
	}
	if e.IpAddress != nil {
		out.IPAddress = nullable.NewNullableWithValue(e.IpAddress.String())
	}
	if err := json.Unmarshal([]byte(e.Changes), &out.Changes); err != nil {
		return out, fmt.Errorf("read changes of audit entry: %w", err)
	}
	return out, nil
}

func toIntegrity(known audit.Integrity) api.AuditIntegrity {
	out := api.AuditIntegrity{
		State: api.AuditState(known.State), Entries: known.Entries, CheckedEntries: known.CheckedSeq,
		BrokenSeq: nullable.NewNullNullable[int64](), CheckedAt: api.AtOrNull(known.CheckedAt),
	}
	if known.BrokenSeq > 0 {
		out.BrokenSeq = nullable.NewNullableWithValue(known.BrokenSeq)
	}
	return out
}
