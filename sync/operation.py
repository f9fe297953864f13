"""What moves data is an operation: one file, one abstract model, a few verbs."""

from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from .problems import Blocked

# Records of Odoo that are found at a time.
PAGE_SIZE = 250
# Key of our own in the payload of a thing that the store no longer has.
GONE = "is_gone"


class Found(NamedTuple):
    """One thing that a scan found: what to do it with, by its key there.

    ``lane``: things of one lane are never worked on by two pumps at once; by default
    each thing has a lane of its own.
    ``problem``: what a person has to settle before anything is done.
    """

    key: str
    name: str
    payload: dict | list
    lane: str = ""
    problem: Blocked | None = None


class FoundPage(NamedTuple):
    """One page of a scan.

    ``resume``: from where a later run of the scan goes on after this page.
    ``server_date``: the store's clock when it answered.
    ``newest_change``: the newest change among the page's objects.
    """

    items: list
    resume: dict
    server_date: datetime | None = None
    newest_change: datetime | None = None


class Done(NamedTuple):
    """What ``_apply`` says of a line that is done, but not as one would think."""

    record: models.Model
    message: str


class BigcommerceOperation(models.AbstractModel):
    """Base of all operations. A verb says by its name what it may do.

    ================== ============ =========
    verb               network      database
    ================== ============ =========
    ``_discover``      reads lists  reads
    ``_keep_found``    –            writes
    ``_fetch``         reads        reads
    ``_send``          **writes**   reads
    ``_look``          reads        reads
    ``_apply``         –            writes
    ``_keep_problems`` –            writes
    ================== ============ =========

    An import reads from the store and applies what it read. An export sends, and
    applies what the store confirmed. One that does not ask the store (``_asks_store``)
    reads Odoo's lists and applies: it has no network in any verb.
    """

    _name = "bigcommerce.operation"
    _description = "BigCommerce Operation"

    _code = ""
    # "import" or "export".
    _direction = "import"
    # Whether its lists are the store's, or it sends. One that needs Odoo alone works
    # also while the store is paused, refuses the token or does not answer.
    _asks_store = True
    # Lower goes first.
    _priority = 50
    # (number, unit) of the automatic job; None: never by itself.
    _interval = None
    # Whether only one batch per store is in work at a time.
    _is_exclusive = False
    # Lines that are claimed together; None: as many as the instance says.
    _batch_size = None
    # Lines that are sent in one request.
    _send_size = 1
    # What people may narrow a run by that they start: field of the wizard *Operations*
    # -> option of ``_discover``. None: it is not for people to start.
    _choices = None
    # Whether people may see first what a run would do.
    _has_preview = False
    # Model of the records that lines are about, if their keys are its ids there.
    _subject_model = None
    # The least OAuth scopes that its requests take; a scope to modify covers reading.
    _scopes = ()
    # Name of the instance's setting that turns it on; "": none does.
    _setting = ""

    @api.model
    def _get_label(self):
        """Return the operation's name for people."""
        raise NotImplementedError

    @api.model
    def _check_may_start(self, instance):
        """Refuse a start by hand that would do nothing, or is not for that person.

        :raise UserError: if there is something to settle first
        :raise AccessError: if the person may not do by hand what the run does
        """

    @api.model
    def _prepare_options(self, instance, choices):
        """Return the options of a run that does what a person has chosen.

        :param dict choices: what was entered, JSON-like, by the names of ``_choices``
        :raise UserError: if something is meant that there is not
        """
        return {self._choices[name]: value for name, value in choices.items()}

    @api.model
    def _narrow(self, options, keys):
        """Return the options of a run about ``keys`` alone, with what ``options`` wish.

        :param dict options: of the run in which they were found
        """
        return {"ids": keys}

    @api.model
    def _get_operations(self):
        """Return the operations there are, as a list of models."""
        names = self.pool.descendants(["bigcommerce.operation"], "_inherit")
        return [self.env[name] for name in names if self.env[name]._code]

    @api.model
    def _get_operation(self, code):
        """Return the operation called ``code``."""
        return next(
            operation for operation in self._get_operations() if operation._code == code
        )

    @api.model
    def _get_codes(self):
        """Return the codes of the operations there are."""
        return [operation._code for operation in self._get_operations()]

    @api.model
    def _get_codes_without_network(self):
        """Return the codes of the operations that never ask a store."""
        return [
            operation._code
            for operation in self._get_operations()
            if not operation._asks_store
        ]

    @api.model
    def _selection_operation(self):
        return [
            (operation._code, operation._get_label())
            for operation in self._get_operations()
        ]

    @api.model
    def _get_companions(self, instance, options):
        """Return the codes of the operations that are started along with a run.

        They keep what this one's records refer to.
        """
        return []

    @api.model
    def _get_use(self, instance):
        """Return what makes ``instance`` use this operation, for people.

        "" if it runs for a person only.
        """
        if self._setting and instance[self._setting]:
            return instance.fields_get([self._setting])[self._setting]["string"]
        active = instance.automatic_job_ids.filtered("active")
        return (
            self.env._("Automatic job")
            if self._code in active.mapped("operation")
            else ""
        )

    @api.model
    def _with_store(self, instance):
        """Return the operation as it works for ``instance``.

        With its company, its language, and its store's calendar day. Nobody gets a
        mail or a note for what an operation writes, unless it says so.
        """
        return self.with_context(
            allowed_company_ids=instance.company_id.ids,
            lang=instance.language_id.code,
            tz=instance.timezone,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_auto_subscribe_no_notify=True,
        )

    @api.model
    def _discover(self, client, instance, options, resume):
        """Read the lists: those of the store, or for an export those of Odoo.

        :param client: client of the store; None if the operation does not ask it
        :param instance: the store
        :param dict options: what narrows the run; ``ids``: the keys of what is to be
            read, which is also how a line that has waited long is read again
        :param dict resume: where an earlier, unfinished run stopped
        :return: iterator of :class:`FoundPage`
        """
        raise NotImplementedError

    @api.model
    def _is_scan(self):
        """Return whether its lists are the store's; an export's are Odoo's."""
        return self._direction == "import" and self._asks_store

    @api.model
    def _get_filters(self, instance, options):
        """Return what narrows a list: what was asked for, or what has changed since.

        Nothing where other options say what is meant.
        """
        if "since" in options:
            return {"min_date_modified": options["since"]}
        return {} if options else self._get_change_filters(instance)

    @api.model
    def _get_change_filters(self, instance):
        """Return what narrows a list to what has changed since the last complete scan.

        Nothing before the first one.
        """
        job = self.env["bigcommerce.automatic.job"]._get_job(instance, self._code)
        if job.watermark:
            return {"min_date_modified": job.watermark.isoformat()}
        return {}

    @api.model
    def _iterate_records(self, model, domain, resume):
        """Yield the records of Odoo that there is something to do with, by their ids.

        :param str model: name of their model
        :param domain: which of them
        :param dict resume: where an earlier, unfinished run stopped
        :return: iterator of pairs: some records, and the point to resume from next
        """
        domain = Domain(domain) & Domain("id", ">", resume.get("after_id", 0))
        records = self.env[model].search(domain, order="id")
        for page in split_every(PAGE_SIZE, records.ids, records.browse):
            yield page, {"after_id": page[-1].id}

    @api.model
    def _find_waiting_in_vain(self, instance, keys):
        """Return what waits for a person although there is nothing to do about it.

        :param set keys: of the things that there is something to do about
        :return: list of :class:`Found` without payload, for ``_drop_waiting_in_vain``
        """
        lines = self.env["bigcommerce.queue.line"].search(
            [
                ("instance_id", "=", instance.id),
                ("operation", "=", self._code),
                ("state", "=", "blocked"),
            ]
        )
        return [
            Found(line.key, line.name, {}) for line in lines if line.key not in keys
        ]

    @api.model
    def _drop_waiting_in_vain(self, instance, items):
        """Withdraw what waits in vain, and return the other items."""
        needless = [item.key for item in items if not item.payload]
        self.env["bigcommerce.queue.line"]._withdraw(instance, self._code, needless)
        return [item for item in items if item.payload]

    @api.model
    def _keep_found(self, instance, options, items):
        """Keep what the scan saw, and return the items that need work.

        :param dict options: what narrows the run; ``again``: the items are in the
            queue already, and have been read again
        :param list items: :class:`Found` of one page
        """
        return items

    @api.model
    def _fetch(self, client, lines):
        """Read what the lists did not say.

        :return: dict of line -> JSON-like details, for the lines that need some
        """
        return {}

    @api.model
    def _group_for_sending(self, lines):
        """Return ``lines`` in groups, each of what goes in one request."""
        return list(split_every(self._send_size, lines.ids, lines.browse))

    @api.model
    def _send(self, client, lines):
        """Change the store: one object, or several in one request.

        What is sent is read from Odoo now: it may have changed since the line was made.

        :param lines: a group of ``_group_for_sending``, or a part of one
        :return: dict of line -> what the store confirmed, JSON-like, a
            :class:`~.problems.Blocked`, or an :class:`~.problems.Unsettled`
        """
        raise NotImplementedError

    @api.model
    def _look(self, client, lines):
        """Find out what became of writes whose answer was lost, or is not final.

        :return: dict of line -> what ``_send`` would have returned, for the writes that
            took effect; the others are sent again
        """
        raise NotImplementedError

    @api.model
    def _apply(self, lines):
        """Write a batch to Odoo, all or nothing.

        :return: dict of line -> the record it is about, a :class:`Done`, or a
            :class:`~.problems.Blocked`
        """
        raise NotImplementedError

    @api.model
    def _find_subjects(self, lines):
        """Return the records that lines are about, as far as there are any.

        :param lines: queue lines of one store
        :return: dict of line -> record
        """
        if not self._subject_model:
            return {}
        records = self.env[self._subject_model]._find(
            lines.instance_id, lines.mapped("key")
        )
        return {line: records[line.key] for line in lines if line.key in records}

    @api.model
    def _conclude(self, job):
        """Start what follows a run that has come to its end.

        In the transaction that ends it. A run that goes on since lines are tried again
        ends again: what is started then must do no harm.
        """

    @api.model
    def _get_log_name(self, line):
        """Return what the log calls the thing that a line is about: not a person."""
        return line.name

    @api.model
    def _prepare_fix_context(self, line):
        """Return what a form already knows where the cause of ``line`` is cured.

        :return: context with ``default_`` values; empty if there is a choice
        """
        return {}

    @api.model
    def _keep_problems(self, lines):
        """Note with the records that lines are about why they have come to a stop.

        Also of what the store has accepted and not settled yet: such a line is
        *unknown*, and has a cause once a person has to see to it.

        :param lines: queue lines of one store
        """
