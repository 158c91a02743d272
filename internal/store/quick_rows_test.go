package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/store"
)

// everything has a destination of every type that lists are made of, and of some that they are not.
type everything struct {
	ID    uuid.UUID
	MayID *uuid.UUID
	Text  string
	May   *string
	At    time.Time
	MayAt *time.Time
	N     int64
	MayN  *int64
	Yes   bool
	Small int32
	Many  []string
}

// What is read without pgx is what pgx reads: a scoped query's rows beside those of one without scope.
func TestRowsReadFromTheWireAreThoseOfPgx(t *testing.T) {
	t.Parallel()
	s := open(t, newWorld(t).url, store.RoleAPI, 1)
	const id = "'0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d'::uuid"
	for _, columns := range []string{
		id + "," + id + ",'text','ein – Strich',now(),now(),1::bigint,-1::bigint,true",
		id + ",NULL::uuid,'',NULL::text,'2026-11-22T20:13:00.123456Z'::timestamptz,NULL::timestamptz,9223372036854775807,NULL::bigint,false",
		id + "," + id + ",repeat('x', 100000),'','0044-03-15 BC'::timestamptz,'1999-12-31T23:59:59.999999Z'::timestamptz,0::bigint,0::bigint,true",
		id + "," + id + ",'a','b','9999-12-31T23:59:59.999999Z'::timestamptz,'0001-01-01Z'::timestamptz,0::bigint,0::bigint,true",
		id + "," + id + ",'a','b','infinity'::timestamptz,now(),0::bigint,0::bigint,true",
		id + "," + id + ",'a','b',now(),'-infinity'::timestamptz,0::bigint,0::bigint,true",
		id + "," + id + ",'a','b','99999-01-01Z'::timestamptz,now(),0::bigint,0::bigint,true",
		"NULL::uuid," + id + ",'a','b',now(),now(),0::bigint,0::bigint,true",
		id + "," + id + ",NULL::text,'b',now(),now(),0::bigint,0::bigint,true",
		id + "," + id + ",'a','b',NULL::timestamptz,now(),0::bigint,0::bigint,true",
		id + "," + id + ",'a','b',now(),now(),NULL::bigint,0::bigint,true",
		id + "," + id + ",'a','b',now(),now(),0::bigint,0::bigint,NULL::boolean",
		id + ",'no id','a','b',now(),now(),0::bigint,0::bigint,true",
		id + "," + id + ",1,'b',now(),now(),0::bigint,0::bigint,true",
		id + "," + id + ",'a','b',now()::date,now()::timestamp,0::bigint,0::bigint,true",
		id + "," + id + ",'a','b',now(),now(),0::int,0::smallint,true",
	} {
		for _, more := range []string{"", ",7::int,ARRAY['a', 'b']"} {
			sql := fmt.Sprintf("SELECT * FROM (VALUES (%s), (%s)) v", columns+more, columns+more)
			sql = strings.ReplaceAll(sql, "now()", "'2026-11-22T20:13:00Z'::timestamptz")
			want, wantErr := readAll(t, s.Shared(), sql, more != "")
			got, err := readAll(t, s.Tenant(uuid.New()), sql, more != "")
			if diff := cmp.Diff(want, got); diff != "" || (err == nil) != (wantErr == nil) {
				t.Errorf("%s\n%s\nerror %v, pgx's %v", sql, diff, err, wantErr)
			}
		}
	}
}

func readAll(t *testing.T, on store.Conn, sql string, more bool) ([]everything, error) {
	t.Helper()
	rows, err := on.Query(t.Context(), sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []everything
	for rows.Next() {
		var e everything
		dest := []any{&e.ID, &e.MayID, &e.Text, &e.May, &e.At, &e.MayAt, &e.N, &e.MayN, &e.Yes}
		if more {
			dest = append(dest, &e.Small, &e.Many)
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, rows.Err()
}
