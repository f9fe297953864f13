"""The store that the sandbox starts with when it is told nothing else."""

from . import demo_catalogue, demo_orders, reference_data


def load(store):
    """Fill an empty :class:`~.store.Store`."""
    reference_data.load(store)
    demo_catalogue.load(store)
    demo_orders.load(store)
