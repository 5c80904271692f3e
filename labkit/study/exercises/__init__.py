"""The exercises, one module each, named after its id."""
