"""Preview images of pages (Open Graph)."""
