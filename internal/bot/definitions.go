package bot

import (
	"strconv"

	"trackbot/internal/command"
	"trackbot/internal/discord"
	"trackbot/internal/source"
)

const maxNameLength = 100

// definitions are the slash commands as Discord shows them: in guilds, to members with
// MANAGE_GUILD. A guild may show them to others, so every call checks again.
func definitions() []discord.Command {
	commands := []discord.Command{
		slash("track", "Follow social accounts and feeds",
			sub("add", "Follow an account or a feed", inputOption(), groupOption("Where to file it; General if you name none", false),
				channelOption("Where its posts go; the default channel if you name none"), platformOption(),
				boolOption("announce_latest", "Post the newest post there is at once, to see how it looks")),
			sub("remove", "Stop following an account and delete its posts here", accountOption("The account to remove", true)),
			sub("list", "Show what is followed", groupOption("Only this group", false), pageOption())),
		slash("brand", "Arrange accounts by brand or client",
			sub("add", "Add a brand", nameOption("What to call it")),
			sub("rename", "Rename a brand", brandOption("The brand to rename", true), nameOption("Its new name")),
			sub("remove", "Remove a brand", brandOption("The brand to remove", true), confirmOption()),
			sub("list", "Show all brands")),
		slash("group", "Arrange the accounts of a brand",
			sub("add", "Add a group", nameOption("What to call it"), brandOption("The brand it belongs to; needed if there are several", false)),
			sub("rename", "Rename a group", groupOption("The group to rename", true), nameOption("Its new name")),
			sub("remove", "Remove a group", groupOption("The group to remove", true), confirmOption()),
			sub("list", "Show the groups", brandOption("Only of this brand", false))),
		slash("channel", "Choose where posts go",
			sub("set", "Send posts to a channel", channelOption("The channel; this one if you name none"),
				accountOption("Only the posts of this account", false)),
			sub("show", "Show where posts go"),
			sub("clear", "Stop sending posts to the default channel, or undo an account's own channel",
				accountOption("Only this account: its posts go to the default channel again", false))),
		slash("status", "Is everything working?"),
		slash("dashboard", "Open the dashboard"),
	}
	return commands
}

func slash(name, description string, options ...discord.CommandOption) discord.Command {
	manageGuild := strconv.Itoa(1 << discord.PermManageGuild)
	return discord.Command{
		Type: discord.CommandChatInput, Name: name, Description: description, Options: options,
		DefaultMemberPermissions: &manageGuild, Contexts: []int{discord.ContextGuild}, IntegrationTypes: []int{0},
	}
}

func sub(name, description string, options ...discord.CommandOption) discord.CommandOption {
	return discord.CommandOption{Type: discord.OptionSubCommand, Name: name, Description: description, Options: options}
}

func textOption(name, description string, required bool, longest int) discord.CommandOption {
	shortest := 1
	return discord.CommandOption{
		Type: discord.OptionString, Name: name, Description: description, Required: required, MinLength: &shortest, MaxLength: &longest,
	}
}

func inputOption() discord.CommandOption {
	return textOption("account", "An address, a handle or a feed: https://…, @name@host, name.bsky.social", true, 2048)
}

func nameOption(description string) discord.CommandOption {
	return textOption("name", description, true, maxNameLength)
}

func picked(name, description string, required bool) discord.CommandOption {
	return discord.CommandOption{Type: discord.OptionString, Name: name, Description: description, Required: required, Autocomplete: true}
}

func accountOption(description string, required bool) discord.CommandOption {
	return picked("account", description, required)
}

func brandOption(description string, required bool) discord.CommandOption {
	return picked("brand", description, required)
}

func groupOption(description string, required bool) discord.CommandOption {
	return picked("group", description, required)
}

func channelOption(description string) discord.CommandOption {
	return discord.CommandOption{
		Type: discord.OptionChannel, Name: "channel", Description: description,
		ChannelTypes: []discord.ChannelType{discord.ChannelText, discord.ChannelAnnouncement},
	}
}

func platformOption() discord.CommandOption {
	o := discord.CommandOption{Type: discord.OptionString, Name: "platform", Description: "What it is; found out from the address if you say nothing"}
	for _, p := range []string{source.RSS, source.Bluesky, source.Mastodon, source.YouTube, source.Twitch} {
		o.Choices = append(o.Choices, discord.Choice{Name: command.PlatformName(p), Value: p})
	}
	return o
}

func boolOption(name, description string) discord.CommandOption {
	return discord.CommandOption{Type: discord.OptionBoolean, Name: name, Description: description}
}

func confirmOption() discord.CommandOption {
	return boolOption("confirm", "Yes, with everything in it: accounts, posts and history")
}

func pageOption() discord.CommandOption {
	return discord.CommandOption{Type: discord.OptionInteger, Name: "page", Description: "Which page"}
}
