package history

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
)

// A detour is what git's own settings make of addresses: those that begin with from are taken from to instead.
type detour struct{ from, to string }

// detours reads git's settings. The way to a host is not known where git has a proxy of its own, or does not run. It is asked in
// the root folder, where nobody but the machine's owner can have put a repository with settings.
func detours(ctx context.Context) (all []detour, known bool) {
	cmd := gitCommand(ctx, string(filepath.Separator), []string{"config", "--null", "--get-regexp", `^(url\..*\.insteadof|http\.(.*\.)?proxy)$`})
	out, err := runGit(ctx, cmd, "config", 1<<20)
	if err != nil {
		return nil, cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == 1 // which says that nothing matches
	}
	for pair := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		key, value, _ := strings.Cut(pair, "\n")
		to, isURL := strings.CutPrefix(strings.TrimSuffix(key, ".insteadof"), "url.")
		if !isURL {
			return nil, false
		}
		all = append(all, detour{from: value, to: to})
	}
	return all, true
}

// leaves tells whether an address is taken from another host, by the longest beginning that fits.
func leaves(all []detour, address string) bool {
	best := detour{}
	for _, d := range all {
		// A rule for a name in capitals is for all that the forge takes for the same.
		if len(address) >= len(d.from) && strings.EqualFold(address[:len(d.from)], d.from) && len(d.from) > len(best.from) {
			best = d
		}
	}
	return best.from != "" && hostOf(best.to+address[len(best.from):]) != hostOf(address)
}

// hostOf gives the host in an address for git, nothing for a folder.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return strings.ToLower(u.Hostname())
	}
	if r, err := parseRemote(address); err == nil {
		return r.host
	}
	return ""
}

// Fetches tells whether Find would ask the host in the name of an upstream for its history, or would have done so were it not
// offline: no source has it at hand, as far as that shows without reading it, and git's own settings lead nowhere else.
func (f *Finder) Fetches(upstream string) bool {
	id := strings.ToLower(upstream)
	if !validUpstream(id) || f.config.CacheDir == "" || f.hasOwn(id) {
		return false
	}
	if state, err := readState(f.entry(id)); err == nil && f.fresh(id, state) {
		return false
	}
	all, known := f.detours()
	return known && !leaves(all, "https://"+id)
}
