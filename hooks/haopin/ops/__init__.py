"""Operation of the live site: checks before a release, release and rollback, health check, web server configuration."""
