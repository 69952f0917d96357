"""The commands of delivery: deploy, rollback, and the state of the environments."""
