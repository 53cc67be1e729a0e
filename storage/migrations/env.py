"""Alembic's hook: migrate over the connection that `storage.schema` hands in."""

from alembic import context

from storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
