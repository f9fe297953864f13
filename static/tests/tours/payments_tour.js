import { registry } from "@web/core/registry";

// Marking an order as paid, one tour per thing a person does.
// The queue is worked off by the Python test, between the tours.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_turn_on_mark_as_paid", {
    steps: () => [
        {
            trigger: ".nav-link[name=orders]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=mark_order_as_paid] input",
            run: "click",
        },
        {
            content: "The status for payments outside of BigCommerce is chosen",
            trigger: ".o_field_widget[name=paid_status_id] input:value(Ready to pack)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});

tours.add("bigcommerce_see_why_not_paid", {
    steps: () => [
        {
            trigger: ".o_form_view .nav-link[name=bigcommerce]",
            run: "click",
        },
        {
            content: "The order says why it cannot be marked as paid",
            trigger:
                ".o_field_widget[name=bigcommerce_paid_obstacle]:contains(An invoice of the order is not paid.)",
        },
        {
            trigger:
                ".o_form_view:not(:has(button[name=action_mark_bigcommerce_order_as_paid]))",
        },
    ],
});

tours.add("bigcommerce_mark_as_paid", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_mark_bigcommerce_order_as_paid]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(BigCommerce is being told)",
        },
        {
            content: "It cannot be clicked twice",
            trigger:
                ".o_form_view:not(:has(button[name=action_mark_bigcommerce_order_as_paid]))",
        },
        {
            trigger: ".nav-link[name=bigcommerce]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=bigcommerce_paid_state]:contains(Scheduled)",
        },
    ],
});

tours.add("bigcommerce_see_marked_as_paid", {
    steps: () => [
        {
            trigger: ".o_form_view .nav-link[name=bigcommerce]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=bigcommerce_paid_message]:contains(stays as it is)",
        },
        {
            content: "Open the order of the store",
            trigger: "button[name=action_view_bigcommerce_order]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=paid_state]:contains(Status Changed)",
        },
    ],
});
