// Package command is what Trackbot's slash commands do, whoever hears them: the built-in bot runs them
// on the database, a bot elsewhere has the API run them. An Invocation comes in with the member who
// gave it and that member's permissions; a Reply goes out, for the member's eyes alone.
package command
