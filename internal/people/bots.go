package people

import (
	"strings"
	"unicode"
)

// The bot table: what marks an author string as a machine. A machine's commits are no human work. Where a machine and a
// human could share a string (a surname, a nickname), the human wins: counting a bot as a person is seen at once in the
// list of people, a person counted as a bot is not seen at all.

// botWords mark a machine wherever they stand as a word of a name, or of an address before its @.
var botWords = set(`bot bots robot robots svc autoroll autoroller autobump autocommit`)

// botParts mark a machine wherever they stand, in languages that do not part words.
var botParts = []string{"[bot]", "봇", "ロボット", "ボット", "机器人", "機器人"}

// services are machines known by their whole name, or by the whole of an address before its @: letters and digits in
// lower case, anything between them as one hyphen.
var services = set(`
	dependabot dependabot-preview dependabot-support renovate renovatebot whitesource-renovate mend-renovate renovate-approve
	greenkeeper greenkeeperio depfu pyup pyup-io pyupbot scala-steward snyk snyk-io doppins requires-io
	deppbot imgbot imgbotapp restyled-io restyled-commits stickler-ci deepsource-autofix deepsource-io
	codacy-badger gitter-badger the-gitter-badger codetriage-readme-bot lgtm-com lgtm-migrator sonarcloud
	mergify mergifyio bors homu kodiakhq probot rustbot rust-timer rust-highfive highfive triagebot
	copybara copybara-service copybara-github googleautomation yoshi-automation yoshi-code-bot release-please
	gcf-owl-bot tensorflower-gardener a-unique-tensorflower google-ml-butler istio-testing knative-automation
	prow prowbot k8s-merge-robot openshift-bot openshift-merge-robot bazel-io facebook-github-tools fluxcdbot
	goreleaser goreleaserbot semantic-release github-actions github-action github-classroom web-flow
	pre-commit-ci allcontributors all-contributors netlify vercel zuul openstack-proposal-bot
	openstack-infra travis-ci travis travisci circleci circle-ci appveyor buildkite buildbot drone-ci
	jenkins jenkins-ci hudson teamcity bamboo azure-pipelines azure-pipelines-bot google-cloud-build cloud-build gitlab-ci
	weblate hosted-weblate weblate-translations crowdin crowdin-bot transifex-github-integration transifex-integration
	zanata pontoon translatewiki translatewiki-net l10n-automation localisation-updater
	readthedocs-assistant asf-ci asf-gitbox gitbox-asf asfgit asf-infra tidelift
	copilot copilot-swe-agent cursoragent cursor-agent devin-ai-integration google-labs-jules openhands openhands-agent
	sweep-ai autofix-ci nightly-build build-agent build-user builduser release-manager-automation auto-commit
`)

// surnames are services whose name a human may bear: alone as a name they are the machine, in an address they prove nothing.
var surnames = set(`jenkins hudson travis drone bamboo pontoon prow zuul copilot`)

// botAddresses are whole addresses of machines that go under other names.
var botAddresses = set(`
	noreply@github.com actions@github.com action@github.com github-actions@github.com support@dependabot.com
	bot@renovateapp.com renovate@whitesourcesoftware.com support@greenkeeper.io hosted@weblate.org noreply@weblate.org
	gardener@tensorflow.org builds@travis-ci.org deploy@travis-ci.org noreply@anthropic.com cursoragent@cursor.com
	l10n-bot@translatewiki.net copybara-worker@google.com autoroller@google.com git@apache.org
`)

// IsBot tells whether an author string belongs to a machine. The address may be reduced as in history.Identity.Email.
func IsBot(name, email string) bool {
	email = strings.ToLower(strings.TrimSpace(email))
	for _, part := range botParts {
		if strings.Contains(strings.ToLower(name), part) || strings.Contains(email, part) {
			return true
		}
	}
	if botAddresses[email] || strings.HasPrefix(email, "noreply-addon-") && strings.HasSuffix(email, "@weblate.org") {
		return true
	}
	local, host, _ := strings.Cut(email, "@")
	if host != "noreply" && strings.Contains(host, "noreply") { // 12345+login@users.noreply.example, not reduced
		_, login, found := strings.Cut(local, "+")
		if found {
			local = login
		}
	}
	inName, inAddress := words(name), words(local)
	whole, address := strings.Join(inName, "-"), strings.Join(inAddress, "-")
	if services[lowerJoined(name)] || services[whole] || services[address] && !surnames[address] {
		return true
	}
	for _, w := range inName {
		if botWords[w] {
			return true
		}
	}
	for _, w := range inAddress {
		if botWords[w] {
			return true
		}
	}
	return false
}

// words parts s at everything that is neither letter nor digit, and between letters and digits: "prometheus-bot2" gives
// prometheus, bot, 2. Capitals part nothing: a JesseBot may be human. Everything is in lower case.
func words(s string) []string {
	var list []string
	start, last := -1, rune(0)
	for i, r := range s {
		letter, digit := unicode.IsLetter(r) || unicode.IsMark(r), unicode.IsDigit(r)
		switch {
		case !letter && !digit:
			if start >= 0 {
				list = append(list, strings.ToLower(s[start:i]))
			}
			start = -1
		case start < 0:
			start = i
		case digit != unicode.IsDigit(last):
			list = append(list, strings.ToLower(s[start:i]))
			start = i
		}
		last = r
	}
	if start >= 0 {
		list = append(list, strings.ToLower(s[start:]))
	}
	return list
}

// lowerJoined joins the letters and digits of s with one hyphen for whatever stands between them, in lower case.
func lowerJoined(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), "-")
}
