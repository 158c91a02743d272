// Package e2e holds the tests of the whole system: the real binary, each service a process of its
// own, a real PostgreSQL, and the simulator in the place of Discord and the platforms, all on
// loopback. Nothing of the product is called from inside; what a test may look at is what people
// and other systems see: channels, answers of the API, exit codes, and now and then a table.
package e2e
