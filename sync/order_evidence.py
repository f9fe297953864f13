from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import UserError

from ..client.payloads.order import Order
from .operation import GONE
from .order_selection import INEVITABLE
from .problems import Blocked

IMPORT = "import_orders"


@dataclass
class Evidence:
    """What is known of an order, here and in the store.

    ``record``: its ``bigcommerce.order``; empty if no scan has seen it.
    ``line``: the line by which it waits to be imported, or failed to be.
    ``run``: the queue job that is to read it because somebody asked for it.
    ``workflow_line``: the line by which it goes through its workflow, if it is in Odoo.
    ``order``: what the store says now; None if it was not asked, or has no such order.
    ``is_gone``: the store has no such order.
    ``silence``: why the store does not say anything.
    ``unreadable``: what is wrong with what the store says.
    ``codes``: why the import passes over it.
    ``facts``: the order as the store says it: its record, or one that is not saved.
    """

    instance: models.Model
    bc_id: str
    record: models.Model
    line: models.Model
    run: models.Model
    workflow_line: models.Model
    order: Order | None = None
    is_gone: bool = False
    silence: str = ""
    unreadable: str = ""
    codes: tuple = ()
    facts: models.Model | None = None

    @property
    def is_importable(self):
        """Whether nothing speaks against it that *Import Now* cannot overrule."""
        return not (self.is_gone or set(self.codes) & set(INEVITABLE))


class BigcommerceOrderEvidence(models.AbstractModel):
    """Gather what is known of an order. Writes nothing."""

    _name = "bigcommerce.order.evidence"
    _description = "Evidence on a BigCommerce Order"

    @api.model
    def _gather(self, instance, bc_id, ask=True):
        """Return the :class:`Evidence` on an order, the store's own included.

        :param bool ask: ask the store for an order that is not imported: one request,
            ten seconds at most, if it may be asked at all
        """
        self = self.sudo()
        instance = instance.sudo()
        record = self.env["bigcommerce.order"]
        record = record._find(instance, [bc_id]).get(bc_id, record)
        evidence = Evidence(
            instance,
            bc_id,
            record,
            self._find_line(instance, bc_id, IMPORT),
            self._find_run(instance, bc_id),
            self._find_line(instance, bc_id, "process_orders"),
        )
        if not record.sale_order_id:
            if ask:
                self._ask_store(evidence)
            evidence.codes = self._get_codes(evidence)
        evidence.facts = self._get_facts(evidence)
        return evidence

    @api.model
    def _find_line(self, instance, bc_id, operation):
        """Return the newest line about an order that is not settled for good."""
        lines = self.env["bigcommerce.queue.line"]
        return lines.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", operation),
                ("key", "=", bc_id),
                ("state", "not in", lines._SETTLED_STATES),
            ],
            limit=1,
        )

    @api.model
    def _find_run(self, instance, bc_id):
        """Return the run that is about to read an order somebody asked for."""
        jobs = self.env["bigcommerce.queue.job"]
        runs = jobs.search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", IMPORT),
                ("state", "in", jobs._UNREAD_STATES),
            ]
        )
        return runs.filtered(lambda run: bc_id in (run.options or {}).get("ids", ()))[
            :1
        ]

    @api.model
    def _ask_store(self, evidence):
        """Add to the evidence what the store says of the order now."""
        importer = self.env["bigcommerce.import.orders"]
        instance = evidence.instance
        evidence.silence = instance._explain_pause()
        if evidence.silence:
            return
        try:
            with instance._ask_now() as client:
                payload = importer._read(client, instance, evidence.bc_id).payload
        except UserError as error:
            evidence.silence = str(error)
            return
        evidence.is_gone = GONE in payload
        try:
            evidence.order = importer._parse(payload)
        except Blocked as problem:
            evidence.unreadable = problem.message

    @api.model
    def _get_codes(self, evidence):
        """Return why the import passes over the order, as it judges itself."""
        importer = self.env["bigcommerce.import.orders"]
        record = evidence.record
        if evidence.order:
            traits = importer._get_traits(evidence.order)
        elif record.status:
            traits = importer._get_known_traits(record)
        else:
            return ()
        return tuple(
            importer._get_reasons_to_pass_over(
                evidence.instance,
                traits,
                record.is_asked_for or bool(evidence.run),
                importer._was_wanted(record),
            )
        )

    @api.model
    def _get_facts(self, evidence):
        """Return the order as the store says it: its record, or one not saved."""
        record = evidence.record
        if record and not evidence.order:
            return record
        vals = {"instance_id": evidence.instance.id, "bc_id": evidence.bc_id}
        if evidence.order:
            records = self.env["bigcommerce.order.records"]
            found = records._prepare_order_vals(evidence.instance, [evidence.order])
            vals |= found[evidence.order.id]
        return record.new(vals)
