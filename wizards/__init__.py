from . import bigcommerce_operations
from . import bigcommerce_order_explanation
from . import bigcommerce_cancel_order
from . import account_payment_register
from . import bigcommerce_payment_gateway_merge
from . import bigcommerce_refund
from . import bigcommerce_support_bundle
from . import bigcommerce_refund_method
