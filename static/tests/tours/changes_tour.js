import { registry } from "@web/core/registry";

// An order that was changed in the store: what its salesperson sees and does.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_apply_changes", {
    steps: () => [
        {
            content: "The order says what was changed",
            trigger: ".alert:contains(The order was changed in BigCommerce)",
        },
        {
            trigger: ".o_field_widget[name=bigcommerce_changes]:contains(quantity 1 → 3)",
        },
        {
            trigger: "button[name=action_apply_bigcommerce_changes]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(The changes are being applied)",
        },
    ],
});

tours.add("bigcommerce_see_applied_changes", {
    steps: () => [
        {
            content: "The order is what the store says",
            trigger: ".o_field_widget[name=order_line] .o_data_row:contains(3.00)",
        },
        {
            trigger: "body:not(:has(button[name=action_apply_bigcommerce_changes]))",
        },
        {
            trigger: ".o-mail-Message:contains(Taken over from BigCommerce)",
        },
    ],
});

tours.add("bigcommerce_ignore_changes", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=bigcommerce_changes_obstacle]:contains(is locked)",
        },
        {
            trigger: "body:not(:has(button[name=action_apply_bigcommerce_changes]))",
        },
        {
            trigger: "button[name=action_ignore_bigcommerce_changes]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains(Changes in BigCommerce were ignored)",
        },
        {
            trigger: "body:not(:has(button[name=action_ignore_bigcommerce_changes]))",
        },
    ],
});
