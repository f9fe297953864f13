import base64
import io
import json
import platform
import zipfile

from odoo import api, fields, models, release

from ..client.redaction import redact

LOGS_SHOWN = 200
TRACEBACKS_SHOWN = 50
LONGEST_LINE = 500
# What says nothing to anybody who helps, or is a secret.
FIELDS_LEFT_OUT = {"access_token", "message_main_attachment_id"}
FIELD_TYPES = ("boolean", "char", "datetime", "float", "integer", "selection")


class BigcommerceSupportBundle(models.TransientModel):
    """A file for those who help: how a store is set up, and what went wrong lately."""

    _name = "bigcommerce.support.bundle"
    _description = "BigCommerce Support Bundle"

    instance_id = fields.Many2one("bigcommerce.instance", required=True)
    name = fields.Char(required=True)
    content = fields.Binary(required=True, attachment=False)

    @api.model
    def _make(self, instance):
        """Return a bundle of a store: a zip archive of JSON files."""
        files = {
            "versions.json": self._read_versions(),
            "settings.json": self._read_settings(instance),
            "automatic_jobs.json": instance.automatic_job_ids.read(
                ["operation", "active", "interval_number", "interval_unit"]
                + ["next_call", "last_processed_on", "watermark"]
            ),
            "queue.json": self._count_lines(instance),
            "errors.json": self._read_errors(instance),
            "tracebacks.json": self._read_tracebacks(instance),
        }
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in files.items():
                text = json.dumps(content, indent=2, default=str, ensure_ascii=False)
                target.writestr(name, text)
        day = fields.Date.context_today(self)
        return self.create(
            {
                "instance_id": instance.id,
                "name": f"bigcommerce-support-{instance.id}-{day}.zip",
                "content": base64.b64encode(archive.getvalue()),
            }
        )

    @api.model
    def _read_versions(self):
        module = self.env.ref("base.module_bigcommerce_connector").sudo()
        self.env.cr.execute("SHOW server_version")
        (postgresql,) = self.env.cr.fetchone()
        return {
            "odoo": release.version,
            "addon": module.installed_version,
            "postgresql": postgresql,
            "python": platform.python_version(),
        }

    @api.model
    def _read_settings(self, instance):
        own = [
            name
            for name, field in instance._fields.items()
            if field.store
            and field.type in (*FIELD_TYPES, "many2one")
            and name not in FIELDS_LEFT_OUT
        ]
        (values,) = instance.read(own, load=None)
        return values

    @api.model
    def _count_lines(self, instance):
        groups = self.env["bigcommerce.queue.line"]._read_group(
            [("instance_id", "=", instance.id)],
            ["operation", "state", "cause_id"],
            ["__count"],
        )
        return [
            {"operation": code, "state": state, "cause": cause.code, "count": count}
            for code, state, cause, count in groups
        ]

    @api.model
    def _read_errors(self, instance):
        logs = self.env["bigcommerce.log"].search(
            [("instance_id", "=", instance.id), ("level", "=", "error")],
            limit=LOGS_SHOWN,
        )
        shown = ["date", "times", "operation", "key", "message", "request", "answer"]
        return logs.read(shown)

    @api.model
    def _read_tracebacks(self, instance):
        lines = self.env["bigcommerce.queue.line"].search(
            [("instance_id", "=", instance.id), ("traceback", "!=", False)],
            limit=TRACEBACKS_SHOWN,
        )
        token = instance.access_token or ""
        # What is hidden needs no right to be read.
        lines = lines.sudo()
        subjects = self.env["bigcommerce.engine"].sudo()._find_subjects(lines)
        return [
            {
                "operation": line.operation,
                "key": line.key,
                "traceback": [
                    redact(text, token, length=LONGEST_LINE)
                    for text in line._hide_people(
                        line.traceback, subjects.get(line)
                    ).splitlines()
                ],
            }
            for line in lines
        ]
