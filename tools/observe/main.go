// Command observe makes the dashboards of deploy/grafana and holds them and the alerting rules to what can be held
// without a Prometheus: it evaluates the rules on the series of their tests with Prometheus' own parser and engine, and
// lists what rules and dashboards ask for. The tests are in promtool's form, so `promtool test rules` runs them too;
// promtool itself is not built here because it needs the clients of every cloud.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "test":
		return test(args[1])
	case len(args) > 1 && args[0] == "selectors":
		return printSelectors(args[1:])
	case len(args) == 2 && args[0] == "boards":
		return writeBoards(args[1])
	}
	return errors.New("usage: observe test TESTS.yaml | observe selectors RULES.yaml|BOARD.json… | observe boards FOLDER")
}

// test runs a file of tests and prints a line a test that fails.
func test(path string) error {
	suite, err := readSuite(path)
	if err != nil {
		return err
	}
	faults := suite.run()
	faults = append(faults, suite.untested()...)
	for _, fault := range faults {
		fmt.Println(fault)
	}
	if len(faults) > 0 {
		return fmt.Errorf("%d faults", len(faults))
	}
	fmt.Printf("%d alerts, %d tests\n", len(suite.rules), len(suite.Tests))
	return nil
}

// printSelectors prints what the files ask for as JSON: metric → labels.
func printSelectors(paths []string) error {
	asked := selectors{}
	for _, path := range paths {
		var err error
		if strings.EqualFold(filepath.Ext(path), ".json") {
			err = asked.addBoard(path)
		} else {
			err = asked.addRules(path)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return json.NewEncoder(os.Stdout).Encode(asked.sorted())
}
