package store

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// Reading a page of 50 rows value by value through pgx's plans costs a third of what PostgreSQL takes to find
// them. What lists are made of is read here straight from the wire, the texts of a row as parts of one string.
// A result with any other type of column or destination is left to pgx.

// quickRows reads the rows of one result.
type quickRows struct {
	kinds []kind // by column; nil: not looked at yet, empty: pgx's
	texts []byte // of the row at hand
}

// kind is a type of column together with a type of destination that fits it.
type kind byte

const (
	other kind = iota
	aUUID
	anOptionalUUID
	aText
	anOptionalText
	aTime
	anOptionalTime
	anInt64
	anOptionalInt64
	aBool
)

// scan reads the row at hand, or tells that pgx has to.
func (q *quickRows) scan(rows pgx.Rows, dest []any) bool {
	values := rows.RawValues()
	if q.kinds == nil {
		q.kinds = kindsOf(rows.FieldDescriptions(), dest)
	}
	if len(q.kinds) != len(dest) || len(values) != len(dest) {
		return false
	}
	q.texts = q.texts[:0]
	for i, k := range q.kinds {
		if k == aText || k == anOptionalText {
			q.texts = append(q.texts, values[i]...)
			continue
		}
		if !read(k, values[i], dest[i]) {
			return false
		}
	}
	return q.shareOut(string(q.texts), values, dest)
}

// shareOut gives each text its part of the row's one string.
func (q *quickRows) shareOut(texts string, values [][]byte, dest []any) bool {
	at := 0
	for i, k := range q.kinds {
		switch k {
		case aText:
			d, ok := dest[i].(*string)
			if !ok || values[i] == nil {
				return false
			}
			*d = texts[at : at+len(values[i])]
		case anOptionalText:
			d, ok := dest[i].(**string)
			if !ok {
				return false
			}
			if *d = nil; values[i] != nil {
				text := texts[at : at+len(values[i])]
				*d = &text
			}
		default:
			continue
		}
		at += len(values[i])
	}
	return true
}

// kindsOf tells how to read the columns into destinations like these; empty when pgx has to.
func kindsOf(columns []pgconn.FieldDescription, dest []any) []kind {
	kinds := make([]kind, 0, len(dest))
	if len(columns) != len(dest) {
		return kinds
	}
	for i, c := range columns {
		k := kindOf(c.DataTypeOID, dest[i])
		if k == other || c.Format != pgx.BinaryFormatCode && k != aText && k != anOptionalText {
			return kinds[:0]
		}
		kinds = append(kinds, k)
	}
	return kinds
}

func kindOf(oid uint32, dest any) kind {
	switch dest.(type) {
	case *uuid.UUID:
		return when(oid == pgtype.UUIDOID, aUUID)
	case **uuid.UUID:
		return when(oid == pgtype.UUIDOID, anOptionalUUID)
	case *string:
		return when(oid == pgtype.TextOID, aText)
	case **string:
		return when(oid == pgtype.TextOID, anOptionalText)
	case *time.Time:
		return when(oid == pgtype.TimestamptzOID, aTime)
	case **time.Time:
		return when(oid == pgtype.TimestamptzOID, anOptionalTime)
	case *int64:
		return when(oid == pgtype.Int8OID, anInt64)
	case **int64:
		return when(oid == pgtype.Int8OID, anOptionalInt64)
	case *bool:
		return when(oid == pgtype.BoolOID, aBool)
	default:
		return other
	}
}

func when(fits bool, k kind) kind {
	if fits {
		return k
	}
	return other
}

// read reads a value that is no text; false for one that does not fit, such as a NULL where none may be.
func read(k kind, src []byte, dest any) bool {
	switch k {
	case aUUID:
		d, ok := dest.(*uuid.UUID)
		return ok && len(src) == len(*d) && copy(d[:], src) > 0
	case anOptionalUUID:
		return readOptional(src, dest, func(src []byte, d *uuid.UUID) bool { return len(src) == len(*d) && copy(d[:], src) > 0 })
	case aTime:
		d, ok := dest.(*time.Time)
		return ok && readTime(src, d)
	case anOptionalTime:
		return readOptional(src, dest, readTime)
	case anInt64:
		d, ok := dest.(*int64)
		return ok && readInt64(src, d)
	case anOptionalInt64:
		return readOptional(src, dest, readInt64)
	case aBool:
		d, ok := dest.(*bool)
		if !ok || len(src) != 1 {
			return false
		}
		*d = src[0] == 1
		return true
	default:
		return false
	}
}

func readOptional[T any](src []byte, dest any, read func([]byte, *T) bool) bool {
	d, ok := dest.(**T)
	if !ok {
		return false
	}
	if src == nil {
		*d = nil
		return true
	}
	*d = new(T)
	return read(src, *d)
}

func readInt64(src []byte, d *int64) bool {
	if len(src) != 8 {
		return false
	}
	*d = int64(binary.BigEndian.Uint64(src))
	return true
}

// readTime reads microseconds since 2000 (PostgreSQL: Date/Time Types, storage). The infinities, which are the
// ends of the range, and what lies near them are left to pgx.
func readTime(src []byte, d *time.Time) bool {
	const y2k, most = 946_684_800, int64(1) << 59 // 18,000 years
	var micros int64
	if !readInt64(src, &micros) || micros > most || micros < -most {
		return false
	}
	*d = time.Unix(y2k+micros/1e6, micros%1e6*1000)
	return true
}
