package deploy_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// made are the names of the secrets that secrets.sh makes.
func made(t *testing.T) []string {
	t.Helper()
	var out []string
	script := text(t, "secrets.sh")
	add := func(name string) {
		for _, service := range services {
			if strings.HasSuffix(name, "_$service") {
				out = append(out, strings.TrimSuffix(name, "$service")+string(service))
			}
		}
		if !strings.Contains(name, "$") {
			out = append(out, name)
		}
	}
	for _, match := range regexp.MustCompile(`(?m)keep "?([a-z_$]+)"?$`).FindAllStringSubmatch(script, -1) {
		add(match[1])
	}
	for _, match := range regexp.MustCompile(`(?m)address \S+ \S+ "?([a-z_$]+)"?$`).FindAllStringSubmatch(script, -1) {
		add(match[1])
	}
	list := regexp.MustCompile(`(?m)^for name in (.*); do$`).FindStringSubmatch(script)
	out = append(out, strings.Fields(list[1])...)
	slices.Sort(out)
	return out
}

func TestSecretsAreMadeGivenAndUsedAlike(t *testing.T) {
	t.Parallel()
	made, file := made(t), documents(t, "compose.yaml")[0]
	if declared := file.at("secrets").keys(); !slices.Equal(declared, made) {
		t.Errorf("compose.yaml declares %v, secrets.sh makes %v", declared, made)
	}
	used := map[string]bool{}
	for _, name := range file.at("services").keys() {
		service := file.at("services", name)
		given := service.at("secrets").strs()
		for _, secret := range given {
			used[secret] = true
			if !slices.Contains(made, secret) {
				t.Errorf("%s uses secret %s, which nobody makes", name, secret)
			}
		}
		for _, variable := range service.at("environment").keys() {
			if file, ok := strings.CutPrefix(service.at("environment", variable).str(), "/run/secrets/"); ok && !slices.Contains(given, file) {
				t.Errorf("%s reads secret %s in %s and is not given it", name, file, variable)
			}
		}
	}
	for _, name := range made {
		if !used[name] {
			t.Errorf("secret %s is of no use", name)
		}
		if got := file.at("secrets", name, "file").str(); got != "./secrets/"+name {
			t.Errorf("secret %s comes from %s", name, got)
		}
	}
}

func TestUnitsLoadSecretsThatAreMade(t *testing.T) {
	t.Parallel()
	made := made(t)
	for _, process := range []string{"api", "bot", "worker", "notifier", "migrate", "dashboard"} {
		body := text(t, "systemd/trackbot-"+process+".service")
		loaded := map[string]bool{}
		for _, match := range regexp.MustCompile(`(?m)^LoadCredential=([A-Z_]+):/etc/trackbot/secrets/(\S+)$`).FindAllStringSubmatch(body, -1) {
			loaded[match[1]] = true
			if !slices.Contains(made, match[2]) {
				t.Errorf("%s loads %s, which nobody makes", process, match[2])
			}
		}
		for _, match := range regexp.MustCompile(`(?m)^Environment=(\S+)_FILE=%d/(\S+)$`).FindAllStringSubmatch(body, -1) {
			if match[1] != match[2] || !loaded[match[2]] {
				t.Errorf("%s reads %s from a credential %s that it does not load", process, match[1], match[2])
			}
			delete(loaded, match[2])
		}
		for name := range loaded {
			t.Errorf("%s loads %s and does not read it", process, name)
		}
		if command := "ExecStart=/usr/local/bin/trackbot " + process; process != "dashboard" && !strings.Contains(body, command) {
			t.Errorf("%s runs something else", process)
		}
	}
}

func TestFilesThatAreNamedAreThere(t *testing.T) {
	t.Parallel()
	exists := func(by, name string) {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s names %s: %v", by, name, err)
		}
	}
	for _, match := range regexp.MustCompile(`(?m)^COPY ((?:[a-z][^-\n ]* )+)\S+$`).FindAllStringSubmatch(text(t, "Dockerfile"), -1) {
		for _, name := range strings.Fields(match[1]) {
			exists("Dockerfile", path.Join("..", name))
		}
	}
	for _, match := range regexp.MustCompile(`(?m)(?:- |")\./([^:\s"]+):/`).FindAllStringSubmatch(text(t, "compose.yaml"), -1) {
		exists("compose.yaml", match[1])
	}
	for _, folder := range []string{"kubernetes/base", "kubernetes/migrate", "kubernetes/overlays/example", "kubernetes/overlays/example/migrate"} {
		file := documents(t, folder+"/kustomization.yaml")[0]
		for _, name := range file.at("resources").strs() {
			exists(folder, path.Join(folder, name))
		}
	}
}

// A named volume is root's, unless the image has its folder; PostgreSQL's has none for the archive.
func TestTheArchiveIsGivenToPostgresBeforeItStarts(t *testing.T) {
	t.Parallel()
	services := documents(t, "compose.yaml")[0].at("services")
	if !slices.Contains(services.at("postgres", "volumes").strs(), "archive:/backup") {
		t.Fatal("postgres archives elsewhere")
	}
	if got := services.at("postgres", "depends_on", "archive", "condition").str(); got != "service_completed_successfully" {
		t.Errorf("postgres waits for it until %q", got)
	}
	archive := services.at("archive")
	if got := archive.at("entrypoint").strs(); !slices.Equal(got, []string{"chown", "postgres:postgres", "/backup"}) {
		t.Errorf("it runs %v", got)
	}
	if !slices.Contains(archive.at("volumes").strs(), "archive:/backup") || !slices.Contains(archive.at("cap_add").strs(), "CHOWN") {
		t.Error("it cannot give the folder away")
	}
}

// An image without a shell can ask for nothing but its own program's word.
func TestContainersAskTheProgramForItsHealth(t *testing.T) {
	t.Parallel()
	command := regexp.MustCompile(`name:"healthcheck"`)
	if !command.MatchString(text(t, "../cmd/trackbot/main.go")) {
		t.Fatal("the program has no healthcheck")
	}
	file := documents(t, "compose.yaml")[0]
	for _, service := range services {
		if got := file.at("services", string(service), "healthcheck", "test").strs(); !slices.Equal(got, []string{"CMD", "/trackbot", "healthcheck", "--ready"}) {
			t.Errorf("%s is asked by %v", service, got)
		}
	}
	if !strings.Contains(text(t, "Dockerfile"), `CMD ["/trackbot", "healthcheck"]`) {
		t.Error("the image asks something else")
	}
}

func TestDocumentsNameOnlySettingsThatExist(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, name := range dashboardSettings(t) {
		known[name] = true
	}
	for _, file := range []string{"compose.env.example", "systemd/trackbot.env.example", "systemd/dashboard.env.example"} {
		for name := range lines(t, file, true) {
			known[name] = true
		}
	}
	for _, match := range regexp.MustCompile(`\$\{?([A-Z][A-Z0-9_]+)`).FindAllStringSubmatch(text(t, "secrets.sh")+text(t, "backup/base-backup.sh")+text(t, "backup/drill.sh"), -1) {
		known[match[1]] = true
	}
	// What others call so: Discord, PostgreSQL, Stripe, k6 and the tools of this repository.
	others := regexp.MustCompile(`^(NAME_FILE$|BOT_SECRET$|GUILD_|MANAGE_|APPLICATION_|SESSION_NOT|PG|BENCH_|K6_|TRACKBOT_PG_BIN|BROWSER_TESTS|SSL_CERT|GF_|LC_|ON_ERROR)`)
	names := regexp.MustCompile("`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`")
	seen := 0
	for _, name := range []string{"README.md", "docs/operations.md", "docs/capacity.md", "docs/security.md", "docs/api-guide.md", "docs/user-guide.md", "dashboard/README.md"} {
		body, err := os.ReadFile("../" + name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		for _, match := range names.FindAllStringSubmatch(string(body), -1) {
			seen++
			if !isSetting(match[1]) && !known[match[1]] && !others.MatchString(match[1]) {
				t.Errorf("%s names %s, which nothing reads", name, match[1])
			}
		}
	}
	if seen < 80 {
		t.Fatalf("only %d names are seen", seen)
	}
}
