from . import bigcommerce_payment_gateway_merge
