import { registry } from "@web/core/registry";

// A delivery that the store refused is sent again, and the order says what was shipped.
// The queue is worked off by the Python test, between the tours.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_validate_delivery", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=button_validate]",
            run: "click",
        },
        {
            content: "It is on its way",
            trigger:
                ".o_field_widget[name=bigcommerce_shipment_state]:contains(Scheduled for BigCommerce)",
        },
    ],
});

tours.add("bigcommerce_send_delivery_again", {
    steps: () => [
        {
            content: "The reason is there",
            trigger: ".alert-danger:contains(BigCommerce has not taken over this delivery)",
        },
        {
            trigger: "button[name=action_send_to_bigcommerce]:contains(Send Again)",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=bigcommerce_shipment_state]:contains(Scheduled for BigCommerce)",
        },
    ],
});

tours.add("bigcommerce_look_at_shipments", {
    steps: () => [
        {
            trigger: ".nav-link[name=bigcommerce]",
            run: "click",
        },
        {
            content: "What was shipped is on the sales order",
            trigger:
                ".o_field_widget[name=bigcommerce_shipment_ids] .o_data_row:contains(1Z999):contains(Synchronised)",
        },
        {
            trigger: "button[name=action_view_bigcommerce_order]",
            run: "click",
        },
        {
            trigger: ".nav-link[name=shipments]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=shipment_ids] .o_data_row:contains(1Z999) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "And in the shipment itself",
            trigger: ".o_field_widget[name=tracking_number]:contains(1Z999)",
        },
    ],
});
