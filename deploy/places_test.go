package deploy_test

import (
	"maps"
	"path"
	"regexp"
	"strings"
	"testing"

	"trackbot/internal/config"
)

// place is a process as one kind of deployment runs it.
type place struct {
	name    string // for messages
	process string // api, bot, worker, notifier, migrate or dashboard
	env     map[string]string
}

// secret is a plausible value of a secret, by the variable's name.
func secret(name string) string {
	const random = "q3Zx8vT1mYw5Kc7Rb0Ls2Hd9Gf4Jn6PaUeQiWoXzVtBkMyCrNsDhFgLjEpAu81xZ"
	switch {
	case strings.HasPrefix(name, "DATABASE_URL"):
		return "postgres://somebody:once@db.test/trackbot"
	case name == "JWT_SECRET":
		return random
	case name == "ENCRYPTION_KEY", name == "SESSION_KEYS":
		return "YW4gZW5jcnlwdGlvbiBrZXksIG9mIDMyIGJ5dGVzLi4="
	case name == "JWT_SECRET_NEXT", name == "JWT_SECRET_PREVIOUS":
		return "" // not in use
	}
	return name + random[:40]
}

// everywhere is every process of every kind of deployment.
func everywhere(t *testing.T) []place {
	t.Helper()
	out := append(composed(t), units(t)...)
	return append(out, pods(t)...)
}

// composed are the processes of compose.yaml, with the settings of compose.env.example.
func composed(t *testing.T) (out []place) {
	t.Helper()
	given := lines(t, "compose.env.example", false)
	given["DISCORD_CLIENT_ID"] = "1000000000000000001"
	file := documents(t, "compose.yaml")[0]
	for _, name := range file.at("services").keys() {
		service := file.at("services", name)
		if !strings.HasPrefix(service.at("image").str(), "trackbot") {
			continue
		}
		p := place{name: "compose " + name, process: name, env: map[string]string{}}
		for _, variable := range service.at("environment").keys() {
			p.env[variable] = interpolate(service.at("environment", variable).str(), given)
		}
		out = append(out, p)
	}
	return out
}

// interpolate is what compose does with ${NAME}, ${NAME:-default} and ${NAME:?complaint}.
func interpolate(s string, given map[string]string) string {
	return regexp.MustCompile(`\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}`).ReplaceAllStringFunc(s, func(found string) string {
		parts := regexp.MustCompile(`\$\{([A-Z0-9_]+)(?::([-?])([^}]*))?\}`).FindStringSubmatch(found)
		if value := given[parts[1]]; value != "" || parts[2] != "-" {
			return value
		}
		return parts[3]
	})
}

// units are the processes of systemd.
func units(t *testing.T) (out []place) {
	t.Helper()
	for _, process := range []string{"api", "bot", "worker", "notifier", "migrate", "dashboard"} {
		p := place{name: "systemd " + process, process: process, env: map[string]string{}}
		body := text(t, "systemd/trackbot-"+process+".service")
		for _, file := range regexp.MustCompile(`(?m)^EnvironmentFile=/etc/trackbot/(.*)$`).FindAllStringSubmatch(body, -1) {
			maps.Copy(p.env, lines(t, "systemd/"+file[1]+".example", false))
		}
		for _, line := range regexp.MustCompile(`(?m)^Environment=(.*)$`).FindAllStringSubmatch(body, -1) {
			for _, pair := range strings.Fields(line[1]) {
				name, value, _ := strings.Cut(pair, "=")
				p.env[name] = value
			}
		}
		out = append(out, p)
	}
	return out
}

// pods are the processes of the Kubernetes base, with the example's settings.
func pods(t *testing.T) (out []place) {
	t.Helper()
	maps := configMaps(t)
	for _, process := range []string{"api", "bot", "worker", "notifier", "dashboard", "migrate"} {
		container := workload(t, process).at("spec", "template", "spec", "containers").items()[0]
		p := place{name: "kubernetes " + process, process: process, env: map[string]string{}}
		for _, from := range container.at("envFrom").items() {
			name := from.at("configMapRef", "name").str()
			if maps[name] == nil {
				t.Errorf("%s takes settings of %q, which nobody makes", p.name, name)
			}
			for variable, value := range maps[name] {
				p.env[variable] = value
			}
		}
		for _, item := range container.at("env").items() {
			variable, key := item.at("name").str(), item.at("valueFrom", "secretKeyRef", "key").str()
			if key != variable || item.at("valueFrom", "secretKeyRef", "name").str() != "trackbot-secrets" {
				t.Errorf("%s takes %s from %q", p.name, variable, key)
			}
			p.env[variable] = secret(variable)
		}
		out = append(out, p)
	}
	return out
}

// workload is the Deployment or Job of a process.
func workload(t *testing.T, process string) node {
	t.Helper()
	if process == "migrate" {
		return documents(t, "kubernetes/migrate/job.yaml")[0]
	}
	return documents(t, "kubernetes/base/"+process+".yaml")[0]
}

// configMaps are the generated ones: the base's with what the example changes.
func configMaps(t *testing.T) map[string]map[string]string {
	t.Helper()
	out := map[string]map[string]string{}
	for _, folder := range []string{"kubernetes/base", "kubernetes/overlays/example"} {
		for _, made := range documents(t, folder+"/kustomization.yaml")[0].at("configMapGenerator").items() {
			name := made.at("name").str()
			if out[name] == nil {
				out[name] = map[string]string{}
			}
			for _, file := range made.at("envs").strs() {
				maps.Copy(out[name], lines(t, path.Join(folder, file), false))
			}
			for _, pair := range made.at("literals").strs() {
				variable, value, _ := strings.Cut(pair, "=")
				out[name][variable] = value
			}
		}
	}
	return out
}

func TestDeploymentsSetOnlyWhatIsRead(t *testing.T) {
	t.Parallel()
	dashboard := map[string]bool{}
	for _, name := range dashboardSettings(t) {
		dashboard[name] = true
	}
	seen := 0
	for _, p := range everywhere(t) {
		for variable := range p.env {
			seen++
			if known := isSetting(variable); p.process != "dashboard" && !known || p.process == "dashboard" && !dashboard[variable] {
				t.Errorf("%s sets %s, which nothing reads", p.name, variable)
			}
		}
	}
	if seen < 100 {
		t.Fatalf("only %d settings are seen", seen)
	}
	for _, name := range []string{"systemd/trackbot.env.example", "kubernetes/base/settings.env"} {
		for variable := range lines(t, name, true) {
			if !isSetting(variable) {
				t.Errorf("%s names %s, which nothing reads", name, variable)
			}
		}
	}
}

// Each process starts with what its deployment gives it: the program's own check of its configuration says so.
func TestEachProcessIsGivenWhatItNeeds(t *testing.T) {
	t.Parallel()
	for _, p := range everywhere(t) {
		service := config.Service(p.process)
		switch p.process {
		case "dashboard":
			for _, name := range []string{"DASHBOARD_URL", "API_URL"} {
				if p.env[name] == "" {
					t.Errorf("%s has no %s", p.name, name)
				}
			}
			continue
		case "migrate":
			service = config.Operator
		}
		// Yours to fill in; the examples leave it empty.
		if _, ok := p.env["DASHBOARD_DISCORD_CLIENT_ID"]; ok {
			p.env["DASHBOARD_DISCORD_CLIENT_ID"] = "1000000000000000001"
		}
		load(t, p, service, optional(false))
		// With everything that may be switched on: settings are every process's, secrets are those of who uses them.
		for name, value := range map[string]string{
			"TWITCH_CLIENT_ID": "client", "STRIPE_CHECKOUT": "pro=https://buy.example.com/pro", "STRIPE_PLANS": "price_1=pro",
		} {
			p.env[name] = value
		}
		load(t, p, service, optional(true))
	}
}

// optional are secret files of which those for what may be switched on are empty, or not.
func optional(on bool) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		name = strings.ToUpper(path.Base(name))
		if !on && (name == "TWITCH_CLIENT_SECRET" || name == "STRIPE_WEBHOOK_SECRET") {
			return nil, nil
		}
		return []byte(secret(name)), nil
	}
}

// load starts a process in so far as its configuration goes.
func load(t *testing.T, p place, service config.Service, file func(string) ([]byte, error)) {
	t.Helper()
	lookup := func(name string) (string, bool) {
		value, ok := p.env[name]
		if name == "TWITCH_CLIENT_SECRET" && p.env["TWITCH_CLIENT_ID"] == "" {
			return "", false // an optional key of a Kubernetes secret
		}
		return value, ok
	}
	cfg, err := config.Load(lookup, file, service)
	if err != nil {
		t.Errorf("%s does not start:\n%v", p.name, err)
	}
	if service != config.Operator && cfg.MetricsAddr == "" {
		t.Errorf("%s has nowhere to tell its health", p.name)
	}
}

// What is broken into gives away its own secrets alone.
func TestEachProcessIsGivenNoSecretOfAnother(t *testing.T) {
	t.Parallel()
	platforms := []string{"YOUTUBE_API_KEY", "TWITCH_CLIENT_SECRET"}
	may := map[string][]string{
		"migrate": {"DATABASE_URL"},
		"api": append([]string{
			"DATABASE_URL_API", "JWT_SECRET", "JWT_SECRET_NEXT", "JWT_SECRET_PREVIOUS", "ENCRYPTION_KEY", "BOT_HMAC_SECRET", "CLIENT_ADDRESS_SECRET",
			"DASHBOARD_DISCORD_CLIENT_SECRET", "DISCORD_BOT_TOKEN", "EXPORT_S3_SECRET_ACCESS_KEY", "STRIPE_WEBHOOK_SECRET",
		}, platforms...),
		"bot":       append([]string{"DATABASE_URL_BOT", "DISCORD_BOT_TOKEN"}, platforms...),
		"worker":    append([]string{"DATABASE_URL_WORKER", "OPS_PASSWORD", "EXPORT_S3_SECRET_ACCESS_KEY"}, platforms...),
		"notifier":  {"DATABASE_URL_NOTIFIER", "DISCORD_BOT_TOKEN"},
		"dashboard": {"SESSION_KEYS"},
	}
	secrets := settings()
	secrets["SESSION_KEYS"] = true
	for _, p := range everywhere(t) {
		allowed := map[string]bool{}
		for _, name := range may[p.process] {
			allowed[name] = true
		}
		for variable := range p.env {
			name := strings.TrimSuffix(variable, "_FILE")
			if secrets[name] && !allowed[name] {
				t.Errorf("%s is given %s", p.name, name)
			}
		}
	}
}

// A secret that a new setting brings is given to somebody wherever the program is deployed.
func TestEverySecretIsGivenToSomebody(t *testing.T) {
	t.Parallel()
	// compose and systemd keep exports in a folder; a login of its own takes the place of the common one.
	elsewhere := map[string]string{"compose": "EXPORT_S3_SECRET_ACCESS_KEY", "systemd": "EXPORT_S3_SECRET_ACCESS_KEY"}
	given := map[string]map[string]bool{}
	for _, p := range everywhere(t) {
		kind, _, _ := strings.Cut(p.name, " ")
		if given[kind] == nil {
			given[kind] = map[string]bool{}
		}
		for variable := range p.env {
			given[kind][strings.TrimSuffix(variable, "_FILE")] = true
		}
	}
	if len(given) != 3 {
		t.Fatalf("seen are %d kinds of deployment", len(given))
	}
	for kind, names := range given {
		for name, isSecret := range settings() {
			if isSecret && !names[name] && elsewhere[kind] != name {
				t.Errorf("%s gives %s to nobody", kind, name)
			}
		}
	}
}
