// Stands in for the package that makes a client bundle fail: under vitest server modules are imported directly.
export {};
