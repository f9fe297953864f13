"""What the tests of previews stand on: how to look at one, and that nothing is left."""

from odoo.tools import SQL

from .common import OrderCase


def take_snapshot(cr):
    """Return what identifies every version of every row, but a preview's own.

    And how far the sequences have come that documents are numbered by.
    """
    cr.execute(
        """
        SELECT relname FROM pg_class
         WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace
           AND relname NOT LIKE 'bigcommerce\\_preview%'
        """
    )
    snapshot = {}
    for (table,) in cr.fetchall():
        cr.execute(
            SQL(
                """
                SELECT count(*), md5(string_agg(
                           ctid::text || ' ' || xmin::text, ',' ORDER BY ctid
                       ))
                  FROM %s
                """,
                SQL.identifier(table),
            )
        )
        snapshot[table] = cr.fetchone()
    cr.execute(
        """
        SELECT sequencename, last_value FROM pg_sequences
         WHERE sequencename ~ '^ir_sequence_[0-9]'
        """
    )
    return snapshot | dict(cr.fetchall())


def compare(before, after):
    """Return the names of what differs between two snapshots."""
    return {name for name in before | after if before.get(name) != after.get(name)}


class PreviewCase(OrderCase):
    """A test that looks at previews of what it has placed in the store."""

    def preview(self, operation="import_orders", instances=None, user=None, **options):
        """Look at what an import would do; return the preview."""
        Preview = self.env["bigcommerce.preview"].with_user(user or self.env.user)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            action = Preview._open(
                operation, dict.fromkeys(instances or self.instance, options)
            )
        self.env.invalidate_all()
        return Preview.browse(action["res_id"])

    def preview_first(self, max_count, operation="import_orders", **vals):
        """Preview what comes first, as the form does; return the preview."""
        preview = self.env["bigcommerce.preview"].create(
            {
                "instance_ids": self.instance.ids,
                "operation": operation,
                "max_count": max_count,
                **vals,
            }
        )
        self.env.flush_all()
        with self.enter_registry_test_mode():
            preview.action_preview()
        return preview

    def get_line(self, preview, bc_id):
        return preview.line_ids.filtered(lambda line: line.bc_id == str(bc_id))

    def get_verdicts(self, preview):
        return {line.bc_id: line.verdict for line in preview.line_ids}

    def take_snapshot(self):
        self.env.flush_all()
        return take_snapshot(self.env.cr)

    def assertNothingWritten(self, before):
        self.assertFalse(compare(before, self.take_snapshot()))
