package bench_test

import (
	"os"
	"testing"
)

// TestMain is also the load generator: a process of its own, so that its CPU is not counted with the servers'.
func TestMain(m *testing.M) {
	if os.Getenv(callerVariable) != "" {
		os.Exit(callerMain(os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}
