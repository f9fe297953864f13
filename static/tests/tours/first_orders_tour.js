import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// What the setup page describes, one tour per thing a person does there.
// The queue is worked off by the Python test, between the tours.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_connect_store", {
    steps: () => [
        {
            content: "Make a new instance",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=name] input",
            run: "edit Harbour & Hill",
        },
        {
            content: "Paste the whole API path",
            trigger: ".o_field_widget[name=store_hash] input",
            run: "edit https://api.bigcommerce.com/stores/sandbox/v3/",
        },
        {
            trigger: ".o_field_widget[name=access_token] input[type=password]",
            run: "edit sandbox-token",
        },
        {
            trigger: ".nav-link[name=products]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=create_odoo_products] input",
            run: "click",
        },
        {
            trigger: ".nav-link[name=orders]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=import_orders_from] input",
            run: "edit 01/01/2020 00:00:00",
        },
        {
            trigger: "button[name=action_test_connection]",
            run: "click",
        },
        {
            content: "The store answered",
            trigger: ".o_notification:contains(Connected to Harbour & Hill)",
        },
        {
            trigger: "button[name=action_confirm]:contains(Confirm)",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Harbour & Hill is confirmed)",
        },
        {
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Confirmed)",
        },
        {
            content: "Awaiting Fulfillment, as this store calls it, is selected",
            trigger: ".nav-link[name=orders]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=order_status_ids] .o_tag:contains(Ready to pack)",
        },
    ],
});

tours.add("bigcommerce_choose_workflow", {
    steps: () => [
        {
            trigger: ".nav-link[name=workflow]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=workflow_line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "For any payment gateway and any payment status",
            trigger: ".o_field_widget[name=workflow_line_ids] .o_field_widget[name=workflow_id] input",
            run: "edit Confirm",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Confirm by Itself)",
            run: "click",
        },
        ...stepUtils.saveForm(),
    ],
});

tours.add("bigcommerce_start_imports", {
    steps: () => [
        {
            trigger: "button[name=action_import_listings]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Import Listings)",
        },
        {
            trigger: "button[name=action_import_orders]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Import Orders)",
        },
    ],
});

tours.add("bigcommerce_open_imported_order", {
    steps: () => [
        {
            trigger: "button[name=action_view_orders]",
            run: "click",
        },
        {
            content: "Look for the order",
            trigger: ".o_searchview_input",
            run: "edit 167",
        },
        {
            trigger: ".o_searchview_autocomplete .o-dropdown-item:contains(Order or Customer)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Imported) .o_data_cell[name=name]:contains(#167)",
            run: "click",
        },
        {
            content: "The store's amounts",
            trigger: ".o_field_widget[name=amount_subtotal]:contains(120.00)",
        },
        {
            trigger: ".o_field_widget[name=amount_shipping]:contains(8.50)",
        },
        {
            trigger: ".o_field_widget[name=amount_discount]:contains(5.00)",
        },
        {
            trigger: ".o_field_widget[name=amount_untaxed]:contains(141.80)",
        },
        {
            trigger: ".o_field_widget[name=amount_total]:contains(152.70)",
        },
        {
            trigger: "button[name=action_view_sale_order]",
            run: "click",
        },
        {
            content: "The same amounts in the sales order",
            trigger: ".o_field_widget[name=tax_totals]:contains(141.80)",
        },
        {
            trigger: ".nav-link[name=bigcommerce]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=bigcommerce_store]:contains(Harbour & Hill)",
        },
        {
            trigger: ".o_field_widget[name=bigcommerce_order_id]:contains(#167)",
        },
    ],
});
