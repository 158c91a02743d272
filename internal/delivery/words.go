package delivery

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// haystack is a text in which words are looked for.
type haystack string

func newHaystack(s string) haystack { return haystack(fold(s)) }

// fold makes texts comparable: lower case, single spaces.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(s)), " ")
}

// has tells whether the word or phrase stands in the text, whatever the case. It must stand alone:
// "art" is not in "party". In scripts that are written without spaces it need not.
// An empty word is in no text.
func (h haystack) has(word string) bool {
	word = fold(word)
	if word == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	text := string(h)
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !(spaced(first) && spaced(before)) && !(spaced(last) && spaced(after)) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		from = start + size
	}
}

// spaced tells whether r is part of a word in a script that puts spaces between words.
func spaced(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) &&
		!unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
