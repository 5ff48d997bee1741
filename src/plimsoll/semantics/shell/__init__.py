"""Shell scripts, read and never run: their commands, and what becomes of one that fails.

`script` reads the text, `structure` tells what stands around a command, `options` which `set` and
`trap` are in force, `held_status` and `leaving` what a script does with a status, `rewriting` what
else may change it, `reaching` whether the script comes to a place at all, and `exit_status` whether
it ends with a status that says so, unless `doubts` knows better.
"""
