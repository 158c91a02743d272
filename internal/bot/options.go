package bot

import (
	"trackbot/internal/command"
	"trackbot/internal/delivery"
	"trackbot/internal/discord"
	"trackbot/internal/guild"
	"trackbot/internal/source"
)

// Limits of what is typed.
const (
	maxNameLength  = 100
	maxWordsLength = 1000 // of all words of a route together
)

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

func pageOption() discord.CommandOption { return numberOption("page", "Which page", 1, 1000) }

func numberOption(name, description string, least, greatest float64) discord.CommandOption {
	return discord.CommandOption{Type: discord.OptionInteger, Name: name, Description: description, MinValue: &least, MaxValue: &greatest}
}

func roleOption(name, description string) discord.CommandOption {
	return discord.CommandOption{Type: discord.OptionRole, Name: name, Description: description}
}

func routeOption(description string) discord.CommandOption { return picked("route", description, true) }

func factorOption() discord.CommandOption {
	o := numberOption("factor", "How many times the usual figure it takes: from 2 to 20", guild.LeastBreakout, guild.GreatestBreakout)
	o.Type, o.Required = discord.OptionNumber, true
	return o
}

func digestOption() discord.CommandOption {
	return discord.CommandOption{
		Type: discord.OptionString, Name: "rhythm", Description: "How often", Required: true,
		Choices: []discord.Choice{
			{Name: "Off: each post at once", Value: delivery.DigestOff},
			{Name: "Hourly: at the full hour", Value: delivery.DigestHourly},
			{Name: "Daily: in the morning", Value: delivery.DigestDaily},
		},
	}
}

func sortOption() discord.CommandOption {
	return discord.CommandOption{
		Type: discord.OptionString, Name: "sort", Description: "The latest if you say nothing",
		Choices: []discord.Choice{{Name: "Latest", Value: "latest"}, {Name: "Most viewed", Value: "views"}, {Name: "Most liked", Value: "likes"}},
	}
}
