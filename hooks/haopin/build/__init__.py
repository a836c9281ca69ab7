"""Parts of a build that do not depend on MkDocs: manifest, offline copy."""
