package analytics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// GroupBy is what figures are split by.
type GroupBy string

// The ways to split. The empty one does not.
const (
	ByPlatform GroupBy = "platform"
	ByBrand    GroupBy = "brand"
	ByAccount  GroupBy = "account"
)

// Filter narrows what is summed; nil values do not.
type Filter struct {
	BrandID, AccountID *uuid.UUID
	Platform           *string
}

// Figures are sums over posts; nil is a figure that no platform concerned has.
type Figures struct {
	Posts                          int64
	Views, Likes, Comments, Shares *int64
}

// Point is the figures of one interval.
type Point struct {
	Start time.Time
	Figures
}

// Group is the figures of one platform, brand or account.
type Group struct {
	Key, Label    string
	Total, Before Figures
	Series        []Point
}

// Report is the figures of a period beside those of the time before it.
type Report struct {
	Period               Period
	Total, Before        Figures
	Series, BeforeSeries []Point
	Groups               []Group    // at most 100, most posts first
	AsOf                 *time.Time // nil when no account has been polled yet
}

// Reader reads figures for the API. It is safe for concurrent use.
type Reader struct {
	store   *store.Store
	queries *db.Queries
}

// NewReader returns a reader over the API's store.
func NewReader(st *store.Store) *Reader { return &Reader{store: st, queries: db.New()} }

// Report sums up a period. It is right at any time, whatever the roll-up has got to.
func (r *Reader) Report(ctx context.Context, clientID uuid.UUID, p Period, f Filter, by GroupBy) (Report, error) {
	params := db.ListFiguresParams{
		ClientID: clientID, Per: "brand", GroupBy: string(by), BrandID: f.BrandID, Platform: f.Platform, AccountID: f.AccountID,
	}
	if by == ByAccount || f.AccountID != nil {
		params.Per = "account"
	}
	params.Starts, params.Ends, params.Buckets = p.spans()
	rows, err := r.queries.ListFigures(ctx, r.store.Tenant(clientID), params)
	if err != nil {
		return Report{}, fmt.Errorf("list figures: %w", err)
	}
	rep := newReport(p, rows)
	if rep.AsOf, err = r.asOf(ctx, clientID, f); err != nil {
		return Report{}, err
	}
	return rep, r.label(ctx, clientID, by, rep.Groups)
}

func (r *Reader) asOf(ctx context.Context, clientID uuid.UUID, f Filter) (*time.Time, error) {
	at, err := r.queries.GetFiguresAsOf(ctx, r.store.Tenant(clientID), db.GetFiguresAsOfParams{
		ClientID: clientID, BrandID: f.BrandID, Platform: f.Platform, AccountID: f.AccountID,
	})
	if store.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get age of figures: %w", err)
	}
	return &at, nil
}

// newReport lays the sums on the points of the period.
func newReport(p Period, rows []db.ListFiguresRow) Report {
	rep := Report{Period: p, Series: series(p.starts), BeforeSeries: series(p.previous)}
	index := map[string]int{}
	for _, row := range rows {
		if row.IsTotal {
			place(row, p, rep.Series, rep.BeforeSeries, &rep.Total, &rep.Before)
			continue
		}
		i, ok := index[row.Key]
		if !ok {
			i = len(rep.Groups)
			index[row.Key] = i
			rep.Groups = append(rep.Groups, Group{Key: row.Key, Label: row.Key, Series: series(p.starts)})
		}
		g := &rep.Groups[i]
		place(row, p, g.Series, nil, &g.Total, &g.Before)
	}
	settle(&rep.Total, &rep.Before, rep.Series, rep.BeforeSeries)
	for i := range rep.Groups {
		settle(&rep.Groups[i].Total, &rep.Groups[i].Before, rep.Groups[i].Series, nil)
	}
	slices.SortFunc(rep.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Total.Posts, a.Total.Posts), cmp.Compare(a.Key, b.Key))
	})
	return rep
}

func series(starts []time.Time) []Point {
	points := make([]Point, len(starts))
	for i, at := range starts {
		points[i].Start = at
	}
	return points
}

// place adds a row to its point and to its total.
func place(row db.ListFiguresRow, p Period, now, before []Point, total, totalBefore *Figures) {
	if i := int(row.Bucket); i >= 0 {
		now[i].add(row)
		total.add(row)
	} else {
		if before != nil {
			before[i+p.nPoints].add(row)
		}
		totalBefore.add(row)
	}
}

func (f *Figures) add(row db.ListFiguresRow) {
	f.Posts += row.Posts
	f.Views, f.Likes = plus(f.Views, row.Views), plus(f.Likes, row.Likes)
	f.Comments, f.Shares = plus(f.Comments, row.Comments), plus(f.Shares, row.Shares)
}

// plus adds a sum that is -1 where there is none.
func plus(to *int64, n int64) *int64 {
	if n < 0 {
		return to
	}
	if to != nil {
		n += *to
	}
	return &n
}

// settle makes what is unknown 0 where nothing was published, of figures that a platform concerned has.
func settle(total, before *Figures, now, then []Point) {
	all := []*Figures{total, before}
	for i := range now {
		all = append(all, &now[i].Figures)
	}
	for i := range then {
		all = append(all, &then[i].Figures)
	}
	for _, figure := range []func(*Figures) **int64{
		func(f *Figures) **int64 { return &f.Views }, func(f *Figures) **int64 { return &f.Likes },
		func(f *Figures) **int64 { return &f.Comments }, func(f *Figures) **int64 { return &f.Shares },
	} {
		if *figure(total) == nil && *figure(before) == nil {
			continue
		}
		for _, f := range all {
			if f.Posts == 0 && *figure(f) == nil {
				*figure(f) = new(int64)
			}
		}
	}
}

// label names the groups for people. What was deleted meanwhile keeps its key.
func (r *Reader) label(ctx context.Context, clientID uuid.UUID, by GroupBy, groups []Group) error {
	if by == ByPlatform {
		for i := range groups {
			groups[i].Label = delivery.PlatformName(groups[i].Key)
		}
		return nil
	}
	if len(groups) == 0 {
		return nil
	}
	names, err := r.names(ctx, clientID, by, groups)
	if err != nil {
		return fmt.Errorf("name groups: %w", err)
	}
	for i := range groups {
		if name, ok := names[groups[i].Key]; ok {
			groups[i].Label = name
		}
	}
	return nil
}

func (r *Reader) names(ctx context.Context, clientID uuid.UUID, by GroupBy, groups []Group) (map[string]string, error) {
	ids := make([]uuid.UUID, len(groups))
	for i, g := range groups {
		id, err := uuid.Parse(g.Key)
		if err != nil {
			return nil, fmt.Errorf("read key of group: %w", err)
		}
		ids[i] = id
	}
	names := map[string]string{}
	if by == ByBrand {
		rows, err := r.queries.ListBrandLabels(ctx, r.store.Tenant(clientID), clientID, ids)
		for _, row := range rows {
			names[row.ID.String()] = row.Name
		}
		return names, err
	}
	rows, err := r.queries.ListAccountLabels(ctx, r.store.Tenant(clientID), clientID, ids)
	for _, row := range rows {
		names[row.ID.String()] = row.Name
	}
	return names, err
}
