import { browser } from "@web/core/browser/browser";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import { onMounted, onWillUnmount, status } from "@odoo/owl";

// Views of queue jobs that follow the jobs while these are at work.

const OPEN_STATES = ["pending", "discovering", "running"];
const FORM_SECONDS = 2;
const LIST_SECONDS = 5;

/**
 * Read again what a view shows while one of its jobs is at work; never under the hands
 * of a person, and not where nobody looks.
 *
 * @param {FormController | KanbanController | ListController} controller
 * @param {number} seconds between two readings
 */
function useProgress(controller, seconds) {
    let timer;

    function isAtWork() {
        const { root } = controller.model;
        const jobs = root.records ?? [root];
        return jobs.some((job) => OPEN_STATES.includes(job.data.state));
    }

    function isInUse() {
        const { root } = controller.model;
        return (
            document.body.classList.contains("modal-open") ||
            document.getSelection().type === "Range" ||
            root.selection?.length ||
            // A press of the mouse, or the place of the keyboard, is lost with its row.
            controller.rootRef.el.querySelector(":active, .o_data_row :focus-visible")
        );
    }

    async function refresh() {
        if (!document.hidden && isAtWork() && !isInUse()) {
            try {
                await controller.model.root.load();
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    throw error;
                }
            }
        }
        wait();
    }

    function wait() {
        if (status(controller) !== "destroyed") {
            timer = browser.setTimeout(refresh, seconds * 1000);
        }
    }

    onMounted(wait);
    onWillUnmount(() => browser.clearTimeout(timer));
}

class QueueJobFormController extends FormController {
    setup() {
        super.setup();
        useProgress(this, FORM_SECONDS);
    }
}

class QueueJobKanbanController extends KanbanController {
    setup() {
        super.setup();
        useProgress(this, LIST_SECONDS);
    }
}

class QueueJobListController extends ListController {
    setup() {
        super.setup();
        useProgress(this, LIST_SECONDS);
    }
}

const views = registry.category("views");
views.add("bigcommerce_queue_job_form", { ...formView, Controller: QueueJobFormController });
views.add("bigcommerce_queue_job_kanban", {
    ...kanbanView,
    Controller: QueueJobKanbanController,
});
views.add("bigcommerce_queue_job_list", { ...listView, Controller: QueueJobListController });
