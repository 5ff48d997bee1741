"""One module a subcommand: takes the parsed options, returns the exit status."""
