import { registry } from "@web/core/registry";

// A credit note is refunded in BigCommerce: its quote is read, and agreed to.
// What is sent is worked off by the Python test.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_refund_credit_note", {
    steps: () => [
        {
            content: "Ask BigCommerce",
            trigger: "button[name=action_refund_in_bigcommerce]",
            run: "click",
        },
        {
            content: "Its quote is the credit note's total",
            trigger: ".modal .o_field_widget[name=quote_total]:contains(3.83)",
        },
        {
            trigger: ".modal .o_field_widget[name=description] input",
            run: "edit Broken in transit",
        },
        {
            content: "The way it was paid is chosen",
            trigger: ".modal .o_field_widget[name=method_id] input:checked",
        },
        {
            trigger: ".modal button[name=action_submit]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "It is on its way",
            trigger: ".alert:contains(being refunded in BigCommerce)",
        },
    ],
});

tours.add("bigcommerce_see_refunds", {
    steps: () => [
        {
            trigger: ".nav-link[name=refunds]",
            run: "click",
        },
        {
            content: "The credit note is among the order's refunds",
            trigger: ".o_field_widget[name=refund_ids] .o_data_row:contains(Refunded)",
        },
    ],
});
