"""What maintainers run: translations, vendored files."""
