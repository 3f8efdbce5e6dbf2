package forecast

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestTableRoundTrip reads the table and writes it again: the same bytes, so nothing is lost in between.
func TestTableRoundTrip(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("table.csv")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := WriteTable(&out, rowsOfTable(t)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(out.Bytes(), data) {
		t.Error("table.csv is not what WriteTable writes")
	}
	if len(data) > 2<<20 {
		t.Errorf("table.csv has %d bytes", len(data))
	}
}

func TestReadTableRefuses(t *testing.T) {
	t.Parallel()
	head := strings.Join(heading(), ",") + "\n"
	row := "a/b,2020-01-01" + strings.Repeat(",1", len(columns)) + ",0,0,1\n"
	if rows, err := ReadTable(strings.NewReader(head + row)); err != nil || len(rows) != 1 || !rows[0].Left {
		t.Fatalf("%v, %v", rows, err)
	}
	for name, text := range map[string]string{
		"nothing":         "",
		"another heading": strings.Replace(head, "age", "aged", 1) + row,
		"a bad date":      head + strings.Replace(row, "2020-01-01", "2020-13-01", 1),
		"a word":          head + strings.Replace(row, ",1,", ",x,", 1),
		"no number":       head + strings.Replace(row, ",1,", ",NaN,", 1),
		"infinity":        head + strings.Replace(row, ",1,", ",Inf,", 1),
		"negative":        head + strings.Replace(row, ",1,", ",-1,", 1),
		"a bad outcome":   head + strings.Replace(row, ",0,0,1", ",0,2,1", 1),
		"a short row":     head + "a/b,2020-01-01,1\n",
	} {
		if _, err := ReadTable(strings.NewReader(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
