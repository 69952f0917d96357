"""What is written down of deliveries: what each environment should serve, and the journal."""
