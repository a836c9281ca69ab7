"""Pictures of pages, for those who share them (Open Graph)."""
