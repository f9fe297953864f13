"""A refund of an order, and the quote of one that is yet to be made (§4.5)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .values import (
    read_decimal,
    read_flag,
    read_id,
    read_list,
    read_moment,
    read_optional_decimal,
    read_record,
    read_required_id,
    read_rows,
    read_text,
)

# Providers that give something else than money.
STORE_CREDIT, GIFT_CERTIFICATE = "storecredit", "giftcertificate"
# Given back outside of BigCommerce, which only notes it.
CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class RefundItem:
    """What of an order is refunded.

    ``item_type`` is "PRODUCT", "GIFT_WRAPPING" (both by quantity, ``item_id`` is the
    order's line), "SHIPPING", "HANDLING" (the order's address), "FEE" or "ORDER" (all
    by amount). ``adjustment`` is what is taken off, 0 or less.
    """

    item_type: str
    item_id: str
    quantity: Decimal
    amount: Decimal
    adjustment: Decimal
    reason: str

    @classmethod
    def parse(cls, raw):
        return cls(
            item_type=read_text(raw, "item_type").upper(),
            item_id=read_id(raw, "item_id"),
            quantity=read_decimal(raw, "quantity"),
            amount=read_decimal(raw, "requested_amount"),
            adjustment=sum(
                (read_decimal(one, "amount") for one in read_rows(raw, "adjustments")),
                Decimal(0),
            ),
            reason=read_text(raw, "reason"),
        )


@dataclass(frozen=True, slots=True)
class RefundPayment:
    """Money, or credit, that goes back by one provider, if it is not declined."""

    provider_id: str
    provider_name: str
    amount: Decimal
    is_offline: bool
    is_declined: bool
    declined_message: str

    @classmethod
    def parse(cls, raw):
        return cls(
            provider_id=read_text(raw, "provider_id"),
            provider_name=read_text(raw, "provider_description", "provider_id"),
            amount=read_decimal(raw, "amount"),
            is_offline=read_flag(raw, "offline"),
            is_declined=read_flag(raw, "is_declined"),
            declined_message=read_text(raw, "declined_message"),
        )


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund. ``items`` is empty for an adjustment of the tax alone.

    ``total`` is with tax, ``tax`` what of it is tax, which may be negative.
    """

    id: str
    order_id: str
    created: datetime | None
    reason: str
    total: Decimal
    tax: Decimal
    items: tuple[RefundItem, ...]
    payments: tuple[RefundPayment, ...]

    @classmethod
    def parse(cls, raw):
        """Read a refund as the API answers it.

        :raises ProtocolError: when it cannot be read; names the field
        """
        raw = read_record(raw, "refund")
        return cls(
            id=read_required_id(raw, "id"),
            order_id=read_required_id(raw, "order_id"),
            created=read_moment(raw, "created"),
            reason=read_text(raw, "reason"),
            total=read_decimal(raw, "total_amount"),
            tax=read_decimal(raw, "total_tax"),
            items=tuple(map(RefundItem.parse, read_rows(raw, "items"))),
            payments=tuple(map(RefundPayment.parse, read_rows(raw, "payments"))),
        )

    @property
    def is_declined(self):
        """Whether nothing at all was given back."""
        return bool(self.payments) and all(
            payment.is_declined for payment in self.payments
        )

    @property
    def declined_message(self):
        """Why payments were declined, "" if none was."""
        words = [one.declined_message for one in self.payments if one.is_declined]
        return "; ".join(dict.fromkeys(filter(None, words)))

    def mentions(self, reference):
        """Return whether a reason holds ``reference``."""
        return any(
            reference in reason
            for reason in (self.reason, *(item.reason for item in self.items))
        )


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What a refund would amount to.

    ``methods`` are the ways to give it back, each of payments to be made together.
    ``total`` is what these sum to, with tax.
    """

    total: Decimal
    tax: Decimal
    methods: tuple[tuple[RefundPayment, ...], ...]

    @classmethod
    def parse(cls, raw):
        """Read a quote as the API answers it.

        :raises ProtocolError: when it cannot be read; names the field
        """
        raw = read_record(raw, "quote")
        methods = tuple(
            tuple(map(RefundPayment.parse, read_rows({"method": method}, "method")))
            for method in read_list(raw, "refund_methods")
        )
        total = read_decimal(raw, "total_refund_amount")
        tax = read_optional_decimal(raw, "total_refund_tax_amount") or Decimal(0)
        if methods:
            # Whatever ``tax_inclusive`` means: this is what is paid.
            total = sum((payment.amount for payment in methods[0]), Decimal(0))
        return cls(total, tax, tuple(filter(None, methods)))
