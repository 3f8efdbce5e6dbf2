package people

import "testing"

func TestMachinesAreBots(t *testing.T) {
	for _, s := range [][2]string{
		{"dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"},
		{"dependabot[bot]", "dependabot[bot]@noreply"},
		{"Dependabot", "support@dependabot.com"},
		{"Renovate Bot", "bot@renovateapp.com"},
		{"WhiteSource Renovate", "renovate@whitesourcesoftware.com"},
		{"renovate", "29139614+renovate@users.noreply.github.com"},
		{"Kubernetes Prow Robot", "k8s-ci-robot@users.noreply.github.com"},
		{"", "k8s-ci-robot@noreply"},
		{"Prometheus Bot", "prometheus-team@googlegroups.com"},
		{"Kubernetes Submit Queue", "k8s-merge-robot@users.noreply.github.com"},
		{"greenkeeperio-bot", "support@greenkeeper.io"},
		{"Mergify", "37929162+mergify@users.noreply.github.com"},
		{"bors", "bors@rust-lang.org"},
		{"Copybara-Service", "copybara-worker@google.com"},
		{"Hosted Weblate", "hosted@weblate.org"},
		{"Anonymous", "noreply@weblate.org"},
		{"Languages add-on", "noreply-addon-languages@weblate.org"},
		{"GitHub", "noreply@github.com"},
		{"A. Unique TensorFlower", "gardener@tensorflow.org"},
		{"TensorFlower Gardener", "someone@example.com"},
		{"semantic-release-bot", "semantic-release-bot@martynus.net"},
		{"Jenkins", "jenkins@builds.example.org"},
		{"Travis CI", "builds@travis-ci.org"},
		{"GitHub Actions", "41898282+github-actions@users.noreply.github.com"},
		{"github-actions", ""},
		{"svc-release", "svc-release@corp.example.com"},
		{"svc_ci", "ci@corp.example.com"},
		{"ci_bot_2", "ci@corp.example.com"},
		{"Build", "release-bot@corp.example.com"},
		{"skia-autoroll", "skia@example.com"},
		{"Copilot", "198982749+Copilot@users.noreply.github.com"},
		{"Claude", "noreply@anthropic.com"},
		{"배포봇", "deploy@corp.example.kr"},
	} {
		if !IsBot(s[0], s[1]) {
			t.Errorf("%s <%s> is a machine and counts as a person", s[0], s[1])
		}
	}
}

func TestHumansAreNotBots(t *testing.T) {
	for _, s := range [][2]string{
		{"Russ Abbot", "russ.abbot@example.com"},
		{"JesseBot", "jessebot@example.com"},
		{"Tony Abbott", "abbott@example.org"},
		{"Hollis Talbot", "htalbot@example.com"},
		{"talbot", "talbot@noreply"},
		{"Botond Ballo", "botond@example.com"},
		{"bothwell", "bothwell@noreply"},
		{"Jane Botha", "jbotha@example.co.za"},
		{"Sandro Botticelli", "sandro@example.it"},
		{"Richard Jenkins", "jenkins@example.com"},
		{"Travis Oliphant", "travis@example.com"},
		{"Robotham, Amy", "amy.robotham@example.com"},
		{"Svcarova Jana", "svcarova@example.cz"},
		{"Claude Shannon", "claude@example.com"},
		{"Michal C", "michal@weblate.org"},
		{"Renovato Silva", "renovato@example.br"},
		{"Kate Hudson", "hudson@example.com"},
		{"Turbot Fisher", "turbot@example.com"},
		{"Cabot Lodge", "cabot@example.com"},
		{"Lisa at the Institute of Robotics", "lisa@robotics.example.edu"},
		{"Bo Thomsen", "bo.t@example.dk"},
		{"김봄", "bom@example.kr"},
		{"Ci Song", "ci.song@example.cn"},
		{"Prowse, Dave", "prowse@example.com"},
		{"", ""},
	} {
		if IsBot(s[0], s[1]) {
			t.Errorf("%s <%s> is a person and counts as a machine", s[0], s[1])
		}
	}
}

func TestGenericNamesSayNothing(t *testing.T) {
	for _, name := range []string{"", "-", " ", "root", "ROOT", "Admin", "unknown", " user ", "ubuntu", "Your Name", "your  name", "John Doe", "(no author)", "홍길동"} {
		if !Generic(name) {
			t.Errorf("%q would join strangers", name)
		}
	}
	for _, name := range []string{"Ann", "Rooter", "Jane Root", "Admiral", "J", "Ubuntu Jones", "김하나"} {
		if Generic(name) {
			t.Errorf("%q names a person and joins nothing", name)
		}
	}
}

func FuzzIsBot(f *testing.F) {
	f.Add("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
	f.Add("José \xff Bot", "@@+noreply@")
	f.Fuzz(func(t *testing.T, name, email string) {
		if !IsBot(name+" bot", email) {
			t.Errorf("the word bot after %q is not seen", name)
		}
		if !IsBot(name, "[bot]"+email) {
			t.Errorf("[bot] before %q is not seen", email)
		}
	})
}
