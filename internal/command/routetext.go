package command

import (
	"slices"
	"strings"

	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/route"
)

// Limits of a route's words, as the contract has them.
const (
	maxWords      = 50
	maxWordLength = 100
)

// kindWords are the kinds of posts as people write them, in the order that lists have everywhere.
func kindWords() [][]string {
	return [][]string{
		{"post", "posts"},
		{"video", "videos"},
		{"short", "shorts"},
		{"live", "lives", "live streams", "streams"},
		{"reply", "replies"},
		{"repost", "reposts"},
	}
}

// allKinds stands for every kind.
const allKinds = "all"

// kindsOf reads kinds separated by commas; none for "".
func kindsOf(text string) ([]string, error) {
	var out []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.ToLower(strings.Join(strings.Fields(part), " "))
		found := false
		for _, words := range kindWords() {
			if slices.Contains(words, part) || part == allKinds {
				found = true
				if !slices.Contains(out, words[0]) {
					out = append(out, words[0])
				}
			}
		}
		if !found && part != "" {
			return nil, fault.Newf(fault.ValidationFailed,
				"“%s” is no kind of post. There are post, video, short, live, reply and repost; separate several by commas, or say all.", escape(cut(part, 40)))
		}
	}
	if len(out) == 0 && text != "" {
		return nil, fault.New(fault.ValidationFailed, "Name at least one kind: post, video, short, live, reply or repost.")
	}
	return out, nil
}

// kindNames are kinds for people.
func kindNames(kinds []string) string {
	var names []string
	for _, words := range kindWords() {
		if slices.Contains(kinds, words[0]) {
			names = append(names, words[1])
		}
	}
	switch {
	case len(names) == len(kindWords()):
		return "everything"
	case len(names) == 0:
		return "nothing"
	case slices.Contains(kinds, "live"):
		names[slices.Index(names, "lives")] = "live streams"
	}
	return strings.Join(names, ", ")
}

// kindChoices offers combinations that people use, those first that hold what was typed.
func kindChoices(typed string) []Choice {
	combinations := [][]string{
		route.DefaultKinds(), {"post", "video", "short", "live", "reply", "repost"}, {"video", "short", "live"}, {"video"}, {"short"}, {"live"}, {"post"},
	}
	if own, err := kindsOf(typed); err == nil && len(own) > 0 {
		combinations = append([][]string{own}, combinations...)
	}
	var out []Choice
	for _, kinds := range combinations {
		c := Choice{cut(capital(kindNames(kinds)), discord.MaxChoiceName), strings.Join(kinds, ",")}
		fits := typed == "" || strings.Contains(strings.ToLower(c.Name), strings.ToLower(typed)) || len(out) == 0 && len(combinations) > 7
		if fits && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// wordsOf reads words or phrases separated by commas; "none" is an empty list.
func wordsOf(option, text string) ([]string, error) {
	out := []string{}
	if strings.EqualFold(strings.TrimSpace(text), nothing) {
		return out, nil
	}
	for word := range strings.SplitSeq(text, ",") {
		word = strings.Join(strings.Fields(word), " ")
		same := func(have string) bool { return strings.EqualFold(have, word) }
		switch {
		case word == "" || slices.ContainsFunc(out, same):
		case len([]rune(word)) > maxWordLength:
			return nil, fault.Newf(fault.ValidationFailed, "A word or phrase of `%s` may have %d characters. Separate several by commas.", option, maxWordLength)
		default:
			out = append(out, word)
		}
	}
	if len(out) > maxWords {
		return nil, fault.Newf(fault.ValidationFailed, "`%s` takes at most %d words or phrases.", option, maxWords)
	}
	return out, nil
}
