"""How long what is stored stays, in which pieces, and whether it is still what was written."""
