package discord_test

import (
	"encoding/json"
	"testing"

	"trackbot/internal/discord"
)

func FuzzGatewayPayload(f *testing.F) {
	for _, s := range []string{
		`{"op":0,"s":1,"t":"READY","d":{"session_id":"a","guilds":[{"id":"1","unavailable":true}]}}`,
		`{"op":10,"d":{"heartbeat_interval":45000}}`, `{"op":9,"d":false}`, `{}`, `[]`, `null`, `{"op":null}`, `{"op":1e99}`,
		`{"op":0,"t":"GUILD_CREATE","d":{"id":"1","joined_at":"x","channels":[{"type":99,"permission_overwrites":null}]}}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"data":{"options":[{"type":2,"options":[{"type":1,"options":null}]}]}}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		op, data, err := discord.DecodeFrame(b)
		if err != nil {
			return
		}
		if op < 0 {
			t.Errorf("opcode %d of %q", op, b)
		}
		ev := discord.Event{Data: data}
		for _, into := range []any{
			new(discord.Ready), new(discord.GuildCreate), new(discord.GuildDelete), new(discord.ChannelEvent),
			new(discord.RoleEvent), new(discord.RoleDelete),
		} {
			_ = ev.Decode(into)
		}
		var i discord.Interaction
		if ev.Decode(&i) != nil {
			return
		}
		_, options := i.Data.Path()
		for _, o := range options {
			_, _ = options.Int(o.Name)
			_, _ = options.Bool(o.Name)
			_ = o.Text()
		}
		_, _ = i.Invoker(), i.CanManage()
	})
}

func FuzzParsePermissions(f *testing.F) {
	for _, s := range []string{"0", "8", "abc", "-1", "", "99999999999999999999999999", "0x8", "1e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := discord.ParsePermissions(s)
		if err != nil {
			if discord.CanManage(false, s) {
				t.Errorf("%q manages", s)
			}
			return
		}
		if n.Sign() < 0 {
			t.Errorf("%q is %v", s, n)
		}
		if got := discord.CanManage(false, s); got != (n.Bit(3) == 1 || n.Bit(5) == 1) {
			t.Errorf("%q manages: %v", s, got)
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(429, `{"retry_after":1.5,"global":true}`, "1.5", "user", "0")
	f.Add(400, `{"code":50035,"errors":{"a":{"_errors":[{"code":"X"}]}}}`, "", "", "")
	f.Add(502, `<html>`, "Wed, 21 Oct 2026 07:28:00 GMT", "shared", "NaN")
	f.Fuzz(func(t *testing.T, status int, body, after, scope, remaining string) {
		if status < 200 || status > 599 {
			return
		}
		c := discord.New(discord.Config{Transport: answers(status, body, "Retry-After", after, "X-RateLimit-Scope", scope,
			"X-RateLimit-Remaining", remaining, "X-RateLimit-Limit", remaining, "X-RateLimit-Reset-After", after)})
		_, err := c.GatewayBot(t.Context())
		if d, ok := discord.RetryAfter(err); ok && d <= 0 {
			t.Errorf("wait of %s in %v", d, err)
		}
		if (status < 200 || status > 299) && err == nil {
			t.Errorf("no error for %d", status)
		}
		if err == nil && !json.Valid([]byte(body)) {
			t.Errorf("read %q", body)
		}
	})
}
