// Package people tells who is behind the author strings of a history: which strings are one person, which are bots, and
// for which organisation an address speaks. What counts as one person is defined in doc/measures.md.
package people
