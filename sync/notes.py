"""Notes on many records, written at once."""

from contextlib import contextmanager


class Notes:
    """Notes that Odoo would write one by one, each with the queries of a message."""

    def __init__(self):
        self._bodies = {}

    def add(self, record, body):
        """Note ``body`` on ``record``, later."""
        bodies = self._bodies.setdefault(record._name, {})
        bodies.setdefault(record.id, []).append(body)

    @contextmanager
    def collected(self, env):
        """Write what is noted within the block at its end; drop it after an error."""
        try:
            yield
            self._write(env)
        finally:
            self._bodies.clear()

    def _write(self, env):
        for model, notes in self._bodies.items():
            # One note on each record at a time.
            while notes:
                bodies = {key: bodies.pop(0) for key, bodies in notes.items()}
                env[model].browse(bodies)._message_log_batch(bodies)
                notes = {key: bodies for key, bodies in notes.items() if bodies}
