package source

import "strings"

// The shapes of Helix's answers (Twitch API reference), what we use of them.

type twitchList[T any] struct {
	Data list[T] `json:"data"`
}

type twitchUser struct {
	ID      string `json:"id"`
	Login   string `json:"login"`
	Name    string `json:"display_name"`
	Picture string `json:"profile_image_url"`
}

type twitchStream struct {
	ID        string `json:"id"`
	UserID    string `json:"user_id"`
	Login     string `json:"user_login"`
	Name      string `json:"user_name"`
	Game      string `json:"game_name"`
	Type      string `json:"type"`
	Title     string `json:"title"`
	Viewers   figure `json:"viewer_count"`
	StartedAt string `json:"started_at"`
	Thumbnail string `json:"thumbnail_url"`
}

type twitchVideo struct {
	ID          string `json:"id"`
	StreamID    string `json:"stream_id"`
	UserID      string `json:"user_id"`
	Name        string `json:"user_name"`
	Title       string `json:"title"`
	Description string `json:"description"`
	PublishedAt string `json:"published_at"`
	CreatedAt   string `json:"created_at"`
	URL         string `json:"url"`
	Thumbnail   string `json:"thumbnail_url"`
	Views       figure `json:"view_count"`
}

func (u *twitchUser) account() Account {
	return Account{
		Platform: Twitch, ExternalID: u.ID, Handle: u.Login, DisplayName: either(u.Name, u.Login),
		URL: "https://www.twitch.tv/" + u.Login, AvatarURL: u.Picture,
	}
}

// post is the stream as a post with the identity of the stream it began as.
func (s *twitchStream) post(began string) Post {
	return Post{
		ExternalID: twitchLive + began, Kind: KindLive, URL: "https://www.twitch.tv/" + s.Login, Title: s.Title, Body: s.Game,
		AuthorName: either(s.Name, s.Login), ThumbnailURL: sized(s.Thumbnail), PublishedAt: jsonTime(s.StartedAt),
		Metrics: &Metrics{Views: s.Viewers.n},
	}
}

func (v *twitchVideo) post() Post {
	return Post{
		ExternalID: v.ID, Kind: KindVideo, URL: v.URL, Title: v.Title, Body: v.Description, AuthorName: v.Name,
		ThumbnailURL: sized(v.Thumbnail), PublishedAt: jsonTime(either(v.PublishedAt, v.CreatedAt)),
		Metrics: &Metrics{Views: v.Views.n},
	}
}

// sized fills the size into a picture's address, which Twitch leaves open in two ways.
func sized(template string) string {
	return strings.NewReplacer("%{width}", "640", "%{height}", "360", "{width}", "640", "{height}", "360").Replace(template)
}
