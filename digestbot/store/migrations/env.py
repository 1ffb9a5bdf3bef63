"""Run by Alembic: applies the revisions on the connection that the store hands over, inside its transaction."""
# ruff: noqa: INP001 -- loaded by path, not imported

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
