package governance

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece is a part of a line: plain text, or what points to a person or a team.
type piece struct {
	text    string // plain text, or the words of a link
	login   string
	address string
	team    string
}

func (p *piece) person() bool { return p.login != "" || p.address != "" }

// marks finds, in this order of preference at one place: inline links, reference links, bare addresses of the web and of mail,
// and logins behind an at sign.
var marks = regexp.MustCompile(`!?\[([^\[\]]*)\](?:\(\s*<?([^()<>\s]+)>?(?:\s[^()]*)?\)|\s\(<?(https?://[^()<>\s]+)>?\))` +
	`|\[([^\[\]]+)\](?:\[([^\[\]]*)\])?` +
	"|<?((?:https?://|mailto:)[^\\s<>()\\[\\]\"'`,;|]+)>?" +
	`|<?([\w.%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>?` +
	`|@(@?[A-Za-z0-9_][\w.-]*(?:/[\w.-]+)*)`)

var (
	hrefTag = regexp.MustCompile(`<a\s[^<>]*href\s*=\s*["']([^"'<>]*)["'][^<>]*>`)
	anyTag  = regexp.MustCompile(`</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>@]*)?/?>`)
)

// takeApart parts a line into text and marks.
func takeApart(line string, links map[string]string) (pieces []piece) {
	if strings.Contains(line, "<") {
		line = hrefTag.ReplaceAllString(line, " $1 ")
		line = anyTag.ReplaceAllString(line, " ")
	}
	line = strings.NewReplacer("`", " ", "\\_", "_", "\\@", "@", "\\-", "-", "\\.", ".").Replace(line)
	text := func(s string) {
		if n := len(pieces); n > 0 && !pieces[n-1].person() && pieces[n-1].team == "" {
			pieces[n-1].text += s
		} else if s != "" {
			pieces = append(pieces, piece{text: s})
		}
	}
	at := 0
	for _, m := range marks.FindAllStringSubmatchIndex(line, -1) {
		text(line[at:m[0]])
		at = m[1]
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return line[m[2*i]:m[2*i+1]]
		}
		whole := line[m[0]:m[1]]
		found := piece{}
		switch {
		case m[4] >= 0, m[6] >= 0: // [text](target), and with a space between, which many write
			found = linked(group(1), group(2)+group(3))
		case m[8] >= 0: // [text][label], [label]
			label := group(5)
			if label == "" {
				label = group(4)
			}
			if target, ok := links[strings.ToLower(label)]; ok {
				found = linked(group(4), target)
			} else if !strings.HasPrefix(group(4), "@") {
				text(group(4))
				continue
			} else {
				found = mention(group(4)[1:])
			}
		case m[12] >= 0:
			found = linked("", group(6))
			whole = ""
		case m[14] >= 0:
			found.address = strings.ToLower(group(7))
		default:
			if elsewhere.MatchString(line[:m[0]]) || m[0] > 0 && isWordByte(line[m[0]-1]) {
				text(whole)
				continue
			}
			found = mention(group(8))
		}
		if !found.person() && found.team == "" {
			if found.text == "" {
				found.text = whole
			}
			text(found.text)
			continue
		}
		pieces = append(pieces, found)
	}
	text(line[at:])
	return pieces
}

func isWordByte(c byte) bool {
	return c == '_' || c == '/' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// elsewhere ends with the name of a place whose logins are not the forge's.
var elsewhere = regexp.MustCompile(`(?i)(?:slack|twitter|discord|irc|matrix|mastodon|gitter|telegram|keybase|zulip|linkedin|bluesky)[\s:(\[]*$`)

// mention reads what stands behind an at sign.
func mention(name string) piece {
	name = strings.TrimRight(name, ".-")
	switch {
	case strings.HasPrefix(name, "@") || strings.Contains(name, "/"):
		return piece{team: name}
	case loginPattern.MatchString(name):
		return piece{login: name}
	}
	return piece{}
}

// linked reads a link by its target, and by its words where the target says nothing.
func linked(text, target string) piece {
	text = strings.TrimSpace(strings.Trim(strings.TrimSpace(text), "*_"))
	if mail, ok := strings.CutPrefix(target, "mailto:"); ok {
		mail, _, _ = strings.Cut(mail, "?")
		if addressPattern.MatchString(mail) {
			return piece{text: text, address: strings.ToLower(mail)}
		}
		return piece{text: text}
	}
	if login := profile(target); login != "" && !organisationName.MatchString(text) {
		return piece{text: text, login: login}
	}
	switch {
	case addressPattern.MatchString(text):
		return piece{address: strings.ToLower(text)}
	case strings.HasPrefix(text, "@"):
		return mention(text[1:])
	}
	return piece{text: text}
}

// organisationName tells words that name no person.
var organisationName = regexp.MustCompile(`(?i)\b(?:organi[sz]ations?|org|teams?|projects?|community|repo|repository|compan(?:y|ies)|labs|inc|llc|ltd|gmbh|foundation|corp|group|issues?|discussions)\b`)

// forges are hosts at which https://host/login is somebody's page, or an organisation's.
var forges = []string{"github.com", "gitlab.com", "codeberg.org", "gitee.com", "bitbucket.org", "gitea.com", "git.sr.ht", "salsa.debian.org", "framagit.org", "invent.kde.org"}

// notLogins are pages of forges that look like somebody's.
var notLogins = words("orgs apps features about login join search settings sponsors topics explore issues pulls marketplace new contact site security enterprise groups users explore help")

// profile gives the login of somebody's page on a forge, empty if the address is none.
func profile(target string) string {
	if !strings.HasPrefix(target, "http://") && !strings.HasPrefix(target, "https://") {
		return ""
	}
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if !slices.Contains(forges, host) && !strings.HasPrefix(host, "gitlab.") && !strings.HasPrefix(host, "gitea.") && !strings.HasPrefix(host, "forgejo.") {
		return ""
	}
	login := strings.TrimPrefix(strings.Trim(u.Path, "/"), "~")
	if !loginPattern.MatchString(login) || strings.HasSuffix(login, ".png") || notLogins[strings.ToLower(login)] {
		return ""
	}
	return login
}

// sharedAddress tells addresses of lists and offices.
func sharedAddress(address string) bool {
	local, host, _ := strings.Cut(strings.ToLower(address), "@")
	for _, w := range wordsOf(local) {
		if sharedLocals[w] {
			return true
		}
	}
	return strings.HasPrefix(host, "lists.") || strings.HasPrefix(host, "list.") || strings.Contains(host, ".lists.") ||
		host == "googlegroups.com" || host == "groups.io" || strings.HasSuffix(host, ".groups.io")
}

var sharedLocals = words(`maintainer maintainers security docs dev devel developers info contact team teams admin admins list lists announce
	users support conduct help hello oss opensource private pmc tsc noreply reply committers community abuse webmaster postmaster`)

// personName gives the name in a text, empty if there is none: two to five words that begin with a capital, or in scripts
// without capitals one to five.
func personName(text string) string {
	text = strings.TrimSpace(strings.Map(func(c rune) rune {
		if strings.ContainsRune("*_~`\"", c) {
			return ' '
		}
		return c
	}, text))
	for _, end := range []string{",", "(", "[", " - ", " – ", " — ", "/", "|", ";"} {
		text, _, _ = strings.Cut(text, end)
	}
	text = strings.TrimRight(strings.TrimSpace(text), "-–—:,<.")
	list := strings.Fields(text)
	if len(list) == 0 || len(list) > 5 || len(text) > 80 {
		return ""
	}
	capitals := 0
	for i, w := range list {
		c, _ := utf8.DecodeRuneInString(w)
		switch {
		case strings.ContainsFunc(w, func(c rune) bool { return unicode.IsDigit(c) || strings.ContainsRune("@:<>{}=+#!?*\\", c) }):
			return ""
		case unicode.IsUpper(c):
			capitals++
		case unicode.IsLetter(c) && !unicode.IsLower(c): // neither: Han, Hangul, Kana, …
			capitals += 2
		case i > 0 && particles[w]:
		default:
			return ""
		}
	}
	if capitals < 2 {
		return ""
	}
	return strings.Join(list, " ")
}

// particles are words inside names that are written small.
var particles = words("van von der den de da di do dos das del della du la le el al bin ibn ten ter zu y e af av i")
