package history

import (
	"context"
	"strings"
)

// Origin gives the address that a repository on this machine was cloned from, as its own configuration says; empty if it says
// nothing. It is a stranger's word: it may name a repository, and nothing is fetched from it here.
func Origin(ctx context.Context, dir string) string {
	gitDir, err := findGitDir(dir)
	if err != nil {
		return ""
	}
	out, err := runGit(ctx, gitLocal(ctx, gitDir, "config", "--get", "remote.origin.url"), "config", 4096)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
