import { registry } from "@web/core/registry";

// What runs by itself: two jobs are turned on, fall together, are spread, and one is
// started by hand.

const tours = registry.category("web_tour.tours");

const row = (job) => `.o_field_widget[name=automatic_job_ids] .o_data_row:contains(${job})`;

tours.add("bigcommerce_spread_and_run_jobs", {
    steps: () => [
        {
            trigger: ".nav-link[name=automatic_jobs]",
            run: "click",
        },
        {
            content: "Two jobs never start without each other",
            trigger: ".alert:contains(start in the same minute)",
        },
        {
            trigger: "button[name=action_spread_jobs]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(The jobs are spread)",
        },
        {
            trigger: "body:not(:has(.alert:contains(start in the same minute)))",
        },
        {
            trigger: `${row("Import Refunds")} button[name=action_run_now]`,
            run: "click",
        },
        {
            trigger: ".o_notification:contains(Import Refunds started)",
        },
        {
            content: "Its last result says that it waits",
            trigger: `${row("Import Refunds")} td[name=last_result]:contains(Waiting)`,
        },
        {
            trigger: `${row("Import Refunds")} button[name=action_view_last_run]`,
            run: "click",
        },
        {
            content: "Its run is shown, and waits",
            trigger: ".o_arrow_button_current[data-value=pending]",
        },
    ],
});

tours.add("bigcommerce_see_late_jobs", {
    steps: () => [
        {
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_filter_menu .dropdown-item:contains(Late)",
            run: "click",
        },
        {
            content: "The late job is red and says why",
            trigger:
                ".o_data_row.text-danger:contains(Import Orders):contains(refuses the access token)",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Import Refunds)))",
        },
    ],
});
