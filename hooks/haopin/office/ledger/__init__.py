"""The ledger as a spreadsheet: exported, filled in by bodies, imported."""
