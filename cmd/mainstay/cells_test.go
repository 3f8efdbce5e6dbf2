package main

import "github.com/mattn/go-runewidth"

// cells is the width of a line on a terminal.
func cells(line string) int {
	c := runewidth.NewCondition()
	c.EastAsianWidth = false
	return c.StringWidth(line)
}
