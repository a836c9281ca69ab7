"""The start of a site: from the notice of a plan, or without one, to a folder of its own."""
