package message

import "testing"

func TestParticle(t *testing.T) {
	t.Parallel()
	for printed, want := range map[string]string{
		// Numbers: 영 일 이 삼 사 오 육 칠 팔 구 십.
		"0": "0은 0으로", "1": "1은 1로", "2": "2는 2로", "3": "3은 3으로", "4": "4는 4로", "5": "5는 5로",
		"6": "6은 6으로", "7": "7은 7로", "8": "8은 8로", "9": "9는 9로", "10": "10은 10으로",
		"11": "11은 11로", "20": "20은 20으로", "100": "100은 100으로", "1,000": "1,000은 1,000으로", "12,345": "12,345는 12,345로",
		"100,000,000":            "100,000,000은 100,000,000으로", // 억
		"3,000,000,000,000":      "3,000,000,000,000는 3,000,000,000,000로",
		"1.000000000000":         "1.000000000000은 1.000000000000으로", // a fraction has no 조
		"30,000,000,000,000,000": "30,000,000,000,000,000은 30,000,000,000,000,000으로",
		"-7":                     "-7은 -7로", "0.14": "0.14는 0.14로", "0.20": "0.20은 0.20으로", "1.5": "1.5는 1.5로",
		"62 %": "62 %는 62 %로", "<0.1 %": "<0.1 %는 <0.1 %로", "100%": "100%는 100%로",
		"2025-07-01": "2025-07-01은 2025-07-01로", "2025-07-05": "2025-07-05은 2025-07-05로", // 일
		// Hangul.
		"사람": "사람은 사람으로", "커밋": "커밋은 커밋으로", "파일": "파일은 파일로", "계수": "계수는 계수로", "서울": "서울은 서울로",
		"계수(absence factor)": "계수(absence factor)는 계수(absence factor)로",
		"보관됨(archived)":      "보관됨(archived)은 보관됨(archived)으로",
		"폴더 [a (b)]":         "폴더 [a (b)]는 폴더 [a (b)]로",
		"\"파일\"":             "\"파일\"은 \"파일\"로",
		"(사람)":               "(사람)은 (사람)으로",
		"사람)":                "사람)은 사람)으로",
		// Latin letters.
		"github.com/acme/pump": "github.com/acme/pump는 github.com/acme/pump로",
		"etcd":                 "etcd는 etcd로", "kubernetes": "kubernetes는 kubernetes로", "ingress-nginx": "ingress-nginx는 ingress-nginx로",
		"helm": "helm은 helm으로", "git": "git은 git으로", "script": "script는 script로", "link": "link는 link로", "stack": "stack은 stack으로",
		"file": "file은 file로", "tool": "tool은 tool로", "table": "table은 table로", "node": "node는 node로", "name": "name은 name으로",
		"pipeline": "pipeline은 pipeline으로", "acme": "acme는 acme로", "spring": "spring은 spring으로", "log": "log는 log로",
		"server": "server는 server로", "SBOM": "SBOM은 SBOM으로", "URL": "URL은 URL로", "CNCF": "CNCF는 CNCF로", "pkg": "pkg는 pkg로",
		"html": "html은 html로", "go.mod": "go.mod는 go.mod로", "http2": "http2는 http2로",
		// What nobody reads.
		"": "는 로", "–": "–는 –로", "山": "山는 山로",
	} {
		if got := expand("{0}{0~은|는} {0}{0~으로|로}", []any{printed}); got != want {
			t.Errorf("%q: got %q, want %q", printed, got, want)
		}
	}
}

func TestPlacesWithParticles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		args []any
		want string
	}{
		{"{0}에서 {1}{1~으로|로}", []any{7, 1}, "7에서 1로"},
		{"{0}{0~을|를}", []any{1000}, "1,000을"},
		{"{0%}{0%~이|가}", []any{0.62}, "62 %가"},
		{"{0.2}{0.2~으로|로}", []any{0.1372}, "0.14로"},
		{"{0.2} → {1.2}", []any{0.2, 1.0}, "0.20 → 1.00"},
		{"{0}{0~과|와} {1}{1~이라|라}", []any{"커밋", "도구"}, "커밋과 도구라"},
		{"{0?~a|~b}", []any{1}, "~a"},                      // a wording may hold a tilde
		{"{0.x} {0.2} {0.}", []any{1}, "{0.x} {0.2} {0.}"}, // no decimals of an integer
	} {
		if got := expand(c.text, c.args); got != c.want {
			t.Errorf("%s with %v = %q, want %q", c.text, c.args, got, c.want)
		}
	}
}

// FuzzParticle: any text has a particle, and it is one of the two.
func FuzzParticle(f *testing.F) {
	for _, s := range []string{"계수(absence factor)", "1,000", "62 %", ")))", "((", "2025-07-01", "a", "+", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := particle(s, "으로", "로"); got != "으로" && got != "로" {
			t.Errorf("%q: %q", s, got)
		}
	})
}
