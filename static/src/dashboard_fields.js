import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

// What a store's card and form show of it, each with the button that goes there.

/** A field whose value is a list of things, each of which calls a method. */
class ButtonsField extends Component {
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    /**
     * @param {string} method of the record's model
     * @param {number | string} argument of the method
     */
    async call(method, argument) {
        const { record } = this.props;
        if (await record.save()) {
            await this.action.doActionButton({
                type: "object",
                name: method,
                resModel: record.resModel,
                resId: record.resId,
                args: JSON.stringify([argument]),
                onClose: () => record.model.load(),
            });
        }
    }
}

/** The causes that keep most lines from going on; each leads to its lines. */
class CausesField extends ButtonsField {
    static template = "bigcommerce_connector.CausesField";
}

/** How far a store is set up; on its card only the next step. */
class OnboardingField extends ButtonsField {
    static template = "bigcommerce_connector.OnboardingField";
    static props = { ...ButtonsField.props, isCompact: { type: Boolean, optional: true } };
    static icons = {
        done: "fa-check-circle text-success",
        todo: "fa-circle-o text-muted",
        warning: "fa-exclamation-triangle text-warning",
    };

    setup() {
        super.setup();
        this.state = useState({ isOpen: !this.props.isCompact });
    }

    get doneCount() {
        return this.items.filter((step) => step.state === "done").length;
    }

    get steps() {
        if (this.props.isCompact) {
            return this.items.filter((step) => step.state !== "done").slice(0, 1);
        }
        return this.state.isOpen ? this.items : [];
    }

    getIcon(step) {
        return OnboardingField.icons[step.state];
    }
}

const fields = registry.category("fields");
fields.add("bigcommerce_causes", { component: CausesField, supportedTypes: ["json"] });
fields.add("bigcommerce_onboarding", {
    component: OnboardingField,
    supportedTypes: ["json"],
    supportedOptions: [{ label: "Compact", name: "compact", type: "boolean" }],
    extractProps: ({ options }) => ({ isCompact: Boolean(options.compact) }),
});
