"""BigCommerce over HTTP. Knows requests, and nothing of Odoo.

``client.BigCommerceClient`` has a method per endpoint and answers with raw JSON;
``payloads`` turns that into dataclasses; ``errors`` is all that can go wrong.
Sections (§) in docstrings are those of ``bigcommerce-api.md``, the notes on
BigCommerce's API documentation that this client follows.
"""
