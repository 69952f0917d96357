"""The Docker Engine: its images, containers and services."""
