import { registry } from "@web/core/registry";

// A manager has the summary mail sent to somebody; who is responsible for a store finds
// an activity on the job that stopped. The Python test makes both happen.

const tours = registry.category("web_tour.tours");

tours.add("bigcommerce_choose_recipients", {
    steps: () => [
        {
            trigger: ".nav-link[name=alerts]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=notification_user_ids] input",
            run: "edit Rita",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Rita)",
            run: "click",
        },
        {
            content: "Saved before it is sent",
            trigger: "button[name=action_send_test_mail]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(rita@example.com)",
        },
    ],
});

tours.add("bigcommerce_be_done_with_activity", {
    steps: () => [
        {
            content: "It names number and cause",
            trigger: ".o-mail-Activity:contains(1 line:)",
        },
        {
            trigger: ".o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button:contains(Done)",
            run: "click",
        },
        {
            content: "What was to be done stays in the chatter",
            trigger: ".o-mail-Message:contains(1 line:)",
        },
        {
            trigger: "body:not(:has(.o-mail-Activity))",
        },
    ],
});
