import { registry } from "@web/core/registry";

// A person misses an order, asks why it is not here, and brings it in.
// The queue is worked off by the Python test, between the tours.

const tours = registry.category("web_tour.tours");

function ask(number) {
    return [
        {
            trigger: ".modal .o_field_widget[name=number] input",
            run: `edit ${number}`,
        },
        {
            trigger: ".modal button[name=action_explain]:contains(Explain)",
            run: "click",
        },
    ];
}

tours.add("bigcommerce_explain_missing_order", {
    steps: () => [
        {
            content: "It is not in the list",
            trigger: ".o_list_view button:contains(Why Is an Order Not Here?)",
            run: "click",
        },
        ...ask("what I ordered"),
        {
            content: "A slip of the keyboard",
            trigger: ".modal .o_field_widget[name=title]:contains(is not an order number)",
        },
        ...ask("#4711"),
        {
            trigger: ".modal .o_field_widget[name=title]:contains(has no order #4711)",
        },
        ...ask("#118"),
        {
            trigger: ".modal .o_field_widget[name=verdict]:contains(Status Not Selected)",
        },
        {
            content: "All that speaks against it",
            trigger:
                ".modal .o_field_widget[name=reasons]:contains(Its status, Shipped):contains(Ready to pack)",
        },
        {
            trigger: ".modal .o_field_widget[name=status]:contains(Shipped)",
        },
        {
            trigger: ".modal button[name=action_import_now]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=verdict]:contains(Waiting)",
        },
        {
            trigger: ".modal:not(:has(button[name=action_import_now]))",
        },
        {
            trigger: ".modal .btn:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("bigcommerce_explain_imported_order", {
    steps: () => [
        {
            trigger: "button:contains(Explain an Order)",
            run: "click",
        },
        ...ask("Order 118"),
        {
            trigger: ".modal .o_field_widget[name=verdict]:contains(In Odoo)",
        },
        {
            trigger: ".modal button[name=action_view_sale_order]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(.modal *) .o_field_widget[name=tax_totals]",
        },
    ],
});
