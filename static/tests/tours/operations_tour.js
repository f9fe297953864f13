import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

// An operation is chosen and started; its job tells how it gets on, until it is done.
// The queue is worked off by calls that the screen knows nothing of.

const tours = registry.category("web_tour.tours");

function call(model, method, ...args) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs: {} });
}

async function work() {
    const domain = [["name", "=", "BigCommerce: Work on the Queue"]];
    const [pump] = await call("ir.cron", "search", domain);
    await call("ir.cron", "method_direct_trigger", [pump]);
}

tours.add("bigcommerce_operations", {
    steps: () => [
        {
            trigger: "button:contains(Operations)",
            run: "click",
        },
        {
            content: "The store is filled in",
            trigger: ".modal .o_field_widget[name=instance_ids] .o_tag:contains(Sandbox)",
        },
        {
            trigger: ".modal .o_field_widget[name=status_ids]",
        },
        {
            content: "Customers have no status",
            trigger: ".modal .o_field_widget[name=import_operation] label:contains(Import Customers)",
            run: "click",
        },
        {
            trigger: ".modal:not(:has(.o_field_widget[name=status_ids]))",
        },
        {
            trigger: ".modal:not(:has(button[name=action_preview]))",
        },
        {
            trigger: ".modal .o_field_widget[name=customer_numbers] textarea",
            run: "edit 2, three",
        },
        {
            trigger: ".modal button[name=action_process]",
            run: "click",
        },
        {
            content: "It is said what is wrong",
            trigger: ".modal .modal-body:contains(“three” is not a number)",
        },
        {
            trigger: ".modal:contains(is not a number) .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=customer_numbers] textarea",
            run: "edit 2-4",
        },
        {
            trigger: ".modal button[name=action_process]",
            run: "click",
        },
        {
            content: "The job has not begun",
            trigger:
                "body:not(:has(.modal)) .o_form_view .o_field_widget[name=progress_text]:contains(Waits for its turn)",
            run() {
                // A reload of the page would lose the mark.
                document.body.dataset.bigcommerceMark = "1";
                return work();
            },
        },
        {
            content: "The form shows by itself how it got on",
            trigger:
                "body[data-bigcommerce-mark] .o_field_widget[name=progress_text]:contains(3 of 3 done)",
        },
        {
            trigger: "body[data-bigcommerce-mark] .o_arrow_button_current:contains(Done)",
        },
    ],
});
