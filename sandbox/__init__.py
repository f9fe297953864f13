"""A small BigCommerce: a store to try the connector with, and to test it against.

Run it with ``python -m sandbox``; see ``__main__.py`` for the options and
``control.py`` for what tests can steer. It knows neither Odoo nor the client.
"""
