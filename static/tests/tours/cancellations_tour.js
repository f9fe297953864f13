import { registry } from "@web/core/registry";

// A sale order of a store, cancelled by a person; the queue is worked off by the test.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_see_and_release_held_order", {
    steps: () => [
        {
            content: "The order is disputed",
            trigger: ".ribbon:contains(Disputed)",
        },
        {
            trigger: ".alert-warning:contains(disputed) button[name=action_release_bigcommerce_order]",
            run: "click",
        },
        {
            content: "Yes, let it go on",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.ribbon)):not(:has(.alert-warning))",
        },
    ],
});

tours.add("bigcommerce_cancel_there", {
    steps: () => [
        {
            trigger: "button[name=action_cancel]:contains(Cancel)",
            run: "click",
        },
        {
            content: "Yes, cancel it in Odoo",
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: "button[name=action_cancel_in_bigcommerce]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The mug is broken.",
        },
        {
            trigger: ".modal button[name=action_cancel_order]",
            run: "click",
        },
        {
            trigger: ".alert-info:contains(It is being cancelled in BigCommerce)",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("bigcommerce_see_cancelled_there", {
    steps: () => [
        {
            trigger: ".alert-info:contains(BigCommerce: Cancelled)",
        },
        {
            content: "The reason is kept with the order",
            trigger: ".o-mail-Message:contains(Cancelled in BigCommerce. The mug is broken.)",
        },
    ],
});
