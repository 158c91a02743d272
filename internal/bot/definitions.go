package bot

import (
	"strconv"

	"trackbot/internal/discord"
)

// definitions are the slash commands as Discord shows them in guilds: those that only read to everybody,
// the others to members with MANAGE_GUILD. A guild may show them otherwise, so every call checks again.
func definitions() []discord.Command {
	return []discord.Command{
		trackCommand(), accountCommand(), brandCommand(), groupCommand(), channelCommand(), routeCommand(),
		slash("quiet", "Set hours of the day without posts",
			sub("set", "Hold posts between two times of the day; they come together afterwards",
				textOption("from", "When it begins, such as 22:00", true, 8), textOption("to", "When it ends, such as 7:30", true, 8),
				picked("timezone", "Whose clock; the server's as it is set if you name none", false)),
			sub("off", "Post at any time of the day")),
		slash("digest", "Gather posts into one message", digestOption()),
		slash("breakout", "Be told of posts that do unusually well",
			sub("set", "Tell when a post passes the account's usual figures", factorOption()),
			sub("off", "Stop telling")),
		slash("notifications", "Switch all announcements on or off",
			sub("on", "Announce new posts"),
			sub("off", "Announce nothing in any channel, and go on following")),
		slash("replay", "Send a post again where it did not arrive", picked("post", "The post", true), accountOption("Offer only posts of this account", false)),
		open(slash("posts", "Show the latest or the best posts", sortOption(), accountOption("Only this account", false), brandOption("Only this brand", false),
			numberOption("days", "How many days back", 1, 365))),
		open(slash("why", "Why was a post sent, or not?", picked("post", "The post", true), accountOption("Offer only posts of this account", false))),
		open(slash("settings", "Show what is set: channel, quiet hours, digest, alerts")),
		open(slash("status", "Is everything working?")),
		open(slash("dashboard", "Open the dashboard")),
	}
}

func trackCommand() discord.Command {
	return slash("track", "Follow social accounts and feeds",
		sub("add", "Follow an account or a feed", inputOption(), groupOption("Where to file it; General if you name none", false),
			channelOption("Where its posts go; the default channel if you name none"), platformOption(),
			boolOption("announce_latest", "Post the newest post there is at once, to see how it looks")),
		sub("remove", "Stop following an account and delete its posts here", accountOption("The account to remove", true)),
		sub("list", "Show what is followed", groupOption("Only this group", false), pageOption()))
}

func accountCommand() discord.Command {
	return slash("account", "See how an account stands, check it, pause it",
		sub("show", "Its state with the reason, when it is checked next, where its posts go", accountOption("The account", true)),
		sub("check", "Look for new posts at once", accountOption("The account to check", true)),
		sub("pause", "Stop checking and posting for a while", accountOption("The account to pause", true)),
		sub("resume", "Go on with a paused account", accountOption("The account to resume", true)))
}

func brandCommand() discord.Command {
	return slash("brand", "Arrange accounts by brand or client",
		sub("add", "Add a brand", nameOption("What to call it")),
		sub("rename", "Rename a brand", brandOption("The brand to rename", true), nameOption("Its new name")),
		sub("remove", "Remove a brand", brandOption("The brand to remove", true), confirmOption()),
		sub("list", "Show all brands"))
}

func groupCommand() discord.Command {
	return slash("group", "Arrange the accounts of a brand",
		sub("add", "Add a group", nameOption("What to call it"), brandOption("The brand it belongs to; needed if there are several", false)),
		sub("rename", "Rename a group", groupOption("The group to rename", true), nameOption("Its new name")),
		sub("remove", "Remove a group", groupOption("The group to remove", true), confirmOption()),
		sub("list", "Show the groups", brandOption("Only of this brand", false)))
}

func channelCommand() discord.Command {
	return slash("channel", "Choose where posts go",
		sub("set", "Send posts to a channel", channelOption("The channel; this one if you name none"),
			accountOption("Only the posts of this account", false)),
		sub("show", "Show where posts go"),
		sub("clear", "Stop sending posts to the default channel, or undo an account's own channel",
			accountOption("Only this account: its posts go to the default channel again", false)))
}

func routeCommand() discord.Command {
	filters := []discord.CommandOption{
		picked("kinds", "Which kinds of posts, such as videos, shorts", false),
		textOption("include", "Only posts with one of these words, separated by commas", false, maxWordsLength),
		textOption("exclude", "No post with one of these words, separated by commas", false, maxWordsLength),
		roleOption("role", "A role to mention with each post"),
	}
	to := channelOption("Where the posts go")
	to.Required = true
	add := append([]discord.CommandOption{
		to, accountOption("Posts of this account …", false), groupOption("… or of this group …", false), brandOption("… or of this brand", false),
	}, filters...)
	change := append([]discord.CommandOption{routeOption("The route to change"), channelOption("Where the posts go from now on")}, filters...)
	change = append(change, boolOption("no_role", "Mention nobody any more"))
	return slash("route", "Send posts of a brand, group or account to a channel of their own",
		sub("add", "Send posts to a channel, by kind and words if you like", add...),
		sub("change", "Change a route; none as words takes them away", change...),
		sub("list", "Show all routes", pageOption()),
		sub("pause", "Stop a route for a while", routeOption("The route to pause")),
		sub("resume", "Go on with a paused route", routeOption("The route to resume")),
		sub("remove", "Remove a route", routeOption("The route to remove")))
}

func slash(name, description string, options ...discord.CommandOption) discord.Command {
	manageGuild := strconv.Itoa(1 << discord.PermManageGuild)
	return discord.Command{
		Type: discord.CommandChatInput, Name: name, Description: description, Options: options,
		DefaultMemberPermissions: &manageGuild, Contexts: []int{discord.ContextGuild}, IntegrationTypes: []int{0},
	}
}

// open shows a command to every member.
func open(c discord.Command) discord.Command {
	c.DefaultMemberPermissions = nil
	return c
}
