package command

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/discord"
	"trackbot/internal/fault"
)

func TestTimesOfDayAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"22:00": "22:00", "7:30": "07:30", "7": "07:00", "7.05": "07:05", "18h15": "18:15", "10 pm": "22:00", "12am": "00:00", "12:30 PM": "12:30",
		"00:00": "00:00", "23:59": "23:59", " 9:00 ": "09:00",
		"24:00": "", "22:60": "", "13pm": "", "0am": "", "": "", "noon": "", "-1": "", "7:3": "", "123": "", "１０:００": "",
	} {
		if got := timeOfDay(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestKindsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": nil, "videos, Shorts": {"video", "short"}, "post,post": {"post"}, "live  streams": {"live"}, "replies,reposts,": {"reply", "repost"},
		"all": {"post", "video", "short", "live", "reply", "repost"},
	} {
		got, err := kindsOf(text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
	for _, text := range []string{"film", ",", "video film"} {
		if _, err := kindsOf(text); !fault.Is(err, fault.ValidationFailed) {
			t.Errorf("%q passes: %v", text, err)
		}
	}
}

func TestWordsAreSeparatedByCommas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"": {}, "none": {}, " NONE ": {}, "launch": {"launch"}, " big  launch ,Sale,sale,, ": {"big launch", "Sale"},
	} {
		got, err := wordsOf("include", text)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", text, err, diff)
		}
	}
}

func TestChoicesOfKindsCanBeGivenBack(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "vid", "short, reposts", "nonsense", "all"} {
		for _, c := range kindChoices(typed) {
			kinds, err := kindsOf(c.Value)
			if err != nil || capital(kindNames(kinds)) != c.Name {
				t.Errorf("%q offers %q as %q: %v", typed, c.Name, c.Value, err)
			}
		}
	}
	if first := kindChoices("short, reposts")[0].Value; first != "short,repost" {
		t.Errorf("what was typed is not offered first but %q", first)
	}
	if n := len(kindChoices("")); n != 7 {
		t.Errorf("%d choices", n)
	}
}

func TestEveryZoneIsKnownAndOfferedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range zones() {
		if _, err := time.LoadLocation(name); err != nil || seen[name] {
			t.Errorf("zone %s: %v", name, err)
		}
		seen[name] = true
	}
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	want := []Choice{{"Europe/Berlin · 14:00", "Europe/Berlin"}}
	if diff := cmp.Diff(want, zoneChoices(" berl", "Europe/Berlin", now)); diff != "" {
		t.Error(diff)
	}
	if all := zoneChoices("", "Europe/Kyiv", now); len(all) != discord.MaxChoices || all[0].Value != "Europe/Kyiv" {
		t.Errorf("offers %v", all)
	}
}

func FuzzTypedTextMeansWhatItSaysOrIsRefused(f *testing.F) {
	for _, seed := range []string{"videos, shorts", "10 pm", "none", "a,b,,c", strings.Repeat("x,", 60), "\xff,é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at := timeOfDay(text); at != "" {
			if _, err := time.Parse("15:04", at); err != nil || timeOfDay(at) != at {
				t.Errorf("%q is %q", text, at)
			}
		}
		kinds, err := kindsOf(text)
		if again, _ := kindsOf(strings.Join(kinds, ",")); err == nil && !cmp.Equal(kinds, again) {
			t.Errorf("%q is %v, then %v", text, kinds, again)
		}
		words, err := wordsOf("include", text)
		if err == nil && len(words) > maxWords {
			t.Errorf("%d words", len(words))
		}
		for _, word := range words {
			if strings.TrimSpace(word) == "" || len([]rune(word)) > maxWordLength || strings.Contains(word, ",") {
				t.Errorf("word %q", word)
			}
		}
	})
}
