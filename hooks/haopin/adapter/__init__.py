"""The only part that knows MkDocs: its events on one side, the pure rooms on the other."""
