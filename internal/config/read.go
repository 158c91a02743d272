package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

type reader struct {
	lookup   func(string) (string, bool)
	readFile func(string) ([]byte, error)
	faults   []error
}

func (r *reader) fill(cfg *Config) {
	v := reflect.ValueOf(cfg).Elem()
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		name := tag.Get("env")
		raw := r.value(name, v.Field(i).Type() == reflect.TypeFor[Secret]())
		if raw == "" {
			raw = tag.Get("default")
		}
		if raw == "" {
			continue
		}
		if err := set(v.Field(i), raw); err != nil {
			r.faults = append(r.faults, fmt.Errorf("%s: %w", name, err))
		}
	}
}

func (r *reader) value(name string, secret bool) string {
	raw, _ := r.lookup(name)
	if !secret {
		return strings.TrimSpace(raw)
	}
	file, ok := r.lookup(name + "_FILE")
	if !ok || file == "" {
		return raw
	}
	if raw != "" {
		r.faults = append(r.faults, fmt.Errorf("%s: set it or %s_FILE, not both", name, name))
		return raw
	}
	body, err := r.readFile(file)
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s_FILE: %w", name, err))
		return ""
	}
	return strings.TrimRight(string(body), "\r\n")
}

func set(field reflect.Value, raw string) error {
	switch target := field.Addr().Interface().(type) {
	case *Secret:
		*target = Secret(raw)
	case *string:
		*target = raw
	case *bool:
		b, err := strconv.ParseBool(raw)
		if err != nil {
			return fmt.Errorf("want true or false")
		}
		*target = b
	case *int:
		n, err := strconv.Atoi(raw)
		if err != nil || n <= 0 {
			return fmt.Errorf("want a whole number above 0")
		}
		*target = n
	case *time.Duration:
		d, err := time.ParseDuration(raw)
		if err != nil || d <= 0 {
			return fmt.Errorf("want a duration above 0 such as 30s or 5m")
		}
		*target = d
	case *slog.Level:
		if err := target.UnmarshalText([]byte(raw)); err != nil {
			return fmt.Errorf("want debug, info, warn or error")
		}
	case *[]string:
		*target = list(raw)
	case *[]netip.Prefix:
		return setPrefixes(target, raw)
	case *map[string]string:
		return setPairs(target, raw)
	default:
		panic("config: no reader for " + field.Type().String())
	}
	return nil
}

func setPairs(target *map[string]string, raw string) error {
	*target = map[string]string{}
	for _, item := range list(raw) {
		key, value, ok := strings.Cut(item, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if _, twice := (*target)[key]; !ok || key == "" || value == "" || twice {
			return fmt.Errorf("want pairs such as one=pro,other=enterprise, each name once")
		}
		(*target)[key] = value
	}
	return nil
}

func setPrefixes(target *[]netip.Prefix, raw string) error {
	for _, item := range list(raw) {
		prefix, err := netip.ParsePrefix(item)
		if err != nil {
			addr, addrErr := netip.ParseAddr(item)
			if addrErr != nil {
				return fmt.Errorf("want addresses or networks such as 10.0.0.0/8, by comma")
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		*target = append(*target, prefix)
	}
	return nil
}

func list(raw string) []string {
	var out []string
	for item := range strings.SplitSeq(raw, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

// Setting is one line of `trackbot config`.
type Setting struct{ Name, Value string }

// Settings lists every variable with its value in force, secrets redacted.
func (c Config) Settings() []Setting {
	v := reflect.ValueOf(c)
	out := make([]Setting, 0, v.NumField())
	for i := range v.NumField() {
		value := fmt.Sprint(v.Field(i).Interface())
		if v.Field(i).Kind() == reflect.Slice {
			value = strings.ReplaceAll(strings.Trim(value, "[]"), " ", ",")
		}
		out = append(out, Setting{Name: v.Type().Field(i).Tag.Get("env"), Value: value})
	}
	return out
}
