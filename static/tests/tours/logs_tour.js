import { registry } from "@web/core/registry";

// A person looks at what observe mode keeps back, and goes on to the order.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_see_what_is_held_back", {
    steps: () => [
        {
            content: "What would have been sent",
            trigger: ".o_field_widget[name=held_back]:contains(external_order_id)",
        },
        {
            content: "Its logs",
            trigger: "button[name=action_view_logs]",
            run: "click",
        },
        {
            content: "Only what would have been sent",
            trigger: ".o_data_row .o_data_cell[name=level]:contains(Would Have Been Sent)",
            run: "click",
        },
        {
            content: "Read-only, with the request",
            trigger: ".o_form_view .o_field_widget[name=request]:contains(external_order_id)",
        },
        {
            content: "The order that it is about",
            trigger: "button[name=action_open_related_record]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=payment_status]",
        },
    ],
});
