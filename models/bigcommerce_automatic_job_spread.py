from datetime import timedelta
from math import gcd

from odoo import fields, models

MINUTE = timedelta(minutes=1)
# Minutes that jobs are kept apart, as far as their number and intervals allow.
GAPS = (5, 2, 1)
# A run is moved by so many minutes at most.
FARTHEST = 60


def _get_distance(moment, other, period):
    """Return how near two series of runs ever come that are ``period`` seconds apart.

    :return: seconds
    """
    lag = (moment - other).total_seconds() % period
    return min(lag, period - lag)


class BigcommerceAutomaticJob(models.Model):
    """How the jobs of a store keep out of each other's way."""

    _inherit = "bigcommerce.automatic.job"

    def _spread(self):
        """Move the next runs of these jobs apart from those of the store's others.

        None is moved that is apart already. What is due starts within the next minutes.
        The shorter an interval, the fewer moments there are for it: those come first.
        """
        next_minute = fields.Datetime.now().replace(second=0) + MINUTE
        others = self.search(
            [
                ("instance_id", "in", self.instance_id.ids),
                ("id", "not in", self.ids),
                ("active", "=", True),
            ]
        )
        for job in self.sorted(lambda own: (own._get_seconds(), own.id)):
            neighbours = others.filtered(
                lambda other, own=job: other.instance_id == own.instance_id
            )
            is_ahead = job.next_call and job.next_call > next_minute
            moment = job._find_gap(
                job.next_call if is_ahead else next_minute, neighbours
            )
            if moment != job.next_call:
                job.next_call = moment
            others += job

    def _find_gap(self, moment, others):
        """Return the first moment, from ``moment`` on, that is apart from others' runs.

        From all their runs, not only the next: of intervals of 15 and 25 minutes runs
        come at best two minutes near to each other, and at worst meet every 75 minutes.
        """
        farthest = min(FARTHEST, self._get_seconds() // 60)
        for gap in GAPS:
            for minutes in range(farthest):
                candidate = moment + minutes * MINUTE
                if all(self._is_apart(candidate, other, gap) for other in others):
                    return candidate
        return moment

    def _is_apart(self, moment, other, gap):
        """Return whether runs from ``moment`` on keep ``gap`` minutes from another's.

        Or as many as their intervals allow.
        """
        period = gcd(self._get_seconds(), other._get_seconds())
        needed = min(gap, period // 120) * 60
        return (
            not other.next_call
            or _get_distance(moment, other.next_call, period) >= needed
        )

    def _get_together(self):
        """Return those active jobs of which one never starts without another.

        That is, within less than a minute of another one's start.
        """
        jobs = self.filtered(
            lambda job: job.active and job.next_call and job.interval_number > 0
        ).sorted(lambda job: job._get_seconds())
        together = self.browse()
        for position, job in enumerate(jobs):
            period = job._get_seconds()
            for rarer in jobs[position + 1 :]:
                if (
                    rarer._get_seconds() % period == 0
                    and _get_distance(job.next_call, rarer.next_call, period) < 60
                ):
                    together |= job | rarer
        return self & together
