package discord_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/discord"
)

// huge is an embed over every limit.
func TestLinkRowTakesOnlyButtonsDiscordAccepts(t *testing.T) {
	t.Parallel()
	row := discord.LinkRow(
		discord.LinkButton("ok", "https://x.test/"), discord.LinkButton("bad", "javascript:alert(1)"),
		discord.LinkButton("", "https://x.test/"), discord.LinkButton("long", "https://x.test/"+strings.Repeat("a", 600)),
	)
	text, err := json.Marshal(row)
	if want := `[{"type":1,"components":[{"type":2,"style":5,"label":"ok","url":"https://x.test/"}]}]`; err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
	if discord.LinkRow() != nil {
		t.Error("an empty row")
	}
}

func TestAllowedMentionsAreAlwaysWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in   any
		want string
	}{
		{discord.MessageCreate{}, `{"allowed_mentions":{"parse":[]}}`},
		{
			discord.MessageCreate{AllowedMentions: discord.AllowedMentions{Roles: []string{"5"}}},
			`{"allowed_mentions":{"parse":[],"roles":["5"]}}`,
		},
		{discord.InteractionResponse{Type: discord.CallbackMessage}, `{"type":4,"data":{"allowed_mentions":{"parse":[]}}}`},
	} {
		if got, err := json.Marshal(c.in); err != nil || string(got) != c.want {
			t.Errorf("%s, %v", got, err)
		}
	}
}

func TestInteractionResponses(t *testing.T) {
	t.Parallel()
	many := make([]discord.Choice, 40)
	for _, c := range []struct {
		in   discord.InteractionResponse
		want string
	}{
		{discord.InteractionResponse{Type: discord.CallbackPong}, `{"type":1}`},
		{discord.InteractionResponse{Type: discord.CallbackDefer}, `{"type":5}`},
		{
			discord.InteractionResponse{Type: discord.CallbackDefer, Message: discord.InteractionMessage{Flags: discord.FlagEphemeral | discord.FlagSuppressEmbeds}},
			`{"type":5,"data":{"flags":64}}`,
		},
		{discord.InteractionResponse{Type: discord.CallbackAutocomplete}, `{"type":8,"data":{"choices":[]}}`},
	} {
		if got, err := json.Marshal(c.in); err != nil || string(got) != c.want {
			t.Errorf("%s, %v", got, err)
		}
	}
	got, _ := json.Marshal(discord.InteractionResponse{Type: discord.CallbackAutocomplete, Choices: many})
	if n := strings.Count(string(got), `"name"`); n != discord.MaxChoices {
		t.Errorf("%d choices", n)
	}
}

func TestInteractionIsRead(t *testing.T) {
	t.Parallel()
	var i discord.Interaction
	err := json.Unmarshal([]byte(`{"id":"1","application_id":"2","type":2,"token":"t","guild_id":"3","locale":"de",
		"member":{"user":{"id":"4","username":"ann"},"roles":[],"permissions":"2147483680"},
		"data":{"id":"5","name":"track","type":1,"resolved":{"channels":{"7":{"id":"7","name":"news","type":0}}},
			"options":[{"name":"add","type":1,"options":[{"name":"account","type":3,"value":"@x","focused":true},
				{"name":"channel","type":7,"value":"7"},{"name":"days","type":4,"value":3},{"name":"quiet","type":5,"value":false}]}]}}`), &i)
	if err != nil {
		t.Fatal(err)
	}
	path, options := i.Data.Path()
	if diff := cmp.Diff([]string{"track", "add"}, path); diff != "" {
		t.Error(diff)
	}
	days, okDays := options.Int("days")
	quiet, given := options.Bool("quiet")
	focused, okFocused := options.Focused()
	if options.String("account") != "@x" || days != 3 || !okDays || quiet || !given || !okFocused || focused.Text() != "@x" ||
		i.Data.Resolved.Channels[options.String("channel")].Name != "news" || i.Invoker().Username != "ann" || !i.CanManage() {
		t.Errorf("read %+v", i)
	}
	if _, ok := options.Int("account"); ok || options.String("missing") != "" || (discord.Interaction{}).CanManage() {
		t.Error("what is not there was read")
	}
	if path, options := (*discord.InteractionData)(nil).Path(); path != nil || options != nil {
		t.Error("no data has a path")
	}
}

func TestSnowflakesTellTheirTime(t *testing.T) {
	t.Parallel()
	// The example of Discord API docs: Reference, Snowflakes, without worker and increment.
	if got := discord.SnowflakeAt(time.Date(2016, 4, 30, 11, 18, 25, 796e6, time.UTC)); got != "175928847298985984" {
		t.Error(got)
	}
}

func TestImageAddresses(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		discord.User{ID: "80351110224678912", Avatar: "a_8342"}.AvatarURL(): "https://cdn.discordapp.com/avatars/80351110224678912/a_8342.png",
		discord.User{ID: "80351110224678912"}.AvatarURL():                   "https://cdn.discordapp.com/embed/avatars/5.png",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestOddTimesAreZero(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		`"2024-10-18T14:42:53.064834"`: time.Date(2024, 10, 18, 14, 42, 53, 64834000, time.UTC),
		`null`:                         {}, `"soon"`: {}, `17`: {},
	} {
		var got discord.Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}
