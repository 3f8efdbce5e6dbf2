package history

import "bytes"

// maxAliases bounds the entries of one .mailmap; the Linux kernel's has some 800.
const maxAliases = 100_000

// parseMailmap reads the four forms of gitmailmap(5):
//
//	Proper Name <commit@email>
//	<proper@email> <commit@email>
//	Proper Name <proper@email> <commit@email>
//	Proper Name <proper@email> Commit Name <commit@email>
//
// Lines that are none of them are passed over, as git does. Addresses are put as Identity.Email has them, names keep their
// case; both are meant to be compared without regard to case. An entry for the empty address with no name beside it is left
// out: it would make one person of everybody without address.
func parseMailmap(text []byte) (aliases []Alias) {
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		name, email, rest, ok := mailmapPart(line)
		if !ok || email == "" {
			continue
		}
		a := Alias{Name: name, OldEmail: email}
		if oldName, oldEmail, _, ok := mailmapPart(rest); ok {
			a = Alias{Name: name, Email: email, OldName: oldName, OldEmail: oldEmail}
		}
		if a.Name == "" && a.Email == "" || a.OldName == "" && a.OldEmail == "" {
			continue
		}
		if len(aliases) == maxAliases {
			break
		}
		aliases = append(aliases, a)
	}
	return aliases
}

// mailmapPart reads one "Name <address>" from the start of a line.
func mailmapPart(line []byte) (name, email string, rest []byte, ok bool) {
	open := bytes.IndexByte(line, '<')
	if open < 0 {
		return "", "", nil, false
	}
	end := bytes.IndexByte(line[open:], '>')
	if end < 0 {
		return "", "", nil, false
	}
	name = normalName(trimSpace(line[:open]))
	email, _ = normalEmail(trimSpace(line[open+1 : open+end]))
	return name, email, line[open+end+1:], true
}
