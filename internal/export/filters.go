package export

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/fault"
)

// filters are those of a list, by the names of the contract. Its from and to stand in Order as times.
type filters struct {
	BrandID    *uuid.UUID `json:"brandId"`
	GroupID    *uuid.UUID `json:"groupId"`
	AccountID  *uuid.UUID `json:"accountId"`
	Platform   *string    `json:"platform"`
	Kind       *string    `json:"kind"`
	State      *string    `json:"state"`
	ActorID    *string    `json:"actorId"`
	Action     *string    `json:"action"`
	TargetType *string    `json:"targetType"`
	Search     *string    `json:"q"`
	From       *string    `json:"from"`
	To         *string    `json:"to"`
}

// takes names the filters of each kind's list.
func (k Kind) takes() []string {
	return map[Kind][]string{
		Posts:    {"brandId", "groupId", "accountId", "platform", "kind", "from", "to", "q"},
		Accounts: {"brandId", "groupId", "platform", "state", "q"},
		Audit:    {"actorId", "action", "targetType", "from", "to"},
		Usage:    {"from", "to"},
	}[k]
}

// parseFilters reads filters and refuses those that the kind's list does not have.
func parseFilters(kind Kind, raw json.RawMessage) (filters, error) {
	var f filters
	if err := json.Unmarshal(raw, &f); err != nil {
		return f, fmt.Errorf("parse export filters: %w", err)
	}
	var faults []fault.Field
	v := reflect.ValueOf(f)
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("json")
		if !v.Field(i).IsNil() && !slices.Contains(kind.takes(), name) {
			faults = append(faults, fault.Field{
				Name: "filters." + name, Message: fmt.Sprintf("is not a filter of %s, which take %s", kind, strings.Join(kind.takes(), ", ")),
			})
		}
	}
	if kind == Archive && len(faults) > 0 {
		for i := range faults {
			faults[i].Message = "is not for an archive, which holds everything"
		}
	}
	if len(faults) > 0 {
		return f, fault.Invalid(faults...)
	}
	return f, nil
}
