package message

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An ending is how a word ends when it is read aloud in Korean; particles follow it.
type ending int

const (
	open   ending = iota // a vowel: 은/는 gives 는
	closed               // a consonant: 은
	liquid               // ㄹ: a consonant, but 로 rather than 으로
)

// particle chooses between the form that follows a consonant and the form that follows a vowel. A particle that begins
// with 으 (으로, 으로서) drops it after ㄹ too.
func particle(printed, afterConsonant, afterVowel string) string {
	switch endingOf(printed) {
	case open:
		return afterVowel
	case liquid:
		if strings.HasPrefix(afterConsonant, "으") {
			return afterVowel
		}
	}
	return afterConsonant
}

var isDate = regexp.MustCompile(`(^|[^0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}$`)

// endingOf tells how a text ends aloud. What stands between brackets at the end is not read; a percent sign is 퍼센트, a date
// ends in 일, a number is read in Sino-Korean, Latin letters as Koreans commonly read them. What nobody reads ends open.
func endingOf(text string) ending {
	text = strings.TrimRightFunc(text, silent)
	for {
		bare := strings.TrimRightFunc(withoutBrackets(text), silent)
		if bare == text || bare == "" {
			break
		}
		text = bare
	}
	text = strings.TrimRightFunc(text, func(r rune) bool { return silent(r) || bracket(r) })
	last, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case last >= '가' && last <= '힣':
		return finalOf(last)
	case isDate.MatchString(text):
		return liquid // 일
	case last >= '0' && last <= '9':
		return endingOfNumber(text)
	case last <= unicode.MaxASCII && unicode.IsLetter(last):
		start := strings.LastIndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) })
		return endingOfLatin(text[start+1:])
	}
	return open
}

// silent marks what is not read, except for brackets and the percent sign.
func silent(r rune) bool {
	return r != '%' && r != '+' && !bracket(r) && (unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r))
}

func bracket(r rune) bool { return strings.ContainsRune("()[]{}", r) }

// withoutBrackets takes a bracketed ending off a text, "계수(factor)" to "계수".
func withoutBrackets(text string) string {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')', ']', '}':
			depth++
		case '(', '[', '{':
			depth--
		}
		if depth <= 0 {
			if i == len(text)-1 {
				return text
			}
			return text[:i]
		}
	}
	return text
}

// finalOf reads the final consonant off a Hangul syllable (Unicode, 3.12: syllables count their 28 finals fastest).
func finalOf(syllable rune) ending {
	switch (syllable - '가') % 28 {
	case 0:
		return open
	case 8:
		return liquid
	}
	return closed
}

// endingOfNumber reads a number: 영 일 이 삼 사 오 육 칠 팔 구, with 십 백 천 만 억 조 경 for its zeros. Behind a point, and in
// a version, digits are read one by one.
func endingOfNumber(text string) ending {
	start := strings.LastIndexFunc(text, func(r rune) bool { return r != ',' && (r < '0' || r > '9') })
	digits := strings.ReplaceAll(text[start+1:], ",", "")
	switch digits[len(digits)-1] {
	case '2', '4', '5', '9':
		return open
	case '1', '7', '8':
		return liquid
	case '3', '6':
		return closed
	}
	one := strings.TrimRight(digits, "0")
	fraction := start >= 0 && text[start] == '.'
	if zeros := len(digits) - len(one); one != "" && !fraction && zeros >= 12 && zeros < 16 {
		return open // 조
	}
	return closed
}

// endingOfLatin guesses how a Latin word ends: letter by letter if it has no vowel or is all capitals, else by the
// transcription that is usual for English loanwords.
func endingOfLatin(word string) ending {
	lower := strings.ToLower(word)
	n := len(lower)
	last := lower[n-1]
	at := func(back int) byte {
		if n < back {
			return 0
		}
		return lower[n-back]
	}
	vowel := func(c byte) bool { return c != 0 && strings.IndexByte("aeiouy", c) >= 0 }
	if !strings.ContainsAny(lower, "aeiouy") || word == strings.ToUpper(word) || n == 1 {
		switch last {
		case 'l', 'r': // 엘, 알
			return liquid
		case 'm', 'n': // 엠, 엔
			return closed
		}
		return open
	}
	switch last {
	case 'l':
		return liquid
	case 'm', 'n':
		return closed
	case 'g': // ng is 잉, but a lone g 그
		if at(2) == 'n' {
			return closed
		}
	case 'p', 't', 'k', 'c': // 맵, 깃, 스택; but 펌프, 스크립트, 링크
		if vowel(at(2)) || at(2) == last || last == 'k' && at(2) == 'c' {
			return closed
		}
	case 'e': // 파일, 테이블; 라인, 네임; but 노드, 캐시
		if at(2) == 'l' {
			return liquid
		}
		if (at(2) == 'n' || at(2) == 'm') && vowel(at(3)) {
			return closed
		}
	}
	return open
}
