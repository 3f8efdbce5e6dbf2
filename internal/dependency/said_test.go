package dependency

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDayOf(t *testing.T) {
	t.Parallel()
	for stamp, want := range map[string]string{
		"":                          "",
		"2024-10-27T23:30:00-02:00": "2024-10-28",
		"2025-03-12T01:42:48.764Z":  "2025-03-12",
		"2014-01-12 16:20:24":       "2014-01-12",
		"2014-01-12":                "",
		"2014-13-12 16:20:24":       "",
		"0001-01-01T00:00:00Z":      "",
		"9999-12-31T23:59:59-01:00": "",
		"1969-12-31T23:59:59-01:00": "1970-01-01",
	} {
		if got := dayOf(stamp); got != want {
			t.Errorf("%q: %q, want %q", stamp, got, want)
		}
	}
}

// A time without a zone is the same day in every zone of the machine.
func TestUploaded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"upload-time = 2024-05-01T23:59:59Z":      "2024-05-01",
		"upload-time = 2024-05-01T23:59:59-01:00": "2024-05-02",
		"upload-time = 2024-05-01T00:00:01":       "2024-05-01",
		"upload-time = 2024-05-01T23:59:59":       "2024-05-01",
		"upload-time = 2024-05-01":                "2024-05-01",
		"upload-time = 12:00:00":                  "",
		"upload-time = 20240501":                  "",
	} {
		f, fatal := readTOML([]byte(text + "\n"))
		if fatal != nil {
			t.Fatal(fatal)
		}
		if got := uploaded(f.tomlTable, nil); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	long := oneLine(strings.Repeat("가", mostSaid))
	if !utf8.ValidString(long) || len(long) > mostSaid+len("…") || !strings.HasSuffix(long, "가…") {
		t.Errorf("%q", long)
	}
	if got := oneLine(" use\r\n\tvalve\x1b[31m\u0085now\u00a0 "); got != "use valve [31m now" {
		t.Errorf("%q", got)
	}
}

// FuzzSaid joins what is said in one line and bounded, whatever the order.
func FuzzSaid(f *testing.F) {
	f.Add("use valve\ninstead", "", "2024-10-27T23:30:00-02:00", "2014-01-12 16:20:24")
	f.Add("old", "gone", "", "2025-03-12T01:42:48.764Z")
	f.Fuzz(func(t *testing.T, text, other, stamp, otherStamp string) {
		a, b := Said{Released: dayOf(stamp), Deprecated: oneLine(text)}.from("a"), Said{Released: dayOf(otherStamp), Deprecated: oneLine(other)}.from("b")
		if len(a.Deprecated) > mostSaid+len("…") || strings.ContainsAny(a.Deprecated, "\n\r\t\x1b") {
			t.Errorf("%q", a.Deprecated)
		}
		if n := len(a.Released); n != 0 && n != len("2006-01-02") {
			t.Errorf("%q", a.Released)
		}
		if ab, ba := a.Or(b), b.Or(a); ab != ba || a.Or(a) != a || a.Or(Said{}) != a {
			t.Errorf("%+v, %+v", ab, ba)
		}
	})
}
