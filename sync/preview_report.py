from typing import NamedTuple

from odoo import api, models
from odoo.tools import formatLang

# Verdicts on what a preview has looked at, as the lines of it have them.
VERDICTS = [
    ("create", "Created"),
    ("held", "Held"),
    ("update", "Updated"),
    ("unchanged", "Unchanged"),
    ("skipped", "Skipped"),
    ("blocked", "Blocked"),
    ("waiting", "In the Queue"),
    ("unread", "Not Read"),
]


class Former(NamedTuple):
    """What there was before a rehearsal.

    ``digests`` and ``facts``: of the records that there were, by their id there; facts
    are texts by field.
    ``last_ids``: the highest id by model. What has a higher one was made on the way.
    ``mapped_ids``: of the listing items that had a product.
    """

    digests: dict
    facts: dict
    last_ids: dict
    mapped_ids: frozenset = frozenset()

    def is_new(self, record):
        return bool(record) and max(record.ids) > self.last_ids[record._name]


class BigcommercePreviewReport(models.AbstractModel):
    """Says what an operation has done with what it found, while it is still there."""

    _name = "bigcommerce.preview.report"
    _description = "BigCommerce Preview Report"

    # The operation, the model that keeps what it finds, and of that what is told when
    # it changes, and what else is remembered.
    _operation = ""
    _model = ""
    _told_fields = ()
    _noted_fields = ()
    # Models that it makes records of.
    _made_models = ()

    @api.model
    def _remember(self, instance, keys):
        """Return what there is before anything is done, as a :class:`Former`."""
        records = self.env[self._model]._find(instance, keys)
        return Former(
            {key: record.payload_digest for key, record in records.items()},
            {key: self._get_facts(record) for key, record in records.items()},
            {
                model: self.env[model]
                .with_context(active_test=False)
                .search([], order="id desc", limit=1)
                .id
                for model in self._made_models
            },
        )

    @api.model
    def _prepare_vals_list(self, instance, items, lines, former):
        """Return values of a preview's line for each item, with its verdict.

        :param items: list of :class:`~.operation.Found`
        :param dict lines: the queue lines that were worked on, by key
        :param Former former: what there was before
        """
        raise NotImplementedError

    @api.model
    def _get_facts(self, record):
        return {
            field: self._get_text(record, field)
            for field in (*self._told_fields, *self._noted_fields)
        }

    @api.model
    def _get_text(self, record, name):
        field, value = record._fields[name], record[name]
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type in ("float", "monetary"):
            return formatLang(self.env, value, currency_obj=record.currency_id)
        return str(field.convert_to_export(value, record) or self.env._("none"))

    @api.model
    def _explain_changes(self, record, former):
        """Return what of a record has become something else, a sentence each."""
        before, after = former.facts[record.bc_id], self._get_facts(record)
        return [
            self.env._(
                "%(what)s: %(before)s → %(after)s.",
                what=record._fields[field].get_description(self.env)["string"],
                before=before[field],
                after=after[field],
            )
            for field in self._told_fields
            if after[field] != before[field]
        ] or [self.env._("Details have changed in the store.")]

    @api.model
    def _find_waiting(self, instance, keys):
        """Return the lines about ``keys`` that are in the queue already, by key."""
        QueueLine = self.env["bigcommerce.queue.line"]
        lines = QueueLine.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self._operation),
                ("key", "in", list(keys)),
                ("state", "not in", QueueLine._SETTLED_STATES),
            ],
            order="id",
        )
        return {line.key: line for line in lines}

    @api.model
    def _judge_stopped(self, line):
        """Return verdict and reason of a line that has not come to its end."""
        if line.state in ("blocked", "failed"):
            return {
                "verdict": "blocked",
                "reason": line.message,
                "cause_id": line.cause_id.id,
            }
        return {"verdict": "unread", "reason": line.message}

    @api.model
    def _judge_waiting(self, line):
        """Return verdict and reason of what is in the queue without a preview."""
        if line.state in ("blocked", "failed"):
            return self._judge_stopped(line)
        words = [self.env._("It is in the queue, and goes on by itself.")]
        return {"verdict": "waiting", "reason": self._join([*words, line.message])}

    @api.model
    def _join(self, sentences):
        return "\n".join(filter(None, sentences))
