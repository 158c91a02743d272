// Package bench measures the hot paths. Machines are noisy, so every figure is a ratio against a
// baseline that is measured beside it in the same run; nothing here asserts a time.
package bench
