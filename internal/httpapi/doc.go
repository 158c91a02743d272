// Package httpapi is the HTTP edge: it serves the contract of package api and
// turns errors into problem documents. The frame here does what every call
// needs; what a call means is a method of Server, one file a tag.
//
//	observe      request id, client address, one log line, panics → problem
//	protect      security headers, CORS, cross-origin writes, size
//	router       404, 405 with Allow, OPTIONS; the rest by pattern to an operation
//	 authorize   x-permission of the operation → Actor and Tenant in the context
//	 validate    parameters and body against the contract
//	 conditional ETag and 304 for JSON reads
//	  Server     the generated strict server → the method of the operation
//
// An operation whose settings are missing answers 501 (errNotSetUp).
// To build one, write the method on Server and delete it there.
package httpapi
