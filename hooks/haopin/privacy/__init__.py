"""Data that must not become public: withdrawn names, and personal data in files."""
