package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"trackbot/internal/config"
)

// DoctorOrder is what `trackbot doctor` is asked to look at.
type DoctorOrder struct {
	Service config.Service // whose needs are checked
	Guilds  int            // how many guilds' permissions are looked at, the largest first
	JSON    bool
	Strict  bool // warnings count as faults
}

// How a check ended.
const (
	doctorOK   = "ok"
	doctorWarn = "warn"
	doctorFail = "fail"
	doctorSkip = "skip" // what it needs is not there
)

// finding is the end of one check.
type finding struct {
	Check  string `json:"check"`
	State  string `json:"state"`
	Detail string `json:"detail"`
	Fix    string `json:"fix,omitempty"`
}

// errUnwell says that a check has failed; what and why has been printed.
var errUnwell = errors.New("something needs mending, see above")

// doctor checks an environment from outside, before or beside the services that run with it. It changes nothing but a file
// of its own among the exports, which it removes.
type doctor struct {
	cfg      config.Config
	order    DoctorOrder
	now      func() time.Time
	client   *http.Client
	findings []finding
}

// doctorPatience bounds each question to somebody else.
const doctorPatience = 10 * time.Second

// Doctor checks all that a service needs of its surroundings and prints what it finds, with a remedy for each fault.
func Doctor(ctx context.Context, order DoctorOrder, w io.Writer) error {
	cfg, err := config.Load(os.LookupEnv, os.ReadFile, order.Service)
	return newDoctor(cfg, order, time.Now).examine(ctx, err, w)
}

func newDoctor(cfg config.Config, order DoctorOrder, now func() time.Time) *doctor {
	return &doctor{cfg: cfg, order: order, now: now, client: &http.Client{
		Timeout: doctorPatience, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// examine runs the checks and prints what they found. faults are those of the configuration.
func (d *doctor) examine(ctx context.Context, faults error, w io.Writer) error {
	d.checkConfig(faults)
	if !d.remote() {
		d.checkDatabase(ctx)
	}
	if d.runs(config.Bot) || d.runs(config.Notifier) || d.runs(config.API) {
		d.checkDiscord(ctx)
	}
	if d.runs(config.API) || d.runs(config.Bot) {
		d.checkAddresses(ctx)
	}
	if d.runs(config.Worker) || d.runs(config.API) {
		d.checkExports(ctx)
	}
	if err := d.print(w); err != nil {
		return err
	}
	for _, f := range d.findings {
		if f.State == doctorFail || d.order.Strict && f.State == doctorWarn {
			return errUnwell
		}
	}
	return nil
}

func (d *doctor) runs(s config.Service) bool {
	return d.order.Service == s || d.order.Service == config.All
}

// remote tells whether it is about a bot without a database.
func (d *doctor) remote() bool {
	return d.order.Service == config.Bot && d.cfg.BotMode == config.BotByAPI
}

func (d *doctor) ok(check, format string, args ...any) {
	d.findings = append(d.findings, finding{check, doctorOK, fmt.Sprintf(format, args...), ""})
}

func (d *doctor) skip(check, why string) {
	d.findings = append(d.findings, finding{check, doctorSkip, why, ""})
}

func (d *doctor) warn(check, detail, fix string) {
	d.findings = append(d.findings, finding{check, doctorWarn, detail, fix})
}

func (d *doctor) fail(check, detail, fix string) {
	d.findings = append(d.findings, finding{check, doctorFail, detail, fix})
}

// checkConfig reports the faults of the environment, and settings that are for tests.
func (d *doctor) checkConfig(faults error) {
	const check = "configuration"
	if faults == nil {
		d.ok(check, "as %s needs it", d.order.Service)
	}
	for line := range strings.SplitSeq(errText(faults), "\n") {
		if line != "" {
			d.fail(check, line, "Set it in the environment; .env.example says what each variable is for.")
		}
	}
	local := strings.Contains(d.cfg.DashboardURL, "//localhost") || strings.Contains(d.cfg.DashboardURL, "//127.0.0.1")
	if d.cfg.FetchPrivate && !local && d.cfg.DashboardURL != "" {
		d.warn(check, "FETCH_ALLOW_PRIVATE lets anybody who tracks a feed read addresses of your own network", "Unset FETCH_ALLOW_PRIVATE; it is for tests.")
	}
	if d.cfg.TestClock() && !local && d.cfg.DashboardURL != "" {
		d.warn(check, fmt.Sprintf("MIN_POLL_INTERVAL is %s: below a minute neither plans' nor platforms' own limits apply", d.cfg.MinPollInterval), "Set MIN_POLL_INTERVAL to 5m or leave it out.")
	}
	if d.cfg.MetricsAddr == "" {
		d.warn(check, "METRICS_ADDR is not set: nothing tells metrics or health", "Set METRICS_ADDR to an address that only your monitoring reaches, such as 127.0.0.1:9090.")
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// print writes the findings as a list with remedies, or as JSON.
func (d *doctor) print(w io.Writer) error {
	if d.order.JSON {
		return json.NewEncoder(w).Encode(map[string]any{"findings": d.findings})
	}
	count := map[string]int{}
	for _, f := range d.findings {
		count[f.State]++
		fmt.Fprintf(w, "%-4s  %-18s  %s\n", f.State, f.Check, f.Detail)
		if f.Fix != "" {
			fmt.Fprintf(w, "%26s-> %s\n", "", f.Fix)
		}
	}
	_, err := fmt.Fprintf(w, "\n%d well, %d to look at, %d to mend, %d not checked\n", count[doctorOK], count[doctorWarn], count[doctorFail], count[doctorSkip])
	return err
}
