package notifier

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/discord"
)

func TestClassifyReadsEveryAnswerOfDiscord(t *testing.T) {
	t.Parallel()
	api := func(status, code int) error { return &discord.APIError{Status: status, Code: code, Message: "m"} }
	tests := []struct {
		err    error
		cause  delivery.Cause
		reason string
		after  time.Duration
		unsent bool
	}{
		{&discord.RateLimitError{RetryAfter: time.Second}, delivery.CauseRateLimited, "", time.Second, false},
		{&discord.RateLimitError{RetryAfter: time.Second, Local: true}, delivery.CauseRateLimited, "", time.Second, true},
		{&discord.RateLimitError{RetryAfter: time.Minute, Global: true}, delivery.CauseRateLimited, "", time.Minute, false},
		{&discord.GuardError{RetryAfter: time.Hour}, delivery.CauseHeld, "", time.Hour, true},
		{discord.ErrInvalidRequestGuard, delivery.CauseHeld, "", time.Minute, true},
		{api(401, 0), delivery.CauseHeld, "", time.Minute, true},
		{api(500, 0), delivery.CauseUnavailable, "", 0, false},
		{&discord.APIError{Status: 503, RetryAfter: time.Second}, delivery.CauseUnavailable, "", time.Second, false},
		{api(403, 0), delivery.CauseUnavailable, "", 0, false},
		{api(404, 0), delivery.CauseUnavailable, "", 0, false},
		{api(403, discord.CodeCloudflareBlocks), delivery.CauseUnavailable, "", 0, false},
		{api(400, discord.CodeOverloaded), delivery.CauseUnavailable, "", 0, false},
		{context.DeadlineExceeded, delivery.CauseUnavailable, "", 0, false},
		{errors.New("connection reset"), delivery.CauseUnavailable, "", 0, false},
		{api(404, discord.CodeUnknownChannel), delivery.CauseChannelRefused, "unknown_channel", 0, false},
		{api(403, discord.CodeMissingAccess), delivery.CauseChannelRefused, "missing_access", 0, false},
		{api(403, discord.CodeMissingPermissions), delivery.CauseChannelRefused, "missing_permissions", 0, false},
		{api(400, discord.CodeInvalidFormBody), delivery.CauseMessageRefused, "message_refused", 0, false},
		{api(400, discord.CodeBlockedByAutoMod), delivery.CauseRefused, "discord_200000", 0, false},
		{api(400, discord.CodeNotTextChannel), delivery.CauseRefused, "discord_50008", 0, false},
		{api(400, 0), delivery.CauseRefused, "http_400", 0, false},
		{api(413, 0), delivery.CauseRefused, "http_413", 0, false},
	}
	for _, tt := range tests {
		got := classify(fmt.Errorf("call: %w", tt.err))
		if got.Cause != tt.cause || got.Reason != tt.reason || got.RetryAfter != tt.after || got.NotSent != tt.unsent || got.Detail == "" {
			t.Errorf("classify(%v) = %+v, want %s %q %s %v", tt.err, got, tt.cause, tt.reason, tt.after, tt.unsent)
		}
	}
}

func TestSameKnowsOurMessageAmongOthers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 20, 13, 0, 123456789, time.UTC)
	d := &delivery.Delivery{ID: uuid.New(), Message: delivery.Message{Title: "t", URL: "https://example.org", Timestamp: &at}}
	card := message(d)
	text := message(&delivery.Delivery{ID: d.ID, Message: delivery.Plain(d.Message)})
	two := message(&delivery.Delivery{ID: d.ID, Message: delivery.Message{Cards: []delivery.Message{d.Message, {Title: "u", URL: "https://example.org/2", Timestamp: &at}}}})
	preview := discord.Embed{Type: "link", Title: "t", URL: "https://example.org"}
	notice := message(&delivery.Delivery{ID: d.ID, Message: delivery.Message{Title: "t", Body: "b"}})
	shown := func(url, timestamp string) discord.Message {
		return discord.Message{Embeds: []discord.Embed{{Title: "edited", URL: url, Timestamp: timestamp}}}
	}
	tests := []struct {
		name string
		want discord.MessageCreate
		have discord.Message
		same bool
	}{
		{"by nonce", card, discord.Message{Nonce: discord.Nonce(card.Nonce)}, true},
		{"another nonce", card, discord.Message{Nonce: "other", Embeds: card.Embeds}, false},
		{"as Discord writes it", card, shown("https://example.org/", "2026-11-22T20:13:00.123000+00:00"), true},
		{"another time", card, shown("https://example.org/", "2026-11-22T20:13:01+00:00"), false},
		{"another address", card, shown("https://example.org/2", "2026-11-22T20:13:00.123+00:00"), false},
		{"text for a card", card, discord.Message{Content: text.Content}, false},
		{"text", text, discord.Message{Content: text.Content + "\n"}, true},
		{"text with what its address leads to", text, discord.Message{Content: text.Content, Embeds: []discord.Embed{preview}}, true},
		{"card with what its address leads to", card, discord.Message{Embeds: []discord.Embed{card.Embeds[0], preview}}, true},
		{"digest", two, discord.Message{Content: two.Content, Embeds: two.Embeds}, true},
		{"digest for its first card", card, discord.Message{Embeds: two.Embeds}, false},
		{"card for its digest", two, discord.Message{Embeds: card.Embeds}, false},
		{"another text", text, discord.Message{Content: "hello"}, false},
		{"notice", notice, discord.Message{Embeds: notice.Embeds}, true},
		{"another notice", notice, discord.Message{Embeds: []discord.Embed{{Title: "t", Description: "c"}}}, false},
	}
	for _, tt := range tests {
		if got := same(tt.want, tt.have); got != tt.same {
			t.Errorf("%s: same = %v, want %v", tt.name, got, tt.same)
		}
	}
}

func TestNonceFitsDiscordAndTellsDeliveriesApart(t *testing.T) {
	t.Parallel()
	a, b := nonce(uuid.New()), nonce(uuid.New())
	if len(a) != 22 || len(a) > discord.MaxNonce || a == b {
		t.Errorf("nonces %q and %q", a, b)
	}
}
