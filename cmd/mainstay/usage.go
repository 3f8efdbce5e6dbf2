package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/pflag"

	"github.com/mainstay-oss/mainstay/internal/message"
)

// helpWidth is how many cells a line of help may take.
const helpWidth = 80

// terminal measures text as terminals show it: a Hangul syllable takes two cells. pflag's own printer counts runes.
var terminal = func() *runewidth.Condition {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c
}()

// usage prints the flags of a set in the order in which they were declared, names to the left, texts to the right.
func usage(w io.Writer, flags *pflag.FlagSet, p message.Printer) {
	var names, texts []string
	column := 0
	flags.VisitAll(func(f *pflag.Flag) {
		value, text := pflag.UnquoteUsage(f)
		name := "      --" + f.Name
		if f.Shorthand != "" {
			name = "  -" + f.Shorthand + ", --" + f.Name
		}
		if value != "" {
			name += " " + value
		}
		if !slices.Contains([]string{"", "0", "0s", "false", "[]"}, f.DefValue) {
			text += " " + p.Text("cli.flag-default", f.DefValue)
		}
		names, texts = append(names, name), append(texts, text)
		column = max(column, terminal.StringWidth(name)+2)
	})
	for i, name := range names {
		for _, line := range wrap(texts[i], helpWidth-column) {
			fmt.Fprintln(w, terminal.FillRight(name, column)+line)
			name = ""
		}
	}
}

// wrap breaks a text at its spaces into lines of at most so many cells. A longer word stands on a line of its own.
func wrap(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case terminal.StringWidth(*last)+1+terminal.StringWidth(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}
