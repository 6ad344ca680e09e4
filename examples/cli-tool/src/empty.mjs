// Nothing: what remains is Node itself.
