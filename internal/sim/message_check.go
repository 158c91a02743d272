package sim

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a message (Discord API docs: Create Message, Embed Limits).
const (
	maxContent     = 2000
	maxNonce       = 25
	maxEmbeds      = 10
	maxEmbedTotal  = 6000
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxComponents  = 5
)

// messageForm is the body of a message create or edit. Pointers tell "absent" from "empty".
type messageForm struct {
	Content         *string            `json:"content"`
	Nonce           any                `json:"nonce"`
	EnforceNonce    bool               `json:"enforce_nonce"`
	TTS             bool               `json:"tts"`
	Embeds          *[]Embed           `json:"embeds"`
	AllowedMentions *allowedMentions   `json:"allowed_mentions"`
	Reference       *Reference         `json:"message_reference"`
	Components      *[]json.RawMessage `json:"components"`
	Flags           int                `json:"flags"`

	attachments []Attachment
}

// check validates the form and trims what Discord trims.
func (m *messageForm) check() *apiError {
	var f formErrors
	if m.Content != nil {
		f.max("content", *m.Content, maxContent)
	}
	switch n := m.Nonce.(type) {
	case nil:
	case string:
		f.max("nonce", n, maxNonce)
	case float64:
		f.max("nonce", fmt.Sprintf("%.0f", n), maxNonce)
	default:
		f.add("nonce", "NONCE_TYPE_INVALID", "This field must be a string or integer.")
	}
	if m.Embeds != nil {
		f.embeds(*m.Embeds)
	}
	if m.Components != nil && len(*m.Components) > maxComponents {
		f.add("components", "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", maxComponents))
	}
	if a := m.AllowedMentions; a != nil {
		f.mentions(*a)
	}
	return f.err()
}

// empty reports that nothing would be visible (50006).
func (m *messageForm) empty() bool {
	text := m.Content != nil && strings.TrimSpace(*m.Content) != ""
	embeds := m.Embeds != nil && len(*m.Embeds) > 0
	components := m.Components != nil && len(*m.Components) > 0
	return !text && !embeds && !components && len(m.attachments) == 0
}

func (f *formErrors) max(path, value string, limit int) {
	if utf8.RuneCountInString(strings.TrimSpace(value)) > limit {
		f.add(path, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", limit))
	}
}

func (f *formErrors) required(path, value string, limit int) {
	if strings.TrimSpace(value) == "" {
		f.add(path, "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	f.max(path, value, limit)
}

func (f *formErrors) url(path, value string, schemes ...string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || u.Scheme != "attachment" && u.Host == "" {
		f.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
		return
	}
	for _, s := range schemes {
		if u.Scheme == s {
			return
		}
	}
	f.add(path, "URL_TYPE_INVALID_SCHEME",
		fmt.Sprintf("Scheme %q must be one of ('%s').", u.Scheme, strings.Join(schemes, "', '")))
}

func (f *formErrors) embeds(list []Embed) {
	if len(list) > maxEmbeds {
		f.add("embeds", "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", maxEmbeds))
		return
	}
	total := 0
	for i := range list {
		f.embed(fmt.Sprintf("embeds.%d.", i), &list[i])
		total += list[i].size()
	}
	if total > maxEmbedTotal {
		f.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", fmt.Sprintf("Embed size exceeds maximum size of %d", maxEmbedTotal))
	}
}

func (f *formErrors) embed(at string, e *Embed) {
	e.Type = "rich"
	e.Title, e.Description = strings.TrimSpace(e.Title), strings.TrimSpace(e.Description)
	if e.bare() {
		f.add(at+"description", "BASE_TYPE_REQUIRED", "This field is required")
	}
	f.max(at+"title", e.Title, maxTitle)
	f.max(at+"description", e.Description, maxDescription)
	f.url(at+"url", e.URL, "http", "https", "discord")
	if e.Timestamp != "" {
		if _, err := time.Parse(time.RFC3339, e.Timestamp); err != nil {
			f.add(at+"timestamp", "DATE_TIME_TYPE_PARSE", fmt.Sprintf("Could not parse %s. Should be ISO8601.", e.Timestamp))
		}
	}
	if e.Color != nil && *e.Color < 0 {
		f.add(at+"color", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 0.")
	}
	if e.Color != nil && *e.Color > 0xffffff {
		f.add(at+"color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215.")
	}
	if e.Footer != nil {
		f.required(at+"footer.text", e.Footer.Text, maxFooter)
		f.url(at+"footer.icon_url", e.Footer.IconURL, "http", "https", "attachment")
	}
	if e.Author != nil {
		f.required(at+"author.name", e.Author.Name, maxAuthor)
		f.url(at+"author.url", e.Author.URL, "http", "https")
		f.url(at+"author.icon_url", e.Author.IconURL, "http", "https", "attachment")
	}
	if e.Image != nil {
		f.url(at+"image.url", e.Image.URL, "http", "https", "attachment")
	}
	if e.Thumbnail != nil {
		f.url(at+"thumbnail.url", e.Thumbnail.URL, "http", "https", "attachment")
	}
	if len(e.Fields) > maxFields {
		f.add(at+"fields", "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", maxFields))
	}
	for i, field := range e.Fields {
		f.required(fmt.Sprintf("%sfields.%d.name", at, i), field.Name, maxFieldName)
		f.required(fmt.Sprintf("%sfields.%d.value", at, i), field.Value, maxFieldValue)
	}
}

func (e *Embed) bare() bool {
	return e.Title == "" && e.Description == "" && e.Image == nil && e.Thumbnail == nil &&
		e.Author == nil && e.Footer == nil && len(e.Fields) == 0
}

// size is what counts towards the 6000 characters of a message.
func (e *Embed) size() int {
	texts := []string{e.Title, e.Description}
	if e.Footer != nil {
		texts = append(texts, e.Footer.Text)
	}
	if e.Author != nil {
		texts = append(texts, e.Author.Name)
	}
	for _, field := range e.Fields {
		texts = append(texts, field.Name, field.Value)
	}
	n := 0
	for _, t := range texts {
		n += utf8.RuneCountInString(strings.TrimSpace(t))
	}
	return n
}

// mentions checks that parse and explicit ids exclude one another.
func (f *formErrors) mentions(a allowedMentions) {
	for _, kind := range a.Parse {
		if kind != "users" && kind != "roles" && kind != "everyone" {
			f.add("allowed_mentions.parse", "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone').")
		}
		if kind == "users" && len(a.Users) > 0 || kind == "roles" && len(a.Roles) > 0 {
			f.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
				fmt.Sprintf("parse:[%q] and %s: [ids...] are mutually exclusive.", kind, kind))
		}
	}
	if len(a.Users) > 100 {
		f.add("allowed_mentions.users", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	}
	if len(a.Roles) > 100 {
		f.add("allowed_mentions.roles", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
	}
}
