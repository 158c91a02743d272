package deploy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const component = "app.kubernetes.io/component"

// base is every object of the base and the migration.
func base(t *testing.T) (out []node) {
	t.Helper()
	files, err := filepath.Glob("kubernetes/base/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatalf("read %v, %v", files, err)
	}
	for _, name := range append(files, "kubernetes/migrate/job.yaml") {
		if filepath.Base(name) != "kustomization.yaml" {
			out = append(out, documents(t, name)...)
		}
	}
	return out
}

// chosen are the components that a selector takes.
func chosen(selector node) []string {
	if name := selector.at("matchLabels", component).str(); name != "" {
		return []string{name}
	}
	for _, term := range selector.at("matchExpressions").items() {
		if term.at("key").str() == component {
			return term.at("values").strs()
		}
	}
	return nil
}

func TestSelectorsFindTheirPods(t *testing.T) {
	t.Parallel()
	workloads := []string{}
	for _, o := range base(t) {
		if kind := o.at("kind").str(); kind == "Deployment" || kind == "Job" {
			workloads = append(workloads, o.at("metadata", "name").str())
			if got := o.at("spec", "template", "metadata", "labels", component).str(); got != o.at("metadata", "name").str() {
				t.Errorf("the pods of %s are of %s", o.at("metadata", "name").str(), got)
			}
		}
	}
	check := func(by string, names []string) {
		for _, name := range names {
			if !slices.Contains(workloads, name) {
				t.Errorf("%s chooses %s, which is not there", by, name)
			}
		}
	}
	for _, o := range base(t) {
		kind, name := o.at("kind").str(), o.at("metadata", "name").str()
		by := kind + " " + name
		switch kind {
		case "Deployment":
			check(by, chosen(o.at("spec", "selector")))
		case "Service":
			if name := o.at("spec", "selector", component).str(); name != "" {
				check(by, []string{name})
			}
		case "PodDisruptionBudget":
			if names := chosen(o.at("spec", "selector")); len(names) != 1 {
				t.Errorf("%s chooses %v", by, names)
			}
			check(by, chosen(o.at("spec", "selector")))
		case "HorizontalPodAutoscaler":
			check(by, []string{o.at("spec", "scaleTargetRef", "name").str()})
			if workload(t, o.at("spec", "scaleTargetRef", "name").str()).at("spec", "replicas").v != nil && name != "api" {
				t.Errorf("%s and the Deployment both say how many there are", by)
			}
		case "NetworkPolicy":
			check(by, chosen(o.at("spec", "podSelector")))
			for _, rule := range append(o.at("spec", "ingress").items(), o.at("spec", "egress").items()...) {
				for _, peer := range append(rule.at("from").items(), rule.at("to").items()...) {
					check(by, chosen(peer.at("podSelector")))
				}
			}
		}
	}
}

// ports are the numbers of a container's ports by name.
func ports(container node) map[string]string {
	out := map[string]string{}
	for _, port := range container.at("ports").items() {
		out[port.at("name").str()] = fmt.Sprint(port.at("containerPort").v)
	}
	return out
}

func TestProbesAskWhatIsServed(t *testing.T) {
	t.Parallel()
	settings := configMaps(t)["trackbot"]
	served := map[string][]string{
		"http":    served(t, "../internal/httpapi/service.go"),
		"metrics": served(t, "../internal/app/ops.go"),
	}
	for _, service := range services {
		container := workload(t, string(service)).at("spec", "template", "spec", "containers").items()[0]
		if got := container.at("args").strs(); !slices.Equal(got, []string{string(service)}) {
			t.Errorf("%s runs %v", service, got)
		}
		named := ports(container)
		if got := named["metrics"]; settings["METRICS_ADDR"] != ":"+got {
			t.Errorf("%s tells its metrics on %s and names port %s", service, settings["METRICS_ADDR"], got)
		}
		if got := named["http"]; service == "api" && settings["LISTEN_ADDR"] != ":"+got {
			t.Errorf("api serves on %s and names port %s", settings["LISTEN_ADDR"], got)
		}
		for _, probe := range []string{"startupProbe", "livenessProbe", "readinessProbe"} {
			path, port := container.at(probe, "httpGet", "path").str(), container.at(probe, "httpGet", "port").str()
			if named[port] == "" || !slices.Contains(served[port], path) {
				t.Errorf("%s of %s asks %s on %s, where %v are served", probe, service, path, port, served[port])
			}
		}
		if path := container.at("livenessProbe", "httpGet", "path").str(); path == "/readyz" {
			t.Errorf("%s is restarted when its database is away", service)
		}
	}
	dashboard := workload(t, "dashboard").at("spec", "template", "spec", "containers").items()[0]
	if got := dashboard.at("readinessProbe", "httpGet", "path").str(); got != "/login" {
		t.Errorf("the dashboard is asked for %s", got)
	}
	if _, err := os.Stat("../dashboard/app/(auth)/login/route.ts"); err != nil {
		t.Error(err)
	}
}

// served are the paths of GET that a file registers.
func served(t *testing.T, name string) (out []string) {
	t.Helper()
	for _, match := range regexp.MustCompile(`"GET (/[a-z/]+)"`).FindAllStringSubmatch(text(t, name), -1) {
		out = append(out, match[1])
	}
	if len(out) < 2 {
		t.Fatalf("%s serves %v", name, out)
	}
	return out
}

func TestEveryContainerIsConfined(t *testing.T) {
	t.Parallel()
	for _, process := range []string{"api", "bot", "worker", "notifier", "dashboard", "migrate"} {
		pod := workload(t, process).at("spec", "template", "spec")
		container := pod.at("containers").items()[0]
		for what, held := range map[string]bool{
			"runs as root":            pod.at("securityContext", "runAsNonRoot").yes(),
			"has no seccomp profile":  pod.at("securityContext", "seccompProfile", "type").str() == "RuntimeDefault",
			"is given a token":        pod.at("automountServiceAccountToken").v == false,
			"may gain privileges":     container.at("securityContext", "allowPrivilegeEscalation").v == false,
			"writes its root":         container.at("securityContext", "readOnlyRootFilesystem").yes(),
			"has capabilities":        slices.Equal(container.at("securityContext", "capabilities", "drop").strs(), []string{"ALL"}),
			"has no limit of memory":  container.at("resources", "limits", "memory").str() != "",
			"asks for no processor":   container.at("resources", "requests", "cpu").str() != "",
			"has more than one image": len(pod.at("containers").items()) == 1,
		} {
			if !held {
				t.Errorf("kubernetes %s %s", process, what)
			}
		}
	}
	file := documents(t, "compose.yaml")[0]
	for _, p := range composed(t) {
		service := file.at("services", p.process)
		for what, held := range map[string]bool{
			"writes its root":        service.at("read_only").yes(),
			"has capabilities":       slices.Equal(service.at("cap_drop").strs(), []string{"ALL"}),
			"may gain privileges":    slices.Contains(service.at("security_opt").strs(), "no-new-privileges:true"),
			"has no limit of memory": service.at("mem_limit").v != nil,
			"is not started again":   service.at("restart").str() == "unless-stopped" || p.process == "migrate",
		} {
			if !held {
				t.Errorf("compose %s %s", p.process, what)
			}
		}
		for _, port := range service.at("ports").strs() {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("compose %s is open to the world on %s", p.process, port)
			}
		}
	}
	for _, p := range units(t) {
		body := text(t, "systemd/trackbot-"+p.process+".service")
		for _, line := range []string{
			"NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes",
			"SystemCallFilter=@system-service", "RestrictNamespaces=yes",
		} {
			if !strings.Contains(body, "\n"+line+"\n") {
				t.Errorf("systemd %s lacks %s", p.process, line)
			}
		}
		if !strings.Contains(body, "\nDynamicUser=yes\n") && !strings.Contains(body, "\nUser=trackbot\n") {
			t.Errorf("systemd %s runs as root", p.process)
		}
	}
}

// A metric that nobody exports would hold the autoscaler still.
func TestAutoscalingFollowsMetricsThatAreExported(t *testing.T) {
	t.Parallel()
	offered := map[string]bool{}
	for _, rule := range documents(t, "kubernetes/adapter-rules.yaml")[0].at("rules", "external").items() {
		offered[rule.at("name", "as").str()] = true
		for _, name := range regexp.MustCompile(`trackbot_[a-z0-9_]+`).FindAllString(rule.at("seriesQuery").str()+" "+rule.at("metricsQuery").str(), -1) {
			if !exported(t, strings.TrimSuffix(name, "_bucket")) {
				t.Errorf("a rule asks for %s, which nobody exports", name)
			}
		}
	}
	used := map[string]bool{}
	for _, o := range base(t) {
		for _, metric := range o.at("spec", "metrics").items() {
			if name := metric.at("external", "metric", "name").str(); name != "" {
				used[name] = true
				if !offered[name] {
					t.Errorf("%s follows %s, which no rule offers", o.at("metadata", "name").str(), name)
				}
			}
		}
	}
	if len(used) == 0 || len(used) != len(offered) {
		t.Errorf("%d metrics are followed, %d offered", len(used), len(offered))
	}
}

// exported tells whether the program's source makes a metric.
func exported(t *testing.T, metric string) bool {
	t.Helper()
	files, err := filepath.Glob("../internal/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(name string) bool {
		return !strings.HasSuffix(name, "_test.go") && strings.Contains(text(t, name), `"`+metric+`"`)
	})
}
