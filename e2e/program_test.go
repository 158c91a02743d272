package e2e_test

import (
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/sim"
	"trackbot/internal/testkit"
)

func TestServicesStopCleanlyWhenTold(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	feed, err := s.sim.AddFeed(sim.SourceSpec{Name: "roast"})
	if err != nil {
		t.Fatal(err)
	}
	api, worker, notifier := s.start(t, "api"), s.start(t, "worker"), s.start(t, "notifier")
	bot := s.join(t)
	s.slash(t, "track add", map[string]any{"account": s.base + "/feeds/roast.xml", "announce_latest": true})
	s.publish(t, feed, sim.PostSpec{Title: "At work"})
	await(t, "all of them to work", func() bool { return len(s.titles(newsroom)) > 0 })
	for _, p := range []*process{worker, notifier, bot, api} {
		p.stop(t)
	}
	if n := s.count(t, `SELECT count(*) FROM bot_health WHERE status = 'offline'`); n != 1 {
		t.Errorf("the bot did not say goodbye")
	}

	all := s.start(t, "all")
	await(t, "all in one process to work", func() bool {
		return s.count(t, `SELECT count(*) FROM bot_health WHERE status = 'online'`) == 1 && statusOf(s.root()+"/readyz") == 200
	})
	all.stop(t)
}

// root is the API's address without its base path.
func (s *system) root() string { return strings.TrimSuffix(s.api, "/api/v1") }

func TestConfigPrintsNoSecret(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{
		"DATABASE_URL": "postgres://someone:pw-7f3a@db.test/trackbot", "JWT_SECRET": jwtSecret, "ENCRYPTION_KEY": "YW4gZW5jcnlwdGlvbiBrZXksIG9mIDMyIGJ5dGVzLi4=",
		"DASHBOARD_DISCORD_CLIENT_SECRET": "client-91bd", "DISCORD_BOT_TOKEN": "token-c04e", "BOT_HMAC_SECRET": "bX9-rT2_qL5.zW8+vK1!nH4@pD7#sF3$",
	}
	env := map[string]string{
		"DASHBOARD_URL": "https://dashboard.test", "DASHBOARD_DISCORD_CLIENT_ID": "1000000000000000001",
		"DASHBOARD_OAUTH_CALLBACK": "https://api.test/api/v1/auth/discord/callback",
	}
	maps.Copy(env, secrets)
	code, out, errOut := execute(t, env, "config")
	if code != 0 || errOut != "" {
		t.Fatalf("exit %d: %s", code, errOut)
	}
	if strings.Contains(out, "pw-7f3a") {
		t.Error("the password of the database is printed")
	}
	for name, secret := range secrets {
		if strings.Contains(out, secret) {
			t.Errorf("%s is printed", name)
		}
		if !strings.Contains(out, name) {
			t.Errorf("%s is not listed", name)
		}
	}
	if !strings.Contains(out, "https://dashboard.test") {
		t.Errorf("what is no secret is not shown:\n%s", out)
	}
}

func TestAWrongConfigurationIsRefusedByName(t *testing.T) {
	t.Parallel()
	env := map[string]string{
		"JWT_SECRET": "short", "ENCRYPTION_KEY": "c2hvcnQ=", "DASHBOARD_URL": "dashboard", "LOG_LEVEL": "loud",
		"HEARTBEAT_INTERVAL": "often", "TRUSTED_PROXIES": "10.0.0.0/99",
	}
	missing := map[string][]string{
		"api": {
			"DATABASE_URL", "JWT_SECRET", "ENCRYPTION_KEY", "DASHBOARD_URL", "DASHBOARD_DISCORD_CLIENT_ID",
			"DASHBOARD_DISCORD_CLIENT_SECRET", "DASHBOARD_OAUTH_CALLBACK", "LOG_LEVEL", "HEARTBEAT_INTERVAL", "TRUSTED_PROXIES",
		},
		"bot": {"DATABASE_URL", "DISCORD_BOT_TOKEN"}, "worker": {"DATABASE_URL"}, "notifier": {"DATABASE_URL", "DISCORD_BOT_TOKEN"},
	}
	for service, names := range missing {
		code, _, errOut := execute(t, env, service)
		if code != 1 {
			t.Errorf("%s ended with %d", service, code)
		}
		for _, name := range names {
			if !strings.Contains(errOut, "\n"+name+": ") {
				t.Errorf("%s does not name %s:\n%s", service, name, errOut)
			}
		}
		if strings.Contains(errOut, "c2hvcnQ=") {
			t.Errorf("%s prints a secret:\n%s", service, errOut)
		}
	}
}

// An operator is told what was wrong in a sentence, under few lines of help.
func TestMistakesAtTheCommandLineAreToldPlainly(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.join(t)
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"wokrer"}, 80, "unexpected argument wokrer"},
		{[]string{"admin", "tier", "set", guildID, "gold"}, 80, `must be one of "free","pro","enterprise"`},
		{[]string{"admin", "audit", "erase", guildID, "--all", "--before", "2020"}, 80, `"2020" is no day such as 20`},
		{[]string{"admin", "client", "show", "400000000000000999"}, 1, "trackbot: guild 400000000000000999 is not known\n"},
		{[]string{"admin", "client", "keep", guildID}, 1, "trackbot: No deletion is planned.\n"},
		{[]string{"admin", "user", "delete", "mara"}, 1, `trackbot: "mara" is no id of a person at Discord`},
	} {
		code, out, errOut := execute(t, s.env, tc.args...)
		if code != tc.code || !strings.Contains(errOut, tc.want) {
			t.Errorf("trackbot %s: exit %d, %s", strings.Join(tc.args, " "), code, errOut)
		}
		if lines := strings.Count(out+errOut, "\n"); lines > 6 {
			t.Errorf("trackbot %s: the mistake is the last of %d lines", strings.Join(tc.args, " "), lines)
		}
	}
}

// Three replicas come up on an empty database at once.
func TestMigrationsByThreeProcessesAtOnceAreClean(t *testing.T) {
	t.Parallel()
	url := testkit.NewDB(t).OwnerURL
	empty(t, url)
	env := map[string]string{"DATABASE_URL": url}
	if code, _, errOut := execute(t, env, "admin", "client", "list"); code != 1 || errOut == "" {
		t.Errorf("an empty database is served: exit %d, %s", code, errOut)
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if code, _, errOut := execute(t, env, "migrate", "up"); code != 0 {
				t.Errorf("exit %d: %s", code, errOut)
			}
		})
	}
	group.Wait()
	code, out, errOut := execute(t, env, "migrate", "up")
	if code != 0 || !strings.HasPrefix(out, "the schema is up to date: ") {
		t.Errorf("once more: exit %d, %s%s", code, out, errOut)
	}
	code, out, errOut = execute(t, env, "migrate", "status")
	if code != 0 || !strings.Contains(out, "applied") || strings.Contains(out, "missing") {
		t.Errorf("exit %d, %s%s", code, out, errOut)
	}
	if code, _, errOut := execute(t, env, "admin", "client", "list"); code != 0 {
		t.Errorf("the migrated database is not served: exit %d, %s", code, errOut)
	}
}

// empty takes all away that the migrations have made in the database.
func empty(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) // nothing is lost
	if _, err := conn.Exec(t.Context(), `DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
		t.Fatal(err)
	}
}

func TestOperatorChangesPlansListsTenantsAndVerifiesTheAuditLog(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	s.join(t)
	env := map[string]string{"DATABASE_URL": s.env["DATABASE_URL"]}
	steps := []struct {
		args string
		code int
		says string
	}{
		{"admin client list", 0, "Harbour Studio"},
		{"admin tier set " + guildID + " pro", 0, "free -> pro"},
		{"admin tier set " + guildID + " pro", 0, "already"},
		{"admin tier set 499999999999999999 pro", 1, "not known"},
		{"admin client list", 0, "pro"},
		{"admin audit verify " + guildID, 0, "2 entries, the chain is whole"},
		{"admin audit verify 499999999999999999", 1, "not known"},
		{"admin audit erase " + guildID, 80, "--actor"},
		{"admin audit erase " + guildID + " --all", 0, "from 0 entries"},
		{"admin audit erase " + guildID + " --actor 300000000000000001 --before 2026-01-01", 0, "from 0 entries"},
		{"admin audit erase " + guildID + " --all --before yesterday", 80, "yesterday"},
		{"admin audit erase 499999999999999999 --all", 1, "not known"},
		{"admin plan link " + guildID + " cus_byhand --reason invoice", 0, "is linked to Harbour Studio"},
		{"admin plan link " + guildID + " cus_byhand", 0, "was linked already"},
		{"admin plan link " + guildID + " sub_unheard", 1, "Link its customer"},
		{"admin plan link " + guildID + " invoice-7", 1, "must be a customer"},
		{"admin plan link 499999999999999999 cus_byhand", 1, "not known"},
		{"admin plan unlinked", 0, "no subscriptions"},
		{"admin key rotate", 0, "JWT_SECRET_NEXT"},
	}
	for _, step := range steps {
		code, out, errOut := execute(t, env, strings.Fields(step.args)...)
		if code != step.code || !strings.Contains(out+errOut, step.says) {
			t.Errorf("%s: exit %d, want %d and %q: %s%s", step.args, code, step.code, step.says, out, errOut)
		}
	}
	if n := s.count(t, `SELECT count(*) FROM audit_log WHERE action = 'plan.changed'`); n != 1 {
		t.Errorf("the change of plan is %d times in the audit log", n)
	}
	s.breakAudit(t)
	if code, _, errOut := execute(t, env, "admin", "audit", "verify", guildID); code != 1 || !strings.Contains(errOut, "broken at entry 1") {
		t.Errorf("a forged entry is not found: exit %d, %s", code, errOut)
	}
}

// breakAudit forges the first entry as the owner of the database could.
func (s *system) breakAudit(t *testing.T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.env["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) // nothing is lost
	_, err = conn.Exec(t.Context(), `ALTER TABLE audit_log DISABLE TRIGGER USER; ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY;
		UPDATE audit_log SET actor_id = 'somebody else' WHERE seq = 1`)
	if err != nil {
		t.Fatal(err)
	}
}

func TestDoctorEndsWithOneWhenSomethingNeedsMending(t *testing.T) {
	t.Parallel()
	s := newSystem(t, sim.Config{})
	env := maps.Clone(s.env)
	env["DASHBOARD_URL"], env["METRICS_ADDR"], env["EXPORT_DIR"] = s.base, "127.0.0.1:9", t.TempDir()
	code, out, errOut := execute(t, env, "doctor")
	if code != 0 || !strings.Contains(out, "0 to mend") {
		t.Fatalf("exit %d: %s\n%s", code, errOut, out)
	}
	env["DISCORD_BOT_TOKEN"] = "MTA.wrong.token-4f1c"
	code, out, errOut = execute(t, env, "doctor", "bot")
	if code != 1 || !strings.Contains(out, "Discord refuses it") || !strings.Contains(out, "-> Copy the bot's token") || strings.Contains(out+errOut, "4f1c") {
		t.Errorf("exit %d: %s\n%s", code, errOut, out)
	}
}
