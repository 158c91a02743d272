package delivery

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Placeholders are the names that a template may hold in braces, in the order in which they are told.
func Placeholders() []string {
	return []string{"account", "author", "title", "text", "url", "platform", "kind", "published"}
}

var placeholder = regexp.MustCompile(`\{([A-Za-z]+)\}`)

// CheckTemplate returns what is wrong with a template, in a sentence for its author, "" for nothing.
func CheckTemplate(template string) string {
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		if !slices.Contains(Placeholders(), m[1]) {
			return fmt.Sprintf("{%s} is not known; known are {%s}.", m[1], strings.Join(Placeholders(), "}, {"))
		}
	}
	return ""
}

const (
	// maxContent leaves room for a mention within Discord's 2000.
	maxContent = 1900
	// maxText is short, so that a template that holds it twice does not lose the rest.
	maxText = 300
)

// fill puts a post into a template. What stands in the template is its author's, with markdown; what
// comes from the post is escaped. Whatever either says, a message pings by its allowed mentions alone.
func fill(template string, p Post) string {
	if template == "" {
		return ""
	}
	out := placeholder.ReplaceAllStringFunc(template, func(name string) string {
		return value(name[1:len(name)-1], p)
	})
	return clip(strings.TrimSpace(out), maxContent)
}

func value(name string, p Post) string {
	switch name {
	case "account":
		return Escape(clip(oneLine(p.Account), maxName))
	case "author":
		author := clip(oneLine(p.Author), maxName)
		if author == "" {
			author = clip(oneLine(p.Account), maxName)
		}
		return Escape(author)
	case "title":
		return title(p)
	case "text":
		return Escape(clip(body(p), maxText))
	case "url":
		return webURL(p.URL)
	case "platform":
		return platformName(p.Platform)
	case "kind":
		return kindNames[p.Kind]
	case "published":
		if p.PublishedAt.IsZero() {
			return ""
		}
		return fmt.Sprintf("<t:%d:R>", p.PublishedAt.Unix())
	}
	return "{" + name + "}"
}
