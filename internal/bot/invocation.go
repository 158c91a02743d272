package bot

import (
	"strconv"
	"strings"

	"trackbot/internal/command"
	"trackbot/internal/discord"
)

// invocationOf reads an interaction; false when it is none of a member in a guild.
func invocationOf(in discord.Interaction) (command.Invocation, bool) {
	path, given := in.Data.Path()
	who := in.Invoker()
	c := command.Invocation{
		ID: in.ID, GuildID: in.GuildID, ChannelID: in.ChannelID, Name: strings.Join(path, " "), Options: command.Options{},
		Member: command.Member{ID: who.ID, Name: who.DisplayName()},
	}
	for _, option := range given {
		c.Options[option.Name] = option.Text()
		if yes, is := given.Bool(option.Name); is {
			c.Options[option.Name] = strconv.FormatBool(yes)
		}
		if option.Focused {
			c.Focused = option.Name
		}
	}
	if in.GuildID == "" || in.Member == nil {
		return c, false
	}
	c.Member.Permissions = in.Member.Permissions
	return c, true
}

// message is the answer as it is sent: within Discord's limits and pinging nobody.
func message(r command.Reply) discord.InteractionMessage {
	embed := discord.Embed{Color: r.Color, Title: r.Title, URL: r.URL, Description: r.Body}
	for _, f := range r.Fields {
		embed.Fields = append(embed.Fields, discord.EmbedField{Name: f.Name, Value: f.Value, Inline: true})
	}
	if r.Footer != "" {
		embed.Footer = &discord.EmbedFooter{Text: r.Footer}
	}
	if r.Thumbnail != "" {
		embed.Thumbnail = &discord.EmbedImage{URL: r.Thumbnail}
	}
	var buttons []discord.Component
	for _, b := range r.Buttons {
		buttons = append(buttons, discord.LinkButton(b.Text, b.URL))
	}
	return discord.InteractionMessage{
		Embeds: discord.ClampEmbeds([]discord.Embed{embed}), Components: discord.LinkRow(buttons...), Flags: discord.FlagEphemeral,
	}
}
