from odoo import models

ORIGIN = "mail.message_origin_link"


class MailThread(models.AbstractModel):
    """Notes about the origin of records are written together."""

    _inherit = "mail.thread"

    def message_post_with_source(self, source_ref, **options):
        """Collect notes about the origin of records where an operation says so."""
        notes = self.env.context.get("bigcommerce_notes")
        if notes is None or source_ref != ORIGIN:
            return super().message_post_with_source(source_ref, **options)
        bodies = self.env["mail.render.mixin"]._render_template_qweb_view(
            self.env.ref(ORIGIN),
            self._name,
            self.ids,
            add_context=options.get("render_values"),
        )
        for record in self:
            notes.add(record, bodies[record.id])
        return self.env["mail.message"]
