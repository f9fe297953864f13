"""How money goes back: the choice among what BigCommerce offers. Pure."""

from ..client.payloads.refund import CUSTOM, STORE_CREDIT


def choose_method(methods):
    """Return the method that is meant when nobody says otherwise, () for none.

    The way the order was paid. Next comes what BigCommerce only notes, for then nobody
    has been given anything yet; store credit only where there is nothing else.
    """
    return min(methods, key=_rank, default=())


def _rank(method):
    providers = {payment.provider_id for payment in method}
    return providers == {STORE_CREDIT}, CUSTOM in providers


def prepare_payments(method):
    """Return the payments of a method as BigCommerce takes them."""
    return [
        {
            "provider_id": payment.provider_id,
            "amount": payment.amount,
            "offline": payment.is_offline,
        }
        for payment in method
    ]


def name_method(method, format_amount):
    """Return a method in words, such as “Visa, $ 5.00 + Store Credit, $ 1.00”."""
    return " + ".join(
        f"{payment.provider_name}, {format_amount(float(payment.amount))}"
        for payment in method
    )


def find_method(methods, payments):
    """Return the method that consists of ``payments`` (dicts), None if none does."""

    def identify(payment):
        return (payment["provider_id"], round(float(payment["amount"]), 4))

    wanted = sorted(map(identify, payments))
    for method in methods:
        if sorted(map(identify, prepare_payments(method))) == wanted:
            return method
    return None
