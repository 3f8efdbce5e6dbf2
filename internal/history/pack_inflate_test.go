package history

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// deflate makes a zlib stream.
func deflate(t testing.TB, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inflateSamples are texts like commits, and what is unlike them: empty, one byte, long runs, noise, all bytes, large.
func inflateSamples() [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(random.Uint32())
	}
	skewed := make([]byte, 200_000) // symbols of very different frequency have codes of up to 15 bits
	for i := range skewed {
		skewed[i] = byte(random.ExpFloat64() * 9)
	}
	samples := [][]byte{
		nil, {0}, []byte("a"), bytes.Repeat([]byte("a"), 258), bytes.Repeat([]byte("ab"), 40_000), noise, noise[:100], skewed,
		bytes.Repeat(noise[:33_000], 3),
	}
	for i := range 30 {
		samples = append(samples, sampleCommit(random, i))
	}
	return samples
}

// sampleCommit makes a commit's text.
func sampleCommit(random *rand.Rand, i int) []byte {
	var b bytes.Buffer
	id := func() string { return fmt.Sprintf("%016x%016x%08x", random.Uint64(), random.Uint64(), random.Uint32()) }
	fmt.Fprintf(&b, "tree %s\nparent %s\n", id(), id())
	if i%4 == 0 {
		fmt.Fprintf(&b, "parent %s\n", id())
	}
	fmt.Fprintf(&b, "author Ada Example <ada@example.org> %d +0200\ncommitter Bob Example <bob@example.org> %d -0730\n", 1500000000+i, 1500000100+i)
	if i%3 == 0 {
		b.WriteString("gpgsig -----BEGIN PGP SIGNATURE-----\n \n")
		for range 12 {
			fmt.Fprintf(&b, " %s%s\n", id(), id()[:24])
		}
		b.WriteString(" -----END PGP SIGNATURE-----\n")
	}
	fmt.Fprintf(&b, "\nChange part %d of the pump (#%d)\n\nIt leaked where the hose meets the valve.\n", i, i+7)
	return b.Bytes()
}

func TestInflate(t *testing.T) {
	t.Parallel()
	var f inflater
	var out []byte
	for i, sample := range inflateSamples() {
		for _, level := range []int{zlib.HuffmanOnly, zlib.NoCompression, zlib.BestSpeed, zlib.DefaultCompression, zlib.BestCompression} {
			packed := deflate(t, sample, level)
			var err error
			out, err = f.inflate(out[:0], append(packed, "what follows"...), uint64(len(sample)))
			if err != nil || !bytes.Equal(out, sample) {
				t.Fatalf("sample %d at level %d: %v", i, level, err)
			}
			if out, err = f.inflate(out[:0], packed, uint64(len(sample))); err != nil || !bytes.Equal(out, sample) {
				t.Fatalf("sample %d at level %d without anything after it: %v", i, level, err)
			}
			if _, err := f.inflate(nil, packed, uint64(len(sample)+1)); err == nil {
				t.Errorf("sample %d at level %d: a size too large was taken", i, level)
			}
			if len(sample) > 0 {
				if _, err := f.inflate(nil, packed, uint64(len(sample)-1)); err == nil {
					t.Errorf("sample %d at level %d: a size too small was taken", i, level)
				}
			}
			cuts := 300
			if len(sample) > 2000 {
				cuts = 6 // the checksum and the end of the last block
			}
			for cut := max(0, len(packed)-cuts); cut < len(packed); cut++ {
				if _, err := f.inflate(nil, packed[:cut:cut], uint64(len(sample))); err == nil {
					t.Fatalf("sample %d at level %d: taken when cut to %d of %d bytes", i, level, cut, len(packed))
				}
			}
		}
	}
	if _, err := f.inflate(nil, nil, maxObject+1); err != errTooLarge {
		t.Errorf("size over the limit: %v", err)
	}
}

// FuzzInflate holds our inflater against the standard library's.
func FuzzInflate(f *testing.F) {
	for _, sample := range inflateSamples() {
		if len(sample) < 2000 {
			for _, level := range []int{zlib.HuffmanOnly, zlib.NoCompression, zlib.BestSpeed, zlib.BestCompression} {
				f.Add(deflate(f, sample, level), len(sample))
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte, size int) {
		if size < 0 || size > 1<<20 {
			return
		}
		var want []byte
		z, err := zlib.NewReader(bytes.NewReader(src))
		if err == nil {
			want, err = io.ReadAll(io.LimitReader(z, int64(size)+1))
		}
		good := err == nil && len(want) == size
		var in inflater
		got, err := in.inflate(nil, src, uint64(size))
		if good != (err == nil) {
			t.Fatalf("standard library: %v; ours: %v", good, err)
		}
		if good && !bytes.Equal(got, want) {
			t.Fatalf("standard library %q, ours %q", want, got)
		}
	})
}

// BenchmarkInflate measures our inflater beside the standard library's, on commits.
func BenchmarkInflate(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	var packed, plain [][]byte
	for i := range 1000 {
		plain = append(plain, sampleCommit(random, i))
		packed = append(packed, deflate(b, plain[i], zlib.DefaultCompression))
	}
	b.Run("ours", func(b *testing.B) {
		var f inflater
		var out []byte
		for i := 0; b.Loop(); i++ {
			var err error
			if out, err = f.inflate(out[:0], packed[i%1000], uint64(len(plain[i%1000]))); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("standard", func(b *testing.B) {
		var src bytes.Reader
		src.Reset(packed[0])
		z, err := zlib.NewReader(&src)
		if err != nil {
			b.Fatal(err)
		}
		var out [4096]byte
		for i := 0; b.Loop(); i++ {
			src.Reset(packed[i%1000])
			if err := z.(zlib.Resetter).Reset(&src, nil); err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadFull(z, out[:len(plain[i%1000])]); err != nil {
				b.Fatal(err)
			}
		}
	})
}
