"""The declared inventory: what an environment should be, stated in a file, checked on loading."""
