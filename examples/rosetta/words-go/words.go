package main

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"unicode/utf8"
)

var errNotUTF8 = errors.New("the text is not UTF-8")

// counter counts words: runs of ASCII letters, apostrophes and bytes from 0x80
// up, with ASCII letters in lower case.
type counter struct {
	counts map[string]*int
	total  int
	word   []byte // the word that has begun
}

// read counts the words of a text while it arrives.
func (c *counter) read(text io.Reader) error {
	buffer := make([]byte, 64<<10)
	kept := 0 // bytes at the beginning of buffer of a character that is not whole yet
	for {
		count, err := text.Read(buffer[kept:])
		piece := buffer[:kept+count]
		whole := len(piece)
		if err == nil {
			whole = wholeCharacters(piece)
		}
		if !utf8.Valid(piece[:whole]) {
			return errNotUTF8
		}
		c.add(piece[:whole])
		kept = copy(buffer, piece[whole:])
		if err == io.EOF {
			c.end()
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// wholeCharacters is the length of text without a character at its end that
// only begins there.
func wholeCharacters(text []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if start := len(text) - back; utf8.RuneStart(text[start]) {
			if !utf8.FullRune(text[start:]) {
				return start
			}
			break
		}
	}
	return len(text)
}

func (c *counter) add(text []byte) {
	for _, b := range text {
		switch {
		case b >= 'a' && b <= 'z' || b == '\'' || b >= utf8.RuneSelf:
			c.word = append(c.word, b)
		case b >= 'A' && b <= 'Z':
			c.word = append(c.word, b+'a'-'A')
		default:
			c.end()
		}
	}
}

func (c *counter) end() {
	if len(c.word) == 0 {
		return
	}
	c.total++
	if count, known := c.counts[string(c.word)]; known {
		*count++
	} else {
		one := 1
		c.counts[string(c.word)] = &one
	}
	c.word = c.word[:0]
}

// summary is the answer as it becomes JSON.
type summary struct {
	Words    int      `json:"words"`
	Distinct int      `json:"distinct"`
	Top      [][2]any `json:"top"`
}

const topSize = 20

func (c *counter) summary() summary {
	words := make([]string, 0, len(c.counts))
	for word := range c.counts {
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(*c.counts[b], *c.counts[a]), cmp.Compare(a, b))
	})
	top := make([][2]any, 0, topSize)
	for _, word := range words[:min(topSize, len(words))] {
		top = append(top, [2]any{word, *c.counts[word]})
	}
	return summary{Words: c.total, Distinct: len(c.counts), Top: top}
}
