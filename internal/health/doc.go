// Package health is what the operator of the service sees of it as a whole: what waits in each queue and for how long,
// what is being worked on, incidents, bots, plans, audit chains and the database itself. Figures feeds the metrics, Overview
// the operator's page. It reads with the worker's role and writes nothing.
package health
