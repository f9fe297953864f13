import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

// Following a job while it works, and working off its problems by their cause.
// What the job does meanwhile is done by calls that the screen knows nothing of.

const tours = registry.category("web_tour.tours");
const progress = ".o_field_widget[name=progress]";
// A reload of the page would lose the mark.
const sameScreen = "body[data-bigcommerce-mark]";

function call(model, method, ...args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

async function dropLine(name) {
    const ids = await call("bigcommerce.queue.line", "search", [["name", "=", name]]);
    await call("bigcommerce.queue.line", "action_cancel", ids);
}

function wait(seconds) {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

function countReadings() {
    return performance
        .getEntriesByType("resource")
        .filter(({ name }) => /bigcommerce\.queue\.job\/web_(search_)?read$/.test(name)).length;
}

async function expectNoReading() {
    const readings = countReadings();
    await wait(6);
    if (!readings || countReadings() !== readings) {
        throw new Error("Jobs were read again, or their readings are not seen.");
    }
}

tours.add("bigcommerce_follow_job", {
    steps: () => [
        {
            content: "Nothing is done yet",
            trigger: `${progress}:contains(/^0 ?%/)`,
            async run() {
                document.body.dataset.bigcommerceMark = "1";
                await dropLine("Order 1");
            },
        },
        {
            content: "The form shows what has been done since",
            trigger: `${sameScreen} ${progress}:contains(33 %)`,
        },
        {
            trigger: "button[name=action_cancel]",
            run: "click",
        },
        {
            content: "Nothing moves below a dialog",
            trigger: ".modal .btn-primary",
            async run() {
                await dropLine("Order 2");
                await expectNoReading();
            },
        },
        {
            trigger: ".modal .btn-secondary:contains(Go Back)",
            run: "click",
        },
        {
            trigger: `${sameScreen} ${progress}:contains(67 %)`,
            run: () => dropLine("Order 3"),
        },
        {
            content: "The job is done, and is not asked for any more",
            trigger: `${sameScreen} .o_form_view:has(.o_arrow_button_current:contains(Done))`,
            run: expectNoReading,
        },
    ],
});

tours.add("bigcommerce_follow_jobs", {
    steps: () => [
        {
            trigger: `.o_data_row ${progress}:contains(/^0 ?%/)`,
            async run() {
                document.body.dataset.bigcommerceMark = "1";
                await dropLine("Order 1");
            },
        },
        {
            content: "The list shows what has been done since",
            trigger: `${sameScreen} .o_data_row ${progress}:contains(33 %)`,
        },
        {
            trigger: ".o_data_row .o_list_record_selector input",
            run: "click",
        },
        {
            content: "A selection is kept",
            trigger: ".o_selection_box",
            async run() {
                await dropLine("Order 2");
                await expectNoReading();
            },
        },
        {
            trigger: ".o_data_row .o_list_record_selector input:checked",
            run: "click",
        },
        {
            content: "Leave the row",
            trigger: ".o_searchview_input",
            run: "click",
        },
        {
            trigger: `${sameScreen} .o_data_row ${progress}:contains(67 %)`,
        },
    ],
});

tours.add("bigcommerce_work_off_problems", {
    steps: () => [
        {
            trigger: ".o_data_row:contains(Unknown SKU) .o_data_cell[name=line_count]:contains(2)",
        },
        {
            content: "Go where it is cured",
            trigger: ".o_data_row:contains(Unknown SKU) button[name=action_fix]",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains(Listing Items)",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(Problems by Cause)",
            run: "click",
        },
        {
            content: "Look at one of the lines",
            trigger: ".o_data_row:contains(Unknown SKU) button[name=action_view_lines]",
            run: "click",
        },
        {
            content: "Those that say the same are together",
            trigger: ".o_group_header:contains(No product has the SKU ABC. (2))",
            run: "click",
        },
        {
            trigger: ".o_data_row .o_data_cell[name=name]:contains(Order 4)",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert:contains(No product has the SKU ABC)",
        },
        {
            trigger: ".o_form_view .alert:contains(Give the right product this internal reference)",
        },
        {
            trigger: ".o_form_view button[name=action_retry_alike]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Waiting)",
        },
        {
            content: "The other cause is all that is left",
            trigger: ".breadcrumb-item a:contains(Problems by Cause)",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:contains(Unknown SKU)) .o_data_row:contains(Sent, Outcome Unknown)",
        },
    ],
});
