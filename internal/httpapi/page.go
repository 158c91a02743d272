package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"trackbot/api"
	"trackbot/internal/fault"
)

// defaultLimit is the size of a page for which none is asked.
const defaultLimit = 50

func limitOf(limit *api.Limit) int {
	if limit == nil {
		return defaultLimit
	}
	return *limit
}

// behind reads the position a page begins behind; nil without a cursor.
func behind[P any](ctx context.Context, s *Server, cursor *api.Cursor) (*P, error) {
	if cursor == nil {
		return nil, nil
	}
	var at P
	if err := s.cursors.Decode(ScopeOf(ctx), *cursor, &at); err != nil {
		return nil, err
	}
	return &at, nil
}

// cut ends a page: of rows, which hold one more than limit when there is a next page, it returns the
// page's own and the cursor behind the last of them.
func cut[Row any](ctx context.Context, s *Server, rows []Row, limit int, position func(Row) any) ([]Row, nullable.Nullable[string]) {
	if len(rows) <= limit {
		return rows, nullable.NewNullNullable[string]()
	}
	rows = rows[:limit]
	return rows, nullable.NewNullableWithValue(s.cursors.Encode(ScopeOf(ctx), position(rows[limit-1])))
}

// period reads the bounds of a list; a date is a day in the zone, and zero times are no bounds.
func period(from, to *api.Moment, zone *time.Location) (start, end time.Time, err error) {
	if from != nil {
		start = bound(from.Start(zone))
	}
	if to != nil {
		end = bound(to.End(zone))
	}
	if from != nil && to != nil && !start.Before(end) {
		return start, end, fault.Invalid(fault.Field{Name: "to", Message: "must lie after from"})
	}
	return start, end, nil
}

// bound keeps a bound that was asked for apart from none. PostgreSQL keeps microseconds: nothing lies between.
func bound(t time.Time) time.Time {
	if t.IsZero() {
		return t.Add(time.Microsecond)
	}
	return t
}
