import { registry } from "@web/core/registry";

// The dashboard of a store with problems, whose lines the test has made.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_follow_dashboard", {
    steps: () => [
        {
            content: "Open the app",
            trigger: ".o_navbar_apps_menu button:enabled",
            run: "click",
        },
        {
            trigger: ".o_app[data-menu-xmlid='bigcommerce_connector.bigcommerce_menu_root']",
            run: "click",
        },
        {
            content: "The card names what is the matter",
            trigger: ".o_kanban_record:contains(Harbour & Hill) a[data-cause]:contains(Unknown SKU):contains(2)",
            run: "click",
        },
        {
            content: "The lines with this cause, and no others",
            trigger: ".o_breadcrumb:contains(Unknown SKU)",
        },
        {
            trigger: ".o_list_view .o_group_name:contains(No product has the SKU ABC):contains(2)",
        },
        {
            content: "Back to the dashboard",
            trigger: ".breadcrumb-item a, .o_back_button",
            run: "click",
        },
        {
            content: "What is to be set up next",
            trigger: ".o_kanban_record [data-step='connection'] button:contains(Enter Credentials)",
            run: "click",
        },
        {
            content: "The whole checklist stands on the form, with a button for it",
            trigger: ".o_form_view .o_bigcommerce_onboarding:contains(Setup):has([data-step='jobs'])",
        },
        {
            trigger: ".o_notebook .nav-link.active:contains(Credentials)",
        },
        {
            trigger: "button[name=action_hide_onboarding]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_bigcommerce_onboarding))",
        },
    ],
});
