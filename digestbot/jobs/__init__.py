"""What may run elsewhere or later: at once in this process, or by Procrastinate's queue on PostgreSQL."""
