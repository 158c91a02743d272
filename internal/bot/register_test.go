package bot_test

import (
	"testing"

	"trackbot/internal/discord"
)

func TestCommandsAreWrittenOnlyWhenDiscordHasOthers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	asked, written := 0, 0
	count := func() (asks, writes int) {
		for _, r := range s.Requests("/api/v10/applications/*/commands") {
			switch r.Method {
			case "GET":
				asks++
			case "PUT":
				writes++
			}
		}
		return asks, writes
	}
	restart := func() {
		stop := s.start()
		asked++
		s.eventually("the bot has asked for its commands", func() bool { asks, _ := count(); return asks == asked })
		s.joined()
		s.run("status") // by the time of the answer a list that differs would be written
		stop()
	}
	restart()
	written++
	all := len(s.Commands(""))
	restart()
	if _, got := count(); got != written || all < 10 {
		t.Errorf("%d commands written %d times by two starts", all, got)
	}
	api := discord.New(discord.Config{BaseURL: s.base + "/api/v10", Token: s.BotToken()})
	defer api.Close()
	apps, err := api.CurrentApplication(t.Context())
	s.must(err)
	_, err = api.PutGlobalCommands(t.Context(), apps.ID, []discord.Command{{Type: discord.CommandChatInput, Name: "old", Description: "Of an older version"}})
	s.must(err)
	s.start()
	s.eventually("the commands are back", func() bool { return len(s.Commands("")) == all })
}
