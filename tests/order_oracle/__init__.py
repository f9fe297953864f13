"""Random BigCommerce orders whose amounts are known beforehand.

A cart is drawn first: prices, discounts, consignments, fees, and how the store
rounds its taxes. The amounts follow from it, forward only, in plain decimal
arithmetic. From the same cart come the order as the API answers it, its tax rows,
and what a bookkeeper expects to find. Nothing here knows the connector.
"""
