package source

import (
	"bytes"
	"mime"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// prologLen is how much of a document is searched for an encoding declaration.
const prologLen = 1024

// toUTF8 converts a document to UTF-8. A byte order mark decides first; then bytes that form valid
// UTF-8 are that, whatever is declared (servers put iso-8859-1 on everything), unless a declared
// seven-bit encoding could look the same; then the declaration of the header, then of the prolog.
// Undeclared bytes that are no UTF-8 are read as windows-1252, as browsers do.
func toUTF8(body []byte, contentType string) []byte {
	if rest, ok := bytes.CutPrefix(body, []byte("\xEF\xBB\xBF")); ok {
		return bytes.ToValidUTF8(rest, []byte("\uFFFD"))
	}
	label := ""
	switch {
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}):
		label = "utf-16be"
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}):
		label = "utf-16le"
	default:
		label = declaredCharset(body, contentType)
		if utf8.Valid(body) && !sevenBit(label) {
			return body
		}
	}
	enc, name := charset.Lookup(label)
	switch {
	case name == "utf-8":
		return bytes.ToValidUTF8(body, []byte("\uFFFD"))
	case enc == nil:
		enc, _ = charset.Lookup("windows-1252")
	}
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	return bytes.TrimPrefix(out, []byte("\uFEFF"))
}

// declaredCharset is the label in the Content-Type header, else in the document's prolog
// (RFC 7303 §3), "" if neither names one.
func declaredCharset(body []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		return params["charset"]
	}
	head := body[:min(len(body), prologLen)]
	declared := regexp.MustCompile(`(?i)(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._:-]+)`)
	if m := declared.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}

// sevenBit tells whether text in this encoding may pass for ASCII.
func sevenBit(label string) bool {
	switch strings.ToLower(label) {
	case "iso-2022-jp", "csiso2022jp", "hz-gb-2312", "utf-16", "utf-16le", "utf-16be":
		return true
	}
	return false
}

// xmlClean drops from UTF-8 text the characters that XML 1.0 §2.2 forbids, written plainly or as
// references; one stray byte would otherwise cost the whole feed.
func xmlClean(body []byte) []byte {
	if bytes.IndexFunc(body, notXML) >= 0 {
		body = bytes.Map(func(r rune) rune {
			if notXML(r) {
				return -1
			}
			return r
		}, body)
	}
	if !bytes.Contains(body, []byte("&#")) {
		return body
	}
	reference := regexp.MustCompile(`&#(?:[0-9]{1,8}|[xX][0-9a-fA-F]{1,8});`)
	return reference.ReplaceAllFunc(body, func(ref []byte) []byte {
		digits, base := string(ref[2:len(ref)-1]), 10
		if digits[0] == 'x' || digits[0] == 'X' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(digits, base, 32); err != nil || n > utf8.MaxRune || notXML(rune(n)) {
			return nil
		}
		return ref
	})
}

func notXML(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r < 0x20, r >= 0xD800 && r <= 0xDFFF, r == 0xFFFE, r == 0xFFFF:
		return true
	}
	return false
}
