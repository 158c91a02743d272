package discord_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"trackbot/internal/discord"
)

func TestPermissionsBeyond64BitsAreRead(t *testing.T) {
	t.Parallel()
	far := new(big.Int).Lsh(big.NewInt(1), 90)
	got, err := discord.ParsePermissions(far.String())
	if err != nil || got.Cmp(far) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	for _, s := range []string{"", "abc", "-1", "+1", "1.0", "0x8", " 8", "٣", strings.Repeat("9", 65)} {
		if got, err := discord.ParsePermissions(s); err == nil {
			t.Errorf("%q read as %v", s, got)
		}
	}
}

func TestCanManage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		owner bool
		perms string
		want  bool
	}{
		{true, "0", true},
		{true, "abc", true},
		{false, "8", true},
		{false, "32", true},
		{false, "2147483679", true}, // MANAGE_GUILD among others
		{false, "9007199254740996", false},
		{false, "9007199254741028", true}, // beyond 2^53, where floats lose bits
		{false, "0", false},
		{false, "-1", false},
		{false, "", false},
		{false, "2048", false},
	} {
		if got := discord.CanManage(c.owner, c.perms); got != c.want {
			t.Errorf("owner %v, %q: %v", c.owner, c.perms, got)
		}
	}
}

func TestChannelPermissionsFollowDiscordsOrder(t *testing.T) {
	t.Parallel()
	const everyone, red, blue, me = "1", "2", "3", "9"
	guild := discord.Guild{ID: everyone, OwnerID: "8", Roles: []discord.Role{
		{ID: everyone, Permissions: discord.PermissionSet(discord.PermViewChannel).String()},
		{ID: red, Permissions: discord.PermissionSet(discord.PermSendMessages, discord.PermEmbedLinks).String()},
		{ID: blue, Permissions: "8"},
		{ID: "4", Permissions: "garbage"},
	}}
	send := discord.PermissionSet(discord.PermSendMessages).String()
	view := discord.PermissionSet(discord.PermViewChannel).String()
	for _, c := range []struct {
		name       string
		user       string
		roles      []string
		overwrites []discord.Overwrite
		want       bool
	}{
		{"by role", me, []string{red}, nil, true},
		{"without the role", me, nil, nil, false},
		{"hidden from everyone", me, []string{red}, []discord.Overwrite{{ID: everyone, Allow: "0", Deny: view}}, false},
		{"hidden, but shown to the role", me, []string{red}, []discord.Overwrite{
			{ID: red, Allow: view, Deny: "0"}, {ID: everyone, Allow: "0", Deny: view},
		}, true},
		{"muted role", me, []string{red}, []discord.Overwrite{{ID: red, Allow: "0", Deny: send}}, false},
		{"muted role, member spared", me, []string{red}, []discord.Overwrite{
			{ID: me, Type: 1, Allow: send, Deny: "0"}, {ID: red, Allow: "0", Deny: send},
		}, true},
		{"another member's overwrite", me, []string{red}, []discord.Overwrite{{ID: "7", Type: 1, Allow: "0", Deny: send}}, true},
		{"administrator", me, []string{blue}, []discord.Overwrite{{ID: everyone, Allow: "0", Deny: view}}, true},
		{"owner", "8", nil, []discord.Overwrite{{ID: everyone, Allow: "0", Deny: view}}, true},
		{"unreadable overwrite", me, []string{red, "4"}, []discord.Overwrite{{ID: everyone, Allow: "x", Deny: "-1"}}, true},
	} {
		base := discord.GuildPermissions(guild, c.user, c.roles)
		set := discord.ChannelPermissions(base, discord.Channel{Overwrites: c.overwrites}, everyone, c.user, c.roles)
		if got := discord.CanPost(set, discord.ChannelText); got != c.want {
			t.Errorf("%s: can post %v", c.name, got)
		}
		if discord.CanPost(set, discord.ChannelForum) {
			t.Errorf("%s: can post into a forum", c.name)
		}
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key, err := discord.ParsePublicKey(hex.EncodeToString(public))
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"type":1}`)
	good := func() http.Header {
		h := http.Header{}
		h.Set("X-Signature-Timestamp", "1700000000")
		h.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(private, append([]byte("1700000000"), body...))))
		return h
	}
	if !discord.VerifySignature(key, good(), body) {
		t.Error("a good signature is refused")
	}
	if discord.VerifySignature(key, good(), append(body, ' ')) {
		t.Error("another body is accepted")
	}
	for name, spoil := range map[string]func(http.Header){
		"other time":   func(h http.Header) { h.Set("X-Signature-Timestamp", "1700000001") },
		"no time":      func(h http.Header) { h.Del("X-Signature-Timestamp") },
		"no signature": func(h http.Header) { h.Del("X-Signature-Ed25519") },
		"short":        func(h http.Header) { h.Set("X-Signature-Ed25519", "ab") },
		"no hex":       func(h http.Header) { h.Set("X-Signature-Ed25519", strings.Repeat("zz", 64)) },
		"twice":        func(h http.Header) { h.Add("X-Signature-Ed25519", strings.Repeat("00", 64)) },
	} {
		h := good()
		spoil(h)
		if discord.VerifySignature(key, h, body) {
			t.Errorf("%s: accepted", name)
		}
	}
	if discord.VerifySignature(nil, good(), body) {
		t.Error("accepted without a key")
	}
	for _, s := range []string{"", "zz", "00", hex.EncodeToString(public) + "00"} {
		if _, err := discord.ParsePublicKey(s); err == nil {
			t.Errorf("key %q accepted", s)
		}
	}
}
