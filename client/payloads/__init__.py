"""BigCommerce's raw JSON as frozen dataclasses, every quirk of §1.8 absorbed.

Ids are text ("" for none), money is Decimal, dates are aware UTC datetimes or None,
text is never None, sequences are tuples. Unknown fields are ignored, missing ones are
empty; what cannot be read raises ProtocolError.
"""
