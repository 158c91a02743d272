package guild

import (
	"reflect"
	"slices"
	"testing"

	"trackbot/internal/store/db"
)

// notSet are the columns of settings that are not settings.
func notSet() []string { return []string{"ClientID", "Version", "UpdatedAt"} }

// notZero gives a field a value that is not its type's zero.
func notZero(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	default:
		t.Fatalf("a setting of type %s: teach this test what is not its zero", v.Type())
	}
}

// A setting that settingsOf forgot would be put back to nothing by the next change of another.
func TestEachSettingSurvivesTheChangeOfAnother(t *testing.T) {
	t.Parallel()
	kinds := reflect.TypeFor[db.GuildSetting]()
	nothing := reflect.ValueOf(settingsOf(db.GuildSetting{}))
	for i := range kinds.NumField() {
		name := kinds.Field(i).Name
		if slices.Contains(notSet(), name) {
			continue
		}
		var row db.GuildSetting
		notZero(t, reflect.ValueOf(&row).Elem().Field(i))
		carried := 0
		settings := reflect.ValueOf(settingsOf(row))
		for j := range settings.NumField() {
			if !reflect.DeepEqual(settings.Field(j).Interface(), nothing.Field(j).Interface()) {
				carried++
			}
		}
		if carried != 1 {
			t.Errorf("%s is carried over %d times", name, carried)
		}
	}
	if settings, columns := reflect.TypeFor[Settings]().NumField(), kinds.NumField()-len(notSet()); settings != columns {
		t.Errorf("%d settings of %d columns", settings, columns)
	}
}
