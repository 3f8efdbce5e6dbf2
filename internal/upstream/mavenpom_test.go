package upstream

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPOM(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const below = "com/acme/parent/1.0/parent-1.0.pom"
	write("default/.m2/repository/"+below, "of the default")
	write("settings/.m2/settings.xml", "<settings>\n<localRepository>${user.home}/own</localRepository>\n</settings>")
	write("settings/own/"+below, "of settings.xml")
	write("variable/.m2/settings.xml", "<settings><localRepository>${env.PLACE}/r</localRepository></settings>")
	write("place/r/"+below, "of a variable")
	write("broken/.m2/settings.xml", "<settings><localRepository>")
	write("broken/.m2/repository/"+below, "of the default, beside what is broken")
	write("installed/conf/settings.xml", "<settings><localRepository>"+filepath.ToSlash(dir)+"/place/r</localRepository></settings>")
	write("option/"+below, "of an option")
	write("large/.m2/repository/"+below, strings.Repeat("x", maxPOM+1))
	place := "PLACE=" + filepath.Join(dir, "place")
	for _, tt := range []struct {
		name string
		vars []string
		want string
	}{
		{"default", nil, "of the default"},
		{"settings", nil, "of settings.xml"},
		{"variable", []string{place}, "of a variable"},
		{"broken", nil, "of the default, beside what is broken"},
		{"empty", []string{"MAVEN_HOME=" + filepath.Join(dir, "installed")}, "of a variable"},
		{"settings", []string{"MAVEN_HOME=" + filepath.Join(dir, "installed")}, "of settings.xml"},
		{"settings", []string{"MAVEN_OPTS=-Xmx1g -Dmaven.repo.local=" + filepath.Join(dir, "option")}, "of an option"},
		{"settings", []string{"MAVEN_ARGS=-B '-Dmaven.repo.local=x'", "MAVEN_OPTS=-Dmaven.repo.local='" + filepath.Join(dir, "option") + "'"}, "of an option"},
		{"settings", []string{"MAVEN_ARGS=-Dmaven.repo.local=relative"}, ""},
		{"large", nil, ""},
		{"absent", nil, ""},
	} {
		r, err := New(Config{Offline: true, Environ: append([]string{"HOME=" + filepath.Join(dir, tt.name)}, tt.vars...)})
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.POM(context.Background(), "com.acme", "parent", "1.0")
		if string(got) != tt.want || (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, ErrOffline) {
			t.Errorf("%s %v: %.60q, %v; want %q", tt.name, tt.vars, got, err, tt.want)
		}
		for _, bad := range [][3]string{{"com.acme", "parent", "../1.0"}, {"com..acme", "parent", "1.0"}, {"com/acme", "parent", "1.0"}, {"", "parent", "1.0"}, {"com.acme", "..", "1.0"}, {"com.acme", "parent", ""}, {"com.acme", "a\\b", "1"}} {
			if b, err := r.POM(context.Background(), bad[0], bad[1], bad[2]); err == nil || errors.Is(err, ErrOffline) {
				t.Errorf("%q: %q, %v", bad, b, err)
			}
		}
	}
}

// TestPOMOfRegistries holds what is asked, and that it is asked once.
func TestPOMOfRegistries(t *testing.T) {
	t.Parallel()
	const below = "/com/acme/parent/1.0/parent-1.0.pom"
	w := newWorld("-- second.registry.example/maven" + below + " --\n<project/>\n")
	cache := t.TempDir()
	repositories := func() places {
		return places{own: []place{{base: "https://first.registry.example", auth: "Bearer x"}, {base: "https://second.registry.example/maven"}}}
	}
	ctx := context.Background()
	r := w.resolver(t, Config{Cache: cache})
	r.places["maven"] = repositories
	if host := r.PlanPOM("com.acme", "parent", "1.0"); host != "first.registry.example" || len(w.sent()) > 0 {
		t.Errorf("planned: %q, sent: %q", host, w.sent())
	}
	if b, err := r.POM(ctx, "com.acme", "parent", "1.0"); string(b) != "<project/>\n" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	if got, want := strings.Join(w.sent(), " "), "first.registry.example"+below+" second.registry.example/maven"+below; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
	if w.auth["first.registry.example"+below] != "Bearer x" || w.auth["second.registry.example/maven"+below] != "" {
		t.Error("logins:", w.auth)
	}
	sent := len(w.sent())
	for _, nowhere := range [][2]string{{"absent", "1.0"}, {"parent", "1.0-SNAPSHOT"}} {
		if b, err := r.POM(ctx, "com.acme", nowhere[0], nowhere[1]); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q: %q, %v", nowhere, b, err)
		}
	}
	if n := len(w.sent()) - sent; n != 2 {
		t.Errorf("%d requests for what is not there, want 2: a snapshot is not asked for", n)
	}

	kept := w.resolver(t, Config{Cache: cache, Offline: true})
	kept.places["maven"] = repositories
	if b, err := kept.POM(ctx, "com.acme", "parent", "1.0"); len(b) == 0 || err != nil {
		t.Errorf("from what was kept: %q, %v", b, err)
	}
	if b, err := kept.POM(ctx, "com.acme", "other", "1.0"); !errors.Is(err, ErrOffline) {
		t.Errorf("offline: %q, %v", b, err)
	}
	// The built-in registry hears of no name that is private.
	hidden := w.resolver(t, Config{})
	hidden.places["maven"] = func() places {
		return places{fallback: func() []place { return repositories().own }, private: func(name string) bool { return name == "com.acme/parent" }}
	}
	if b, err := hidden.POM(ctx, "com.acme", "parent", "1.0"); !errors.Is(err, ErrNotFound) {
		t.Errorf("private: %q, %v", b, err)
	}
	if got := hidden.PlanPOM("com.acme", "other", "1.0"); got != "first.registry.example" {
		t.Errorf("planned: %q", got)
	}
	if n := len(w.sent()) - sent; n != 2 {
		t.Errorf("%d requests after all, want 2", n)
	}
}
