"""BigCommerce's endpoints by what they are about, as far as they are in use.

Each file holds a base of ``client.BigCommerceClient``, which says what its methods have
in common.
"""
