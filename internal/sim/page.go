package sim

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Embedding needs a package variable; it is never written.
//
//go:embed page
var pageFiles embed.FS

// pageMessages is how many messages of a channel the page loads.
const pageMessages = 80

func (s *Sim) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /sim/control/{op}", s.serveControl(s.operations()))
	mux.HandleFunc("GET /sim/{$}", func(w http.ResponseWriter, _ *http.Request) {
		s.render(w, http.StatusOK, "index.html", object{"App": s.cfg.AppName, "Initial": initial(s.cfg.AppName)})
	})
	mux.HandleFunc("GET /sim/{asset}", serveAsset)
	mux.HandleFunc("GET /sim/state", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, s.pageState()) })
	mux.HandleFunc("GET /sim/messages", s.servePageMessages)
	mux.HandleFunc("GET /sim/commands", s.servePageCommands)
	mux.HandleFunc("GET /sim/events", s.serveEvents)
}

func serveAsset(w http.ResponseWriter, r *http.Request) {
	kinds := map[string]string{
		"app.css": "text/css", "app.js": "text/javascript", "markdown.js": "text/javascript", "message.js": "text/javascript",
		"forms.js": "text/javascript", "publish.js": "text/javascript",
	}
	kind, ok := kinds[r.PathValue("asset")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	body, err := pageFiles.ReadFile("page/" + r.PathValue("asset"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(body)
}

// render writes a page from the embedded templates.
func (s *Sim) render(w http.ResponseWriter, status int, name string, data any) {
	tpl, err := template.ParseFS(pageFiles, "page/*.html")
	if err != nil {
		panic(err) // the templates are part of the program
	}
	var out bytes.Buffer
	if err := tpl.ExecuteTemplate(&out, name, data); err != nil {
		s.cfg.Logger.Error("render page", "page", name, "error", err)
		http.Error(w, "cannot render page", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes())
}

// pageState is everything but the messages, as the page shows it.
type pageState struct {
	Version  uint64        `json:"version"`
	App      string        `json:"app"`
	BotID    string        `json:"botId"`
	Online   bool          `json:"online"`
	Sessions int           `json:"sessions"`
	Guilds   []pageGuild   `json:"guilds"`
	People   []pagePerson  `json:"people"`
	Sources  []SourceInfo  `json:"sources"`
	Commands int           `json:"commands"`
	Names    []pageMention `json:"names"`
}

type pageGuild struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Initials    string        `json:"initials"`
	HasBot      bool          `json:"hasBot"`
	Unavailable bool          `json:"unavailable"`
	Channels    []pageChannel `json:"channels"`
	Members     []pageMember  `json:"members"`
	Roles       []pageRole    `json:"roles"`
}

type pageRole struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type pageChannel struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Type     int    `json:"type"`
	Topic    string `json:"topic"`
	Messages int    `json:"messages"`
	LastID   string `json:"lastId"`
}

type pageMember struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
	Role     string `json:"role"` // owner, manager, member or bot
}

// pagePerson is somebody who can sign in, whatever servers they are in.
type pagePerson struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Username string `json:"username"`
}

// pageMention resolves an id in <@id>, <@&id> and <#id>.
type pageMention struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func (s *Sim) pageState() pageState {
	sources := s.Sources()
	s.mu.Lock()
	defer s.mu.Unlock()
	st := pageState{
		Version: s.version, App: s.cfg.AppName, BotID: s.bot.ID, Sources: sources, Guilds: []pageGuild{}, People: []pagePerson{},
		Commands: len(s.commands[""]), Names: []pageMention{},
	}
	for _, sess := range s.gw.sessions {
		if sess.conn != nil {
			st.Sessions++
		}
	}
	st.Online = st.Sessions > 0
	for _, u := range s.users {
		st.Names = append(st.Names, pageMention{u.ID, "@" + u.Name()})
	}
	for _, id := range s.userOrder {
		st.People = append(st.People, pagePerson{id, s.users[id].Name(), s.users[id].Username})
	}
	for _, id := range s.guildOrder {
		g := s.guilds[id]
		st.Guilds = append(st.Guilds, s.pageGuild(g))
		for _, r := range g.roles {
			st.Names = append(st.Names, pageMention{r.ID, "@" + strings.TrimPrefix(r.Name, "@")})
		}
		for _, ch := range g.channels {
			st.Names = append(st.Names, pageMention{ch.ID, "#" + ch.Name})
		}
	}
	return st
}

func (s *Sim) pageGuild(g *guild) pageGuild {
	out := pageGuild{
		ID: g.id, Name: g.name, Initials: initials(g.name), HasBot: g.hasBot, Unavailable: g.unavailable,
		Channels: []pageChannel{}, Members: []pageMember{}, Roles: []pageRole{},
	}
	for _, r := range g.roles {
		out.Roles = append(out.Roles, pageRole{r.ID, r.Name})
	}
	for _, ch := range g.channels {
		out.Channels = append(out.Channels, pageChannel{
			ch.ID, ch.Name, ch.Type, deref(ch.Topic), len(ch.messages), deref(ch.LastMessageID),
		})
	}
	for _, id := range g.memberOrder {
		m := g.members[id]
		role := "member"
		switch {
		case m.User.Bot:
			role = "bot"
		case g.ownerID == id:
			role = "owner"
		case g.guildPermissions(id).has(PermManageGuild):
			role = "manager"
		}
		out.Members = append(out.Members, pageMember{id, m.User.Name(), m.User.Username, role})
	}
	return out
}

// initials are the first letters of up to three words.
func initials(name string) string {
	out := ""
	for _, word := range strings.Fields(name) {
		for _, r := range word {
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				out += string(unicode.ToUpper(r))
				break
			}
		}
	}
	return string([]rune(out)[:min(len([]rune(out)), 3)])
}

// initial is the letter of an avatar without a picture.
func initial(name string) string {
	for _, r := range name {
		return string(unicode.ToUpper(r))
	}
	return "?"
}

func (s *Sim) servePageMessages(w http.ResponseWriter, r *http.Request) {
	list := s.Messages(r.URL.Query().Get("channel"))
	writeJSON(w, http.StatusOK, append([]Message{}, list[max(len(list)-pageMessages, 0):]...))
}

// servePageCommands lists the commands that a member may use.
func (s *Sim) servePageCommands(w http.ResponseWriter, r *http.Request) {
	guildID, userID := r.URL.Query().Get("guild"), r.URL.Query().Get("user")
	list := s.Commands(guildID)
	s.mu.Lock()
	var may Permissions
	if g := s.guilds[guildID]; g != nil {
		may = g.guildPermissions(userID)
	}
	s.mu.Unlock()
	list = slices.DeleteFunc(list, func(c Command) bool {
		return c.Type != 1 || c.Permissions != nil && (!may.has(*c.Permissions) || *c.Permissions == 0 && may != permAll)
	})
	writeJSON(w, http.StatusOK, append([]Command{}, list...))
}

// serveEvents is the page's stream: the version number, at most seven times a second.
func (s *Sim) serveEvents(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		http.Error(w, "closing", http.StatusServiceUnavailable)
		return
	}
	defer s.work.Done()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	rc := http.NewResponseController(w)
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	for {
		s.mu.Lock()
		version, changed := s.version, s.changed
		s.mu.Unlock()
		if _, err := fmt.Fprint(w, "data: "+strconv.FormatUint(version, 10)+"\n\n"); err != nil || rc.Flush() != nil {
			return
		}
		s.pause(r, 150*time.Millisecond)
		select {
		case <-changed:
		case <-alive.C:
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}
