package source

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The limits of an XML document. The parser behind recurses per level and keeps maps per element, so
// 5 MiB of hostile XML could cost gigabytes; these keep it in proportion. Real feeds stay far below.
const (
	xmlMaxDepth    = 64
	xmlMaxElements = 150_000
	xmlMaxAttrs    = 64
	xmlMaxScope    = 128     // namespace declarations that hold at one place
	xmlMaxRuns     = 2_000   // pieces of text within one element
	xmlMaxMarkup   = 300_000 // tags written as text: the parser builds a tree of an Atom entry's HTML
	xmlMaxItems    = 5_000   // items parsed; of these the newest 500 count
)

// document is an XML document within the limits: UTF-8, from the root element on.
type document struct {
	root string // local name of the root element, lower case
	text []byte
}

// readXML brings a body into that form. A document with more items than the limit is cut after the
// last one allowed and closed properly.
func readXML(body []byte, contentType string) (document, error) {
	text := xmlClean(toUTF8(body, contentType))
	// The declaration named the encoding of before, or a version the decoder refuses.
	if trimmed := bytes.TrimLeft(text, " \t\r\n"); bytes.HasPrefix(trimmed, []byte("<?xml")) {
		if end := bytes.Index(trimmed, []byte("?>")); end >= 0 {
			text = trimmed[end+2:]
		}
	}
	s := xmlScan{decoder: xml.NewDecoder(bytes.NewReader(text))}
	s.decoder.Strict = false
	if err := s.run(); err != nil {
		return document{}, err
	}
	doc := document{root: strings.ToLower(s.root), text: text[s.start:]}
	if s.cut > 0 {
		doc.text = append(bytes.Clone(text[s.start:s.cut]), s.closing()...)
	}
	return doc, nil
}

// xmlScan reads a document once to check it against the limits, and to find where it starts and ends.
type xmlScan struct {
	decoder  *xml.Decoder
	open     []openElement
	elements int
	items    int
	scope    int // namespace declarations of the open elements
	markup   int
	root     string
	start    int64 // offset of the root element
	cut      int64 // offset after the last item allowed, 0 if there are no more
}

type openElement struct {
	name  xml.Name // Space is the prefix
	runs  int
	decls int
}

var errXMLLimit = errors.New("document passes the limits")

func (s *xmlScan) run() error {
	for s.cut == 0 {
		before := s.decoder.InputOffset()
		tok, err := s.decoder.RawToken()
		if err == io.EOF {
			if s.root == "" || len(s.open) > 0 {
				return malformedXML(io.ErrUnexpectedEOF)
			}
			return nil
		}
		if err != nil {
			return malformedXML(err)
		}
		done, err := s.token(tok, before)
		if errors.Is(err, errXMLLimit) {
			return refuse(TooLarge, "The feed is too complex to be read.", "scan xml: %w", err)
		}
		if err != nil || done {
			return err
		}
	}
	return nil
}

func malformedXML(err error) *Error {
	return refuse(Malformed, "The feed's XML is broken.", "scan xml: %w", err)
}

// token takes one token; true means that the root element has ended.
func (s *xmlScan) token(tok xml.Token, offset int64) (bool, error) {
	switch t := tok.(type) {
	case xml.StartElement:
		if s.root == "" {
			s.root, s.start = t.Name.Local, offset
		}
		return false, s.begin(t)
	case xml.EndElement:
		return s.end(t.Name)
	case xml.CharData:
		return false, s.characters(t)
	}
	return false, nil
}

func (s *xmlScan) begin(t xml.StartElement) error {
	el := openElement{name: t.Name}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
			el.decls++
		}
	}
	s.elements++
	s.scope += el.decls
	if s.elements > xmlMaxElements || s.scope > xmlMaxScope || len(s.open) >= xmlMaxDepth || len(t.Attr) > xmlMaxAttrs {
		return fmt.Errorf("%w at <%s>", errXMLLimit, t.Name.Local)
	}
	s.open = append(s.open, el)
	return nil
}

func (s *xmlScan) characters(text xml.CharData) error {
	s.markup += bytes.Count(text, []byte("<"))
	last := len(s.open) - 1
	if last < 0 {
		return nil
	}
	s.open[last].runs++
	if (s.open[last].runs > xmlMaxRuns && !s.container(last)) || s.markup > xmlMaxMarkup {
		return fmt.Errorf("%w: text of <%s>", errXMLLimit, s.open[last].name.Local)
	}
	return nil
}

// end closes elements down to the one named, as the decoder does when it is not strict.
func (s *xmlScan) end(name xml.Name) (bool, error) {
	for n := len(s.open) - 1; n >= 0; n-- {
		closed := s.open[n].name
		s.scope -= s.open[n].decls
		s.open = s.open[:n]
		if isItem(closed.Local) && n <= 2 {
			if s.items++; s.items == xmlMaxItems {
				s.cut = s.decoder.InputOffset()
			}
		}
		if closed.Local == name.Local {
			return n == 0, nil
		}
	}
	return false, malformedXML(fmt.Errorf("unexpected end element </%s>", name.Local))
}

// container tells whether the open element at depth i holds the items, so that the white space
// between them makes many runs.
func (s *xmlScan) container(i int) bool {
	return i == 0 || (i == 1 && strings.EqualFold(s.open[i].name.Local, "channel"))
}

func isItem(local string) bool {
	return strings.EqualFold(local, "item") || strings.EqualFold(local, "entry")
}

// closing are the end tags that a document cut now lacks.
func (s *xmlScan) closing() []byte {
	var b bytes.Buffer
	for n := len(s.open) - 1; n >= 0; n-- {
		name := s.open[n].name
		b.WriteString("</")
		if name.Space != "" {
			b.WriteString(name.Space + ":")
		}
		b.WriteString(name.Local + ">")
	}
	return b.Bytes()
}
