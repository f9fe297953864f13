import { registry } from "@web/core/registry";

// A person brings products into the store, looks first, and says who a field belongs to.
// The queue is worked off by the Python test, between one tour and the next.

const tours = registry.category("web_tour.tours");

function openExport(...names) {
    return [
        ...names.map((name) => ({
            trigger: `.o_data_row:contains(${name}) .o_list_record_selector input`,
            run: "click",
        })),
        {
            trigger: ".o_cp_action_menus .dropdown-toggle:has(.fa-cog)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Export to BigCommerce)",
            run: "click",
        },
        {
            content: "The only store is filled in",
            trigger: ".modal .o_field_widget[name=instance_ids] .o_tag:contains(Sandbox)",
        },
        {
            trigger: ".modal .o_field_widget[name=export_operation]:contains(Export Products)",
        },
    ];
}

function look() {
    return [
        {
            trigger: ".modal button[name=action_preview]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_view .o_field_widget[name=scope_message]",
        },
    ];
}

tours.add("bigcommerce_export_products", {
    steps: () => [
        ...openExport("Felt hat", "Straw hat"),
        {
            trigger: ".modal .o_field_widget[name=template_ids] .o_tag:contains(Felt hat)",
        },
        {
            trigger: ".modal .o_field_widget[name=template_ids] .o_tag:contains(Straw hat)",
        },
        {
            content: "It is said what will happen",
            trigger: ".modal .o_field_widget[name=outlook]:contains(What is new is not published)",
        },
        {
            trigger: ".modal .o_field_widget[name=publish] label:contains(Publish)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=channel_warning]:contains(on no channel)",
        },
        ...look(),
        {
            trigger: "[name=line_ids] .o_data_row:contains(Felt hat):contains(Created)",
        },
        {
            trigger: "[name=line_ids] .o_data_row:contains(Straw hat):contains(Created)",
        },
        {
            content: "Each field that is sent",
            trigger: "[name=field_ids] .o_data_row:contains(Name):contains(Straw hat)",
        },
        {
            trigger: "button[name=action_import_now]:contains(Export These Now):enabled",
            run: "click",
        },
        {
            trigger: ".modal .btn-primary:contains(Export)",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Export started)",
        },
    ],
});

tours.add("bigcommerce_export_a_new_name", {
    steps: () => [
        ...openExport("Felt hat"),
        {
            trigger: ".modal .o_field_widget[name=listing_ids] .o_tag:contains(Felt hat)",
        },
        {
            trigger: ".modal .o_field_widget[name=outlook]:contains(Nothing new is made)",
        },
        ...look(),
        {
            trigger: "[name=line_ids] .o_data_row:contains(Updated)",
        },
        {
            content: "What is there, and what Odoo says",
            trigger: "[name=field_ids] .o_data_row:contains(Felt hat):contains(Woollen hat)",
        },
        {
            trigger: "button[name=action_view_fields]:has([name=sent_count])",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Woollen hat)",
        },
    ],
});

tours.add("bigcommerce_give_a_name_to_the_store", {
    steps: () => [
        {
            trigger: ".o_notebook_headers a[name=product_export]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=field_owner_ids] .o_data_row:first td[name=owner]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=field_owner_ids] .o_field_widget[name=owner] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(BigCommerce)",
            run: "click",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});

tours.add("bigcommerce_export_keeps_a_name", {
    steps: () => [
        ...openExport("Felt hat"),
        ...look(),
        {
            trigger: "[name=line_ids] .o_data_row:contains(Unchanged)",
        },
        {
            content: "It stays as the store's people want it",
            trigger:
                "[name=field_ids] .o_data_row:contains(Woollen hat) td[name=is_sent] input:not(:checked)",
        },
        {
            trigger: "button[name=action_view_fields]:has([name=kept_count])",
        },
        {
            trigger: "body:not(:has(button[name=action_import_now]))",
        },
    ],
});
