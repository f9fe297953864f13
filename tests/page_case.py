"""A person at an instance's form, in Chromium: a table says what is entered.

A visit is a tour whose steps the test makes. What a person reads on the form is what a
step looks for: the caption beside the field.
"""

import json
import re
from typing import NamedTuple

from odoo.tests import HttpCase

INSTANCES = "/odoo/bigcommerce-instances"
TOUR = "bigcommerce_visit"
REGISTRY = (
    "odoo.loader.modules.get('@web/core/registry').registry.category('web_tour.tours')"
)
# A busy machine takes its time: milliseconds for a step, seconds for all of a visit.
STEP_TIMEOUT = 30_000
VISIT_TIMEOUT = 180


class Entry(NamedTuple):
    """What is entered under a caption, and what is to come of it.

    :param caption: as the page writes it
    :param field: its name; with the list that it is a column of, ``lines.column``; that
        list alone, ``lines.``, of a row; a button's method; "" of a mere caption
    :param visit: in which visit of the form it is entered; 0: it is so without
    :param value: what is chosen, typed or ticked; None: it is only read
    :param check: name of the method of the test, after ``check_``, that looks at what
        comes of it; it is given the value
    :param is_hidden: whether the page shows it in developer mode only
    """

    caption: str
    field: str
    visit: int
    value: object
    check: str
    is_hidden: bool


class Section(NamedTuple):
    """What stands under a heading of the page: a tab of the form, and entries."""

    tab: str
    entries: list


def read_table(text):
    """Return the sections of a table by their headings.

    A heading stands before ``@`` and its tab, perhaps followed by ``@`` and a list.
    Below it, each line has the values of an entry; ``*`` after a caption says that it
    is hidden, and a field that begins with a dot is one of the list.
    """
    table = {}
    for line in filter(None, text.splitlines()):
        if " @ " in line:
            heading, tab, *lists = line.split(" @ ")
            table[heading] = Section(tab, [])
            continue
        caption, field, visit, value, check = map(str.strip, line.split("|"))
        if field.startswith("."):
            field = lists[0] + field
        table[heading].entries.append(
            Entry(
                caption.removesuffix(" *"),
                field,
                int(visit),
                {"on": True, "off": False, "": None}.get(value, value),
                check,
                caption.endswith(" *"),
            )
        )
    return table


def click(trigger):
    return {"trigger": trigger, "run": "click"}


def see(trigger):
    return {"trigger": trigger}


def miss(selector):
    """Wait until nothing of this kind is there."""
    return see(f"body:not(:has({selector}))")


def contains(text):
    """Return the pseudo-class of what contains a text."""
    return f":contains({json.dumps(text, ensure_ascii=False)})"


def escape(text):
    """Return a text as part of a regular expression in a selector."""
    # An apostrophe would begin a string in the selector.
    return re.sub(r"([.?()])", r"\\\1", text).replace("'", ".")


def reads(text):
    """Return the pseudo-class of what says this and nothing else.

    A caption with a tooltip is followed by a question mark.
    """
    return f":contains(/^\\s*{escape(text)}\\s*\\??\\s*$/)"


def open_tab(title):
    return click(f".o_notebook_headers .nav-link{reads(title)}")


def save():
    return [click(".o_form_button_save:enabled"), see(".o_form_saved")]


def get_caption(entry):
    """Return the selector of what bears the caption of an entry on the form."""
    if not entry.field:
        # It is shown in capitals.
        return f".o_form_view .o_horizontal_separator{reads(entry.caption.upper())}"
    if entry.field.startswith("action_"):
        return f"button[name={entry.field}]{reads(entry.caption)}"
    lines, dot, column = entry.field.rpartition(".")
    if not dot:
        return f".o_form_label[for^={column}]{reads(entry.caption)}"
    where = f"th[data-name={column}]" if column else ".o_data_row"
    return f".o_field_widget[name={lines}] {where}{contains(entry.caption)}"


class PageCase(HttpCase):
    """A test that fills in forms as its table says.

    :cvar TABLE: dict of heading -> :class:`Section`
    """

    TABLE = {}

    def visit(self, path, *steps, is_developer=False, cookies=None):
        """Open a path as a manager of the connector, and take steps.

        :param steps: each as a step of a tour, or a list of such
        """
        flat = []
        for step in steps:
            flat += step if isinstance(step, list) else [step]
        for step in flat:
            step["timeout"] = STEP_TIMEOUT
        tour = f"{{steps: () => {json.dumps(flat)}}}"
        self.start_tour(
            f"{path}?debug=1" if is_developer else path,
            TOUR,
            ready=f"odoo.startTour && {REGISTRY}.add('{TOUR}', {tour}) && true",
            login="admin",
            cookies=cookies,
            timeout=VISIT_TIMEOUT,
        )
        self.env.invalidate_all()

    def visit_instance(self, *steps, **options):
        self.visit(f"{INSTANCES}/{self.instance.id}", *steps, **options)

    def get_entries(self, heading, visit):
        entries = self.TABLE[heading].entries
        return [entry for entry in entries if entry.visit == visit]

    def fill(self, heading, visit=1, before=(), after=(), **options):
        """Enter what the table says under a heading, and save.

        What the page shows in developer mode only is entered in that mode; in the
        other it is not to be seen.

        :param before: steps to take first
        :param after: steps to take when it is saved
        """
        entries = self.get_entries(heading, visit)
        is_developer = any(entry.is_hidden for entry in entries)
        steps = [open_tab(self.TABLE[heading].tab), *before]
        if not is_developer:
            steps += [
                miss(f".o_field_widget[name={entry.field}]")
                for entry in self.TABLE[heading].entries
                if entry.is_hidden
            ]
        for entry in entries:
            steps += self.enter(entry)
        steps += save()
        steps += [
            self.see_value(entry.field, entry.value)
            for entry in entries
            if entry.value is not None
        ]
        self.visit_instance(*steps, *after, is_developer=is_developer, **options)

    def enter(self, entry):
        """Return the steps that find an entry by its caption, and enter its value."""
        steps = [see(get_caption(entry))]
        if entry.value is not None:
            steps += self.enter_value("bigcommerce.instance", entry.field, entry.value)
        return steps

    def enter_value(self, model, name, value, scope=""):
        """Return the steps that enter a value in a field.

        :param scope: selector of what the field is in
        """
        field = self.env[model]._fields[name]
        box = f"{scope} .o_field_widget[name={name}] input"
        if field.type == "boolean":
            return [{"trigger": box, "run": "check" if value else "uncheck"}]
        if field.type == "selection":
            return [click(box), click(f".o_select_menu_item{contains(value)}")]
        if not field.relational:
            return [{"trigger": box, "run": f"edit {value} && press Tab"}]
        found = f".o-autocomplete--dropdown-item{contains(value)}"
        found += ":not(:contains(Create))"
        # What is found is hidden again when the page scrolls: that is done first.
        return [click(box), {"trigger": box, "run": f"edit {value}"}, click(found)]

    def see_value(self, name, value):
        """Return the step that sees a value in a field."""
        box = f".o_field_widget[name={name}]"
        field = self.env["bigcommerce.instance"]._fields[name]
        if field.type == "boolean":
            return see(f"{box} input{':checked' if value else ':not(:checked)'}")
        if field.type == "many2many":
            return see(f"{box} .o_tag{contains(value)}")
        return see(f"{box} input:value(/{escape(value)}/)")

    def enter_in_row(self, lines, row, **vals):
        """Return the steps that enter values in a row of a list, found by its text."""
        own = f".o_field_widget[name={lines}] .o_data_row{contains(row)}"
        model = self.env["bigcommerce.instance"]._fields[lines].comodel_name
        steps = []
        for name, value in vals.items():
            if self.env[model]._fields[name].type != "boolean":
                steps.append(click(f"{own} td[name={name}]"))
            steps += self.enter_value(model, name, value, own)
        return steps

    def check(self, heading, visit=1):
        """Look at what has come of each entry under a heading."""
        for entry in self.get_entries(heading, visit):
            with self.subTest(caption=entry.caption, value=entry.value):
                getattr(self, f"check_{entry.check}")(entry.value)
