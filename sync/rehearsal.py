"""A run as it would be now, and undone: what would become of what it is about."""

from contextlib import closing
from itertools import count
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..client.errors import BigCommerceError
from .operation import FoundPage
from .problems import concerns_one_object, explain, get_cause
from .transactions import COLLISIONS, MAX_COLLISIONS

# Seconds that a person waits for all that is read of a store.
READING_SECONDS = 25
# Lines whose details are read between two looks at the clock.
DETAILS_AT_A_TIME = 10
# Ids that are asked for before what came of them is safe.
IDS_AT_A_TIME = 25
# How long others may keep a record from a rehearsal that is in their way.
LOCK_TIMEOUT = "5s"
# Who says what would become of the things an operation is about.
REPORTS = {
    "import_orders": "bigcommerce.preview.orders",
    "import_listings": "bigcommerce.preview.listings",
    "export_products": "bigcommerce.preview.products",
}


class Reading(NamedTuple):
    """What was read of a store's lists.

    ``items``: list of :class:`~.operation.Found`.
    ``has_more``: whether the store has more than that.
    ``trouble``: why no more could be read, "" if nothing was in the way.
    """

    items: list
    has_more: bool
    trouble: str


class Rehearsal(NamedTuple):
    """What a run would do.

    ``vals_list``: values of a ``bigcommerce.preview.line`` for each thing read.
    ``request_count``: how often the store was asked.
    """

    vals_list: list
    reading: Reading
    request_count: int


class BigcommerceRehearsal(models.AbstractModel):
    """The engine without its commits: what it does is done, looked at, and undone.

    The store is asked before anything is written, so that nobody waits for a record
    while a store is slow. What is written is written on a cursor of its own, which goes
    with all that it has set in motion: mails, messages, wake-ups. What a rollback does
    not bring back, numbers and files, is not taken: see ``bigcommerce_preview`` in the
    context of ``ir.sequence`` and ``ir.attachment``.
    """

    _name = "bigcommerce.rehearsal"
    _inherit = "bigcommerce.engine"
    _description = "BigCommerce Rehearsal"

    @api.model
    def _rehearse(self, instance, code, options, limit):
        """Return the :class:`Rehearsal` of a run.

        :param str code: code of the operation, one of the ``REPORTS``
        :param dict options: what the operation's ``_discover`` understands
        :param int limit: how many things are looked at
        :raise UserError: if the store may not be asked, or does not say anything
        """
        # As a scheduled action does it, but in the language of who looks at it.
        root = self.env(user=SUPERUSER_ID, context={"lang": self.env.lang})
        self, instance = self.with_env(root), instance.with_env(root)
        if pause := instance._explain_pause():
            raise UserError(pause)
        with instance._ask_now(patience=READING_SECONDS) as client:
            client.transport.read_only = self.env._("A preview changes nothing.")
            reading = self._read(client, instance, code, options, limit)
            wanted = self._undone(
                lambda own: own._choose(instance, code, options, reading.items)
            )
            details, failures = self._read_details(client, instance, code, wanted)
            request_count = client.transport.request_count
        vals_list = self._undone(
            lambda own: own._perform(
                instance, code, options, reading.items, details, failures
            )
        )
        return Rehearsal(vals_list, reading, request_count)

    # What the store says

    @api.model
    def _read(self, client, instance, code, options, limit):
        """Read the lists as the operation does, as far as there is room for it.

        :raise BigCommerceError: if there is nothing to show
        """
        items, trouble = [], ""
        portions = self._divide(options, limit)
        has_more = len(options.get("ids", ())) > limit
        try:
            for page in self._iterate_pages_of(client, instance, code, portions):
                items += page.items
                if len(items) > limit:
                    has_more = True
                    break
        except BigCommerceError as error:
            if not items:
                raise
            has_more, trouble = True, explain(self.env, error)
        return Reading(items[:limit], has_more, trouble)

    @api.model
    def _divide(self, options, limit):
        """Return options that ask for the same, but for few ids at a time."""
        if "ids" not in options:
            return [options]
        return [
            {**options, "ids": [*ids]}
            for ids in split_every(IDS_AT_A_TIME, options["ids"][:limit])
        ]

    @api.model
    def _iterate_pages_of(self, client, instance, code, portions):
        for options in portions:
            yield from instance._get_operation(code)._discover(
                client, instance, options, {}
            )

    @api.model
    def _read_details(self, client, instance, code, items):
        """Read what the lists did not say, as the operation does.

        :return: details, and errors of the client, both by key
        """
        operation = instance._get_operation(code)
        QueueLine = operation.env["bigcommerce.queue.line"]
        lines = [
            QueueLine.new(
                {
                    "instance_id": instance.id,
                    "operation": code,
                    "key": item.key,
                    "payload": QueueLine._encode(item.payload),
                },
                ref=item.key,
            )
            for item in items
        ]
        details, failures = {}, {}
        groups = [[*group] for group in split_every(DETAILS_AT_A_TIME, lines)]
        while groups:
            group = groups.pop(0)
            try:
                found = operation._fetch(client, QueueLine.concat(*group))
            except Exception as error:
                is_theirs = isinstance(error, BigCommerceError)
                if is_theirs and not concerns_one_object(error):
                    # Nor would it answer about the others.
                    group = [line for own in (group, *groups) for line in own]
                    groups = []
                elif len(group) > 1:
                    groups = [*([line] for line in group), *groups]
                    continue
                failures.update({line.key: error for line in group})
            else:
                details.update({line.key: own for line, own in found.items()})
        return details, failures

    # What would be done

    @api.model
    def _undone(self, work):
        """Call ``work`` with this model on a cursor of its own, and undo what it does.

        :param work: function of a rehearsal, called again after a collision
        :return: what ``work`` returns; no record is left of it
        :raise UserError: if others are in the way for too long
        """
        invalidated = self.env.registry.cache_invalidated
        former = set(invalidated)
        for _attempt in range(MAX_COLLISIONS):
            try:
                # It is closed without a commit.
                with closing(self.env.registry.cursor()) as cr:
                    cr.execute("SET LOCAL lock_timeout = %s", [LOCK_TIMEOUT])
                    own = self.with_env(self.env(cr=cr))
                    return work(own.with_context(bigcommerce_preview=count(1)))
            except COLLISIONS:
                continue
            finally:
                # Forget what was kept in memory of records that are gone.
                self.env.registry.reset_changes()
                invalidated.update(former)
        raise UserError(
            self.env._("The same records are being worked on. Try again in a minute.")
        )

    @api.model
    def _choose(self, instance, code, options, items):
        """Return the items that are work to do."""
        job = self._keep(instance, code, options, items)
        keys = set(job.line_ids.filtered(self._is_due).mapped("key"))
        return [item for item in items if item.key in keys]

    @api.model
    def _perform(self, instance, code, options, items, details, failures):
        """Do what is to be done, and return values of a line for each item."""
        instance = instance.with_env(self.env)
        report = self.env[REPORTS[code]]
        former = report._remember(instance, [item.key for item in items])
        job = self._keep(instance, code, options, items)
        operation = instance._get_operation(code)
        lines = {line.key: line.with_env(operation.env) for line in job.line_ids}
        ready = []
        for key, line in lines.items():
            if key in failures:
                self._settle_failure(line, failures[key])
            elif self._is_due(line):
                line.details = key in details and line._encode(details[key])
                ready.append(line.id)
        size = operation._batch_size or instance.queue_batch_limit
        # What an export would send its report asks it: there is no client here.
        if operation._direction == "import":
            for batch in split_every(size, ready, job.line_ids.browse):
                self._apply_lines(operation, batch.with_env(operation.env))
        vals_list = report._prepare_vals_list(instance, items, lines, former)
        return [
            {
                "instance_id": instance.id,
                "bc_id": item.key,
                **vals,
                **self._prepare_failure_vals(failures.get(item.key)),
            }
            for item, vals in zip(items, vals_list, strict=True)
        ]

    @api.model
    def _keep(self, instance, code, options, items):
        """Keep what was read, as the scan does; return the queue job with its lines."""
        instance = instance.with_env(self.env)
        job = self.env["bigcommerce.queue.job"].create(
            {
                "instance_id": instance.id,
                "operation": code,
                "options": options or False,
                "state": "discovering",
            }
        )
        self._keep_page(job, FoundPage(items, {}))
        # As far as a commit would go.
        self.env.cr.flush()
        return job

    @api.model
    def _is_due(self, line):
        return line.state == "pending"

    @api.model
    def _settle_failure(self, line, error):
        is_theirs = isinstance(error, BigCommerceError)
        settle = self._settle_error if is_theirs else self._settle_failed
        settle(line, error)

    @api.model
    def _prepare_failure_vals(self, error):
        """Return why nothing can be said of what the store did not tell all of."""
        if not isinstance(error, BigCommerceError) or get_cause(error):
            return {}
        return {"verdict": "unread", "reason": explain(self.env, error)}

    # The engine's own way, without what lasts

    @api.model
    def _commit(self):
        """What is done is to be undone."""

    @api.model
    def _in_transaction(self, work):
        with self.env.cr.savepoint():
            return work()

    @api.model
    def _wake(self):
        """There is nothing to do for anybody else."""
