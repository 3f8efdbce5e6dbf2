package history

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Notices stand at the head of a README; what stands further down is about parts of it, or about others.
const (
	readmeBytes    = 64 << 10 // looked at in all: badges and HTML can be long
	readmeHead     = 3000     // bytes of visible text
	statementRunes = 200
)

// What does not show, or shows something that is not said.
var (
	hidden = regexp.MustCompile(`(?s)<!--.*?-->`)
	fenced = regexp.MustCompile("(?ms)^[ \t]{0,3}(```|~~~).*?(?:^[ \t]{0,3}(?:```|~~~)[ \t]*$|\\z)")
	tag    = regexp.MustCompile(`(?i)</?[a-z][^<>]*>`)
	block  = regexp.MustCompile(`(?i)</?(?:p|div|h[1-6]|li|ul|ol|tr|td|table|br|hr|blockquote|center|details|summary)\b[^<>]*>`)
	image  = regexp.MustCompile(`!\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])?`)
	link   = regexp.MustCompile(`\[([^\]\n]*)\](?:\([^)\n]*\)|\[[^\]\n]*\])`)
	code   = regexp.MustCompile("`([^`\n]{0,200})`")
	emoji  = regexp.MustCompile(`:[a-z_]{2,40}:`)
	spaces = regexp.MustCompile(`\s+`)
	// Between sentences: a stop with a blank behind it, or a new paragraph.
	stops = regexp.MustCompile(`[.!?。](?:["')\]*_]*)\s+|\n`)
)

// The words of the phrases. Whatever stands between them must be named: "not", "API of", "support for" must not.
const (
	thing  = `(?:github )?(?:open[- ]source )?(?:go |golang |python |node(?:\.js)? |rust |java |javascript |npm )?(?:projects?|repository|repositories|repo|library|package|module|plugin|plug-in|framework|tool|gem|crate|sdk|client|software|codebase|code base|fork|driver|extension|app|application|operator|component|provider|program|component library)`
	adverb = `(?:now|currently|officially|formally|effectively|hereby|already|being|completely|fully|therefore|thus|been|and is|sadly|unfortunately|also)`
	lead   = `(?:(?:important|note|notice|warning|attention|caution|update|announcement|disclaimer|status|project status|maintenance status|deprecation notice|deprecation warning|deprecated|archived|deprecation|end of life|unmaintained|\d{4}-\d\d-\d\d)[ :!,.–—-]+|please (?:note|be aware)(?: that)?[ :,]+|unfortunately,? |sadly,? |as of [^,.;:]{1,30},? |since [^,.;:]{1,30}, |we are sad to announce that |!+ ?)*`
	// What may follow without saying that only a part is meant, or that others go on.
	tail = `(?:\s*(?:$|[.!,;:()–—-])|\s+(?:and|as of|since|because|due to|in favou?r of|please|so|anymore|any more|any longer|at this time|effective|by (?:me|us|its authors?|the authors?|its maintainers?|the maintainers?|its creators?)|here|\d))`

	koThing  = `(?:이|본|해당)\s?(?:프로젝트|저장소|리포지토리|레포지토리|리포|레포|라이브러리|패키지|모듈|플러그인|프레임워크|도구|소프트웨어|오픈소스|앱)(?:는|은|가|이)`
	koAdverb = `(?:\s*(?:이제|현재|공식적으로|앞으로|완전히|,))*\s*`
	koEnd    = `(?:습니다|다|음|됨|함|ㅂ니다)`
)

// A phrase says something of the whole upstream. NAME stands for the name of the repository.
type phrase struct {
	kind    string
	pattern string
}

var phrases = []phrase{
	{"archived", `^LEADSUBJECT (?:is|has|was)(?: ADVERB)* (?:archived|read-only and archived|archived and read-only)TAIL`},
	{"retired", `^LEADSUBJECT (?:is|has|was)(?: ADVERB)* (?:retired|discontinued|abandoned|sunset|sunsetted|shut down)TAIL`},
	{"end-of-life", `^LEADSUBJECT (?:is|has|was)(?: ADVERB)* (?:reached )?(?:its )?(?:at )?(?:end[- ]of[- ]life|eol)TAIL`},
	{"deprecated", `^LEADSUBJECT (?:is|has|was)(?: ADVERB)* (?:deprecated|obsolete|superseded)TAIL`},
	{"unmaintained", `^LEADSUBJECT (?:is|has|was)(?: ADVERB)* (?:unmaintained|(?:no longer|not|not being|no longer being)(?: (?:being|actively))* maintained|no longer (?:actively )?supported|no longer (?:being )?(?:actively )?developed (?:or|and|nor) (?:maintained|supported)|no longer (?:under |in )?(?:active )?(?:maintenance|support))TAIL`},
	{"unmaintained", `^LEAD(?:i|we)(?:'m| am|'re| are| have| do)?(?: ADVERB)* (?:no longer|not|stopped)(?: actively)? (?:maintain|maintaining|support|supporting|developing (?:or|and) maintaining)(?: and (?:support|supporting|develop|developing))? (?:this THING|NAME)TAIL`},
	{"retired", `^LEAD(?:active )?(?:development|maintenance|support)(?: and (?:development|maintenance|support))? (?:of|for|on) (?:this THING|NAME) (?:has|is|was)(?: ADVERB)* (?:ceased|stopped|ended|discontinued|terminated|halted)TAIL`},
	{"unmaintained", `^project status: (?:abandoned|unsupported)\b`}, // the badges of repostatus.org
	{"unmaintained", `^no maintenance intended$`},                    // the badge of unmaintained.tech

	{"seeking-maintainers", `^LEAD(?:SUBJECT|we|i)(?:'m|'re| am| are| is)(?: ADVERB| actively| always)* (?:looking|searching|seeking|in search|in need)(?: for| of)? (?:a |an |some |any )?(?:new |additional |active |more |other |co-?|lead |volunteer |dedicated )*(?:maintainers?|maintainership)TAIL`},
	{"seeking-maintainers", `^LEAD(?:looking|searching) for (?:a |an |some )?(?:new |additional |active |more |co-?)*maintainers?(?:\s*(?:$|[.!,;:()–—-]))`},
	{"seeking-maintainers", `^LEAD(?:new |co-?)?maintainers? (?:wanted|needed)(?:\s*(?:$|[.!,;:()–—-]))`},

	{"archived", `^LEADKOTHINGKOADVERB(?:보관\s?처리|보관|아카이브|아카이빙)(?:\s?\(archived?\))?\s?(?:되었|됐|된 상태입니)KOEND`},
	{"unmaintained", `^LEADKOTHINGKOADVERB더\s?이상\s?(?:적극적으로\s?)?(?:유지\s?보수|유지\s?관리|관리|지원|개발)(?:를|을|가|이)?\s?(?:되지|하지|받지)\s?않(?:습니다|는다|음|고 있습니다|고 있음)`},
	{"retired", `^LEADKOTHING?KOADVERB(?:의 )?(?:개발|유지\s?보수|지원|서비스)(?:가|이|은|는)\s?(?:공식\s?)?(?:중단|종료)(?:되었|됐|된 상태입니)KOEND`},
	{"deprecated", `^LEADKOTHINGKOADVERB(?:deprecated|지원\s?중단|사용\s?중단|폐기)(?:\s?\(deprecated\))?\s?(?:되었|됐|된 상태입니|상태입니)KOEND`},
	{"seeking-maintainers", `^LEAD(?:KOTHING|저희는|우리는)?KOADVERB(?:새로운 |새 |함께할 )*(?:메인테이너|관리자|유지\s?보수자|공동 메인테이너)(?:를|을)?\s?(?:찾습니다|찾고 있습니다|모집합니다|구합니다|모집\s?중)`},
}

// titles are what the title of a README may say by itself, in brackets or beside the name: "[DEPRECATED] name".
var titles = []phrase{
	{"deprecated", `deprecated`},
	{"archived", `archived`},
	{"unmaintained", `unmaintained|not maintained|no longer maintained`},
	{"retired", `retired|discontinued|abandoned`},
	{"end-of-life", `end[- ]of[- ]life|eol`},
}

// against are words of a sentence that takes back what it seems to say.
var against = regexp.MustCompile(`(?i)\b(?:still|until|unless|if|whether|instead maintained|now maintained|maintained by|taken over|continues?|continued|version|versions|branch|branches|releases?)\b`)

type compiled struct {
	kind string
	re   *regexp.Regexp
}

// theName stands in sentences for the name of the repository, so that the phrases are the same for all.
const theName = "\u24dd"

// matchers are the phrases and the titles, compiled when first needed.
var matchers = sync.OnceValues(func() (sentences, heads []compiled) {
	expand := strings.NewReplacer("LEAD", lead, "SUBJECT", `(?:this THING|this NAME|the NAME THING|the THING NAME|NAME)`, "KOTHING", koThing, "KOADVERB", koAdverb,
		"KOEND", koEnd, "ADVERB", adverb, "TAIL", tail)
	for _, p := range phrases {
		pattern := strings.ReplaceAll(strings.ReplaceAll(expand.Replace(p.pattern), "THING", thing), "NAME", theName)
		sentences = append(sentences, compiled{p.kind, regexp.MustCompile(pattern)})
	}
	for _, p := range titles {
		word := `(?:` + p.pattern + `)`
		heads = append(heads, compiled{p.kind, regexp.MustCompile(`^(?:[\[({]\s*` + word + `\s*[\])}]\s*\S.*|.*\S\s*[\[({]\s*` + word + `\s*[\])}]|` +
			word + `|` + word + `\s*[:–—-]\s*` + theName + `.*|` + theName + `\s*[:–—-]\s*` + word + `)$`)})
	}
	return sentences, heads
})

// markName puts theName for a repository's name where that stands as a word of its own. A name of one letter names nothing.
func markName(s, name string) string {
	if len(name) < 2 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, name)
		if i < 0 {
			break
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+len(name):])
		if inWord(before) || inWord(after) {
			b.WriteString(s[:i+len(name)])
		} else {
			b.WriteString(s[:i] + theName)
		}
		s = s[i+len(name):]
	}
	return b.String() + s
}

func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) && r < 0x1100 || unicode.IsDigit(r) || strings.ContainsRune("-_./@", r) && r != '.')
}

// readStatement finds what the head of a README says about the future of the upstream as a whole. An end counts before a
// search for maintainers; of several the first. The kind is empty if it says nothing.
func readStatement(text []byte, name string) (kind, sentence string) {
	visible := visibleText(text)
	lower := strings.ToLower(visible)
	if !mayState(lower) { // nearly all READMEs: spares compiling
		return "", ""
	}
	sentences, heads := matchers()
	name = strings.ToLower(name)
	titles := 2 // the first lines with words: the title, and a banner under it
	for _, s := range sentencesOf(visible) {
		bare := markName(strings.ToLower(strings.Trim(strings.ReplaceAll(s, "*", ""), signs)), name)
		if titles > 0 && strings.ContainsFunc(bare, unicode.IsLetter) {
			titles--
			for _, h := range heads {
				if h.re.MatchString(bare) && bare != theName {
					return h.kind, clip(s)
				}
			}
		}
		plain := strings.TrimLeft(bare, "[](){}!\ufe0f ")
		for _, p := range sentences {
			if !p.re.MatchString(plain) || against.MatchString(plain) && p.kind != "seeking-maintainers" {
				continue
			}
			if p.kind != "seeking-maintainers" {
				return p.kind, clip(s)
			}
			if kind == "" {
				kind, sentence = p.kind, clip(s)
			}
			break
		}
	}
	return kind, sentence
}

// signs are what may stand around a sentence without saying anything.
const signs = " \t_#>|:~=-–—\u26a0\ufe0f🚨❗🛑❌⛔📢‼🔴"

// telling are the words of which every phrase has one.
var telling = []string{"archive", "deprecat", "obsolete", "superseded", "retired", "discontinued", "abandon", "sunset", "shut down", "maint", "end of life",
	"end-of-life", "eol", "support", "ceased", "stopped", "ended", "terminated", "halted", "아카이", "보관", "이상", "중단", "종료", "폐기", "메인테이너", "관리자", "유지"}

func mayState(lower string) bool {
	for _, w := range telling {
		if strings.Contains(lower, w) {
			return true
		}
	}
	return false
}

// visibleText takes away what a reader does not see, and what is quoted as code.
func visibleText(text []byte) string {
	s := string(text[:min(len(text), readmeBytes)])
	s = strings.ToValidUTF8(strings.TrimPrefix(s, "\ufeff"), "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = hidden.ReplaceAllString(s, " ")
	s = fenced.ReplaceAllString(s, "\n")
	s = block.ReplaceAllString(s, "\n")
	s = tag.ReplaceAllString(s, " ")
	s = image.ReplaceAllString(s, "\n\n$1\n\n") // a badge is a statement by itself
	s = link.ReplaceAllString(s, "$1")
	s = code.ReplaceAllString(s, "$1")
	s = emoji.ReplaceAllString(s, " ")
	if len(s) > readmeHead {
		end := readmeHead
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	return s
}

// sentencesOf cuts visible text into sentences. Lines of one paragraph belong together; a heading, an item of a list, a line
// of a table and a quotation stand for themselves.
func sentencesOf(s string) (all []string) {
	var paragraph strings.Builder
	flush := func() {
		for _, sentence := range stops.Split(paragraph.String(), -1) {
			if sentence = strings.TrimSpace(spaces.ReplaceAllString(sentence, " ")); sentence != "" {
				all = append(all, sentence)
			}
		}
		paragraph.Reset()
	}
	for line := range strings.Lines(s) {
		indented := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
		line = strings.TrimSpace(line)
		if indented && paragraph.Len() == 0 {
			continue // code
		}
		quoted := strings.TrimLeft(line, "> ")
		switch {
		case quoted == "" || isRule(quoted):
			flush()
		case strings.HasPrefix(line, "#") || strings.HasPrefix(quoted, "[!"):
			flush()
			if !strings.HasPrefix(quoted, "[!") {
				paragraph.WriteString(line)
				flush()
			}
		case strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "|") || strings.HasPrefix(line, "+ "):
			flush() // an item or row is about a part
		default:
			paragraph.WriteString(quoted + " ")
		}
	}
	flush()
	return all
}

// isRule tells a line of signs, which underlines a heading or parts sections.
func isRule(line string) bool { return strings.Trim(line, "=-_*~ ") == "" }

// clip shortens a sentence for people.
func clip(s string) string {
	s = strings.TrimSpace(strings.Trim(s, "*_#>| "))
	n := 0
	for i := range s {
		if n++; n > statementRunes {
			return s[:i] + "…"
		}
	}
	return s
}
