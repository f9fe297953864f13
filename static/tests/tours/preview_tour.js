import { registry } from "@web/core/registry";

// A person looks at what an import would do, and lets it do just that.
// The queue is worked off by the Python test.

registry.category("web_tour.tours").add("bigcommerce_preview_orders", {
    steps: () => [
        {
            trigger: ".modal .o_field_widget[name=operation]:contains(Import Orders)",
        },
        {
            trigger: ".modal .o_field_widget[name=instance_ids]:contains(Sandbox)",
        },
        {
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=totals]:contains(Created)",
        },
        {
            trigger: ".o_data_row:contains(#118):contains(Skipped):contains(Its status)",
        },
        {
            content: "Those that would be created alone",
            trigger: "button[name=action_view_lines]:has([name=create_count])",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(#117)",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains(#118)))",
        },
        {
            trigger: ".breadcrumb-item:contains(Preview), .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_import_now]:enabled",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary:contains(Import)",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Import started)",
        },
    ],
});
