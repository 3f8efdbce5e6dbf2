package upstream

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// programPatience is how long a program may take to tell one of its settings; npm takes about a second.
const programPatience = 5 * time.Second

// programEnvironment keeps programs from the network, from other versions of themselves, and from the configuration of a
// project that lies around them: only what is the user's own may decide where Mainstay asks.
var programEnvironment = []string{
	"GOTOOLCHAIN=local", // a toolchain line would have go fetch another go
	"GOWORK=off",
	"GOFLAGS=",
	"GO111MODULE=off",        // no go.mod is looked for
	"npm_config_global=true", // no .npmrc of a project is looked for
	"npm_config_offline=true",
	"npm_config_update_notifier=false",
	"NO_UPDATE_NOTIFIER=1",
	"COREPACK_ENABLE_NETWORK=0", // npm may be a stand-in that fetches the npm that a project asks for
	"COREPACK_ENABLE_PROJECT_SPEC=0",
	"RUBYOPT=", // nothing is loaded but RubyGems
	"RUBYLIB=",
	"DOTNET_NOLOGO=1",
	"DOTNET_CLI_TELEMETRY_OPTOUT=1",
	"DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1",
	"DOTNET_GENERATE_ASPNET_CERTIFICATE=false",
}

// programRunner gives a function that runs a program of the user's to learn a setting: in an empty folder of its own, which
// is gone afterwards, without a terminal, and within a time limit.
func programRunner(environ []string, limit time.Duration) func(ctx context.Context, name string, args ...string) (string, error) {
	return func(ctx context.Context, name string, args ...string) (string, error) {
		dir, err := os.MkdirTemp("", "mainstay-") // nobody else may write to it
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(dir) // empty, or nearly
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Dir = dir
		cmd.Env = overlay(environ, append([]string{"PWD=" + dir, "DOTNET_CLI_HOME=" + dir}, programEnvironment...))
		cmd.WaitDelay = limit / 5
		out, err := cmd.Output()
		if len(out) > maxConfig {
			return "", errTooLarge
		}
		return strings.TrimSpace(string(out)), err
	}
}

// overlay sets variables in an environment. Names that differ only in case are one name, as they are to npm and on Windows.
func overlay(environ, set []string) []string {
	name := func(kv string) string {
		n, _, _ := strings.Cut(kv, "=")
		return n
	}
	kept := slices.DeleteFunc(slices.Clone(environ), func(kv string) bool {
		return slices.ContainsFunc(set, func(s string) bool { return strings.EqualFold(name(s), name(kv)) })
	})
	return append(kept, set...)
}

// keepAnswers asks programs and keeps what they say beside the answers of registries, which were kept under the addresses that
// follow from it. Offline no program is started, and what was kept is their answer.
func keepAnswers(c Config) func(ctx context.Context, name string, args ...string) (string, error) {
	file := func(name string) string {
		if c.Cache == "" {
			return ""
		}
		return filepath.Join(c.Cache, "settings", name)
	}
	if c.Offline {
		return func(_ context.Context, name string, _ ...string) (string, error) {
			return strings.TrimSpace(readConfig(file(name))), nil
		}
	}
	return func(ctx context.Context, name string, args ...string) (string, error) {
		out, err := c.Run(ctx, name, args...)
		// What holds an @ may be a login; that is not written elsewhere.
		if path := file(name); err == nil && path != "" && out != "" && !strings.Contains(out, "@") {
			writeWhole(path, []byte(out+"\n"))
		}
		return out, err
	}
}
