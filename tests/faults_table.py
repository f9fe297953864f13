"""The faults that the suite proves, each with its tests, or why it does not apply.

A test is named ``file.Class.method``, the file without its ``test_faults_``. Rows are
numbered as in the table of faults that this suite was written after; what it says of
each is what has to hold besides the invariants (``invariants.py``), which are checked
after every test.
"""

from typing import NamedTuple

# BigCommerce calls nobody: the connector polls.
NO_WEBHOOKS = "The connector has no webhooks; it reads what has changed."


class Fault(NamedTuple):
    """``reason``: why it does not apply, or only in the form that the tests have."""

    what: str
    tests: tuple[str, ...] = ()
    reason: str = ""


FAULTS = {
    # Transport
    1: Fault(
        "429 once, with a header that says until when",
        ("transport.TestQuota.test_a_429_is_waited_for_as_told_and_repeated_once",),
    ),
    2: Fault(
        "429 on every call for minutes, several workers",
        (
            "transport.TestQuota."
            "test_a_storm_of_429_releases_all_workers_and_costs_no_try",
        ),
    ),
    3: Fault(
        "429 without a header, or with one that makes no sense",
        ("transport.TestQuota.test_a_429_that_says_nothing_sensible_is_repeated_soon",),
    ),
    4: Fault(
        "500, 502, 503, 504 on a read, then none",
        (
            "transport.TestTroubleOfTheServer."
            "test_a_read_that_fails_in_passing_is_as_if_it_had_not",
        ),
    ),
    5: Fault(
        "5xx for hours",
        (
            "transport.TestTroubleOfTheServer."
            "test_an_outage_of_hours_is_told_once_and_only_probed",
        ),
    ),
    6: Fault(
        "5xx after a write took effect",
        (
            "transport.TestTroubleOfTheServer."
            "test_what_took_effect_before_the_server_failed_is_not_repeated",
        ),
    ),
    7: Fault(
        "No connection, no such host, no TLS",
        (
            "transport.TestConnection."
            "test_a_store_that_cannot_be_reached_is_named_and_tried_again",
        ),
    ),
    8: Fault(
        "No answer in time, before or after the effect",
        (
            "transport.TestTroubleOfTheServer."
            "test_what_took_effect_and_was_answered_too_late_is_not_repeated",
            "transport.TestTroubleOfTheServer."
            "test_what_timed_out_before_it_took_effect_is_sent_again",
        ),
    ),
    9: Fault(
        "A connection torn in mid-body, half a JSON text, a wrong length",
        (
            "transport.TestConnection."
            "test_nothing_of_a_page_that_came_in_part_is_applied",
        ),
    ),
    10: Fault(
        "A connection torn between two pages of an import",
        (
            "transport.TestConnection."
            "test_an_import_that_is_torn_between_pages_goes_on_from_there",
        ),
    ),
    11: Fault(
        "200 with HTML, nothing, null, a list for an object, no data, no meta",
        (
            "transport.TestAnswersThatAreNone."
            "test_what_makes_no_sense_is_never_half_believed",
        ),
    ),
    12: Fault(
        "204 or 404 for an empty list",
        ("transport.TestAnswersThatAreNone.test_an_empty_list_is_no_error",),
    ),
    13: Fault(
        "A body that drips",
        ("transport.TestConnection.test_a_body_that_drips_is_given_up_in_time",),
    ),
    14: Fault(
        "A redirect to another host",
        ("transport.TestConnection.test_a_redirect_to_another_host_is_not_followed",),
    ),
    # Access
    15: Fault(
        "401 in mid-run",
        (
            "access.TestAccess."
            "test_a_token_that_is_revoked_pauses_the_store_once_and_loses_nothing",
        ),
    ),
    16: Fault(
        "403 for one scope",
        (
            "access.TestAccess."
            "test_a_scope_that_is_missing_stops_what_takes_it_and_nothing_else",
        ),
    ),
    17: Fault(
        "Credentials changed in mid-run",
        (
            "access.TestAccess."
            "test_a_job_goes_on_with_the_new_token_and_never_in_another_store",
        ),
    ),
    # Delivery
    18: Fault(
        "The same news twice at once",
        ("polling.TestNews.test_the_same_news_twice_at_once_is_one_order",),
        f"{NO_WEBHOOKS} Two runs may read the same.",
    ),
    19: Fault(
        "News out of order",
        ("polling.TestNews.test_what_was_read_first_and_comes_last_is_not_believed",),
        f"{NO_WEBHOOKS} A page may be late.",
    ),
    20: Fault(
        "Nobody tells",
        (
            "polling.TestNews."
            "test_what_nobody_tells_is_found_by_the_next_poll_within_the_overlap",
        ),
        f"{NO_WEBHOOKS} What appears late is found within the overlap.",
    ),
    21: Fault(
        "A webhook for another store, with a bad signature or 5 MB",
        reason=f"{NO_WEBHOOKS} Nothing of the addon can be called from outside.",
    ),
    22: Fault(
        "News of an order while it is being imported",
        (
            "polling.TestChangedWhileItIsImported."
            "test_before_it_is_written_it_is_made_of_what_it_is_now",
            "polling.TestChangedWhileItIsImported."
            "test_when_it_is_written_it_is_made_of_what_it_is_now",
            "polling.TestChangedWhileItIsImported."
            "test_what_is_not_wanted_any_more_when_it_is_written_is_not_imported",
        ),
        f"{NO_WEBHOOKS} Another run may read the news.",
    ),
    23: Fault(
        "A webhook that BigCommerce has turned off",
        reason=f"{NO_WEBHOOKS} Automatic jobs that are late say so.",
    ),
    24: Fault(
        "What Odoo has written comes back as news",
        (
            "polling.TestEcho."
            "test_what_odoo_has_written_comes_back_and_is_not_written_again",
        ),
    ),
    # Crashes and collisions
    25: Fault(
        "Killed after the claim",
        (
            "crashes.TestKilled."
            "test_a_worker_that_dies_after_the_claim_costs_its_lines_one_try",
        ),
    ),
    26: Fault(
        "Killed between a write to the store and its commit",
        (
            "crashes.TestKilled."
            "test_a_worker_that_dies_when_it_has_made_a_shipment_has_made_it_once",
            "crashes.TestKilled."
            "test_a_worker_that_dies_when_it_has_captured_a_payment_has_done_so_once",
            "crashes.TestKilled."
            "test_a_worker_that_dies_when_it_has_refunded_has_done_so_once",
            "crashes.TestKilled."
            "test_a_worker_that_dies_when_it_has_written_levels_leaves_them_right",
            "crashes.TestKilled."
            "test_a_worker_that_dies_when_it_has_written_prices_leaves_them_right",
        ),
    ),
    27: Fault(
        "Killed after the commit, before the run has ended",
        (
            "crashes.TestKilled."
            "test_what_a_worker_has_committed_before_it_dies_is_not_done_again",
        ),
    ),
    28: Fault(
        "Killed between a page and the watermark",
        (
            "crashes.TestKilled."
            "test_a_worker_that_dies_between_the_last_page_and_the_watermark",
        ),
    ),
    29: Fault(
        "Killed by Odoo for working too long",
        (
            "crashes.TestTimeLimit."
            "test_it_costs_one_try_and_the_next_one_looks_what_became_of_it",
            "crashes.TestTimeLimit."
            "test_a_line_that_exceeds_it_each_time_fails_and_the_others_are_done",
        ),
    ),
    30: Fault(
        "Two pumps on one queue",
        (
            "collisions.TestTwoWorkers."
            "test_two_pumps_on_one_queue_do_each_thing_once_and_do_not_wait",
        ),
    ),
    31: Fault(
        "Two workers import one order",
        (
            "collisions.TestTwoWorkers.test_two_workers_that_import_one_order_make_one",
            "collisions.TestTwoWorkers."
            "test_a_worker_that_the_database_has_cut_off_does_no_harm",
        ),
    ),
    32: Fault(
        "A serialization failure when the outcome is written",
        (
            "collisions.TestTwoWorkers."
            "test_a_collision_when_the_outcome_is_noted_sends_nothing_again",
        ),
    ),
    33: Fault(
        "A deadlock between an order and the export of stock",
        (
            "collisions.TestStockAndOrders."
            "test_levels_are_sent_while_an_order_is_being_confirmed",
            "collisions.TestStockAndOrders."
            "test_a_deadlock_between_an_order_and_levels_being_sent_costs_no_try",
        ),
    ),
    34: Fault(
        "A unique violation",
        (
            "collisions.TestTwoWorkers."
            "test_a_record_that_somebody_else_has_just_made_is_found_and_no_problem",
        ),
    ),
    35: Fault(
        "Somebody edits or cancels the order that is brought up to date",
        (
            "collisions.TestPeople."
            "test_an_order_that_is_cancelled_while_its_change_is_read_stays_cancelled",
            "collisions.TestPeople."
            "test_what_somebody_edits_while_changes_are_applied_is_kept",
            "collisions.TestPeople."
            "test_what_is_delivered_while_the_store_cancels_it_is_not_taken_back",
        ),
    ),
    36: Fault(
        "Run by hand while it runs",
        (
            "collisions.TestPeople."
            "test_a_pump_that_is_run_by_hand_while_it_works_says_so",
            "collisions.TestPeople."
            "test_two_people_who_run_a_job_at_the_same_moment_start_it_once",
        ),
    ),
    37: Fault(
        "An update of the addon while there is work to do",
        (
            "crashes.TestUpdate."
            "test_what_waits_survives_and_what_nobody_knows_any_more_says_so",
        ),
    ),
    38: Fault(
        "A copy of the database, neutralized or not",
        (
            "crashes.TestCopies.test_a_neutralized_copy_asks_nothing_of_any_store",
            "crashes.TestCopies."
            "test_a_restored_copy_changes_no_store_before_somebody_says_so",
        ),
    ),
    # Data
    39: Fault(
        "A product deleted in the store",
        (
            "data.TestProducts."
            "test_a_product_deleted_in_the_store_is_gone_once_and_not_made_again",
        ),
    ),
    40: Fault(
        "A product archived or deleted in Odoo",
        (
            "data.TestProducts."
            "test_a_product_archived_in_odoo_blocks_its_orders_and_keeps_its_price",
        ),
    ),
    41: Fault(
        "A SKU that is unknown, empty, there twice, or spelled otherwise",
        (
            "data.TestProducts."
            "test_a_sku_that_is_not_clearly_a_product_is_none_until_somebody_says_so",
        ),
    ),
    42: Fault(
        "Lines without a product, certificates, coupons, fees, handling, wrapping",
        (
            "data.TestAmounts."
            "test_every_part_of_an_order_is_a_line_of_its_own_and_the_total_is_the_same",
        ),
    ),
    43: Fault(
        "Guests, no e-mail, no state, an unknown country, long and odd texts",
        (
            "data.TestPeople.test_whoever_orders_is_one_contact_whatever_they_are_called",
        ),
    ),
    44: Fault(
        "One person with two addresses, two people with one e-mail",
        (
            "data.TestPeople."
            "test_one_person_with_two_addresses_and_two_people_with_one_email_stay_apart",
        ),
    ),
    45: Fault(
        "Taxes of every kind",
        ("data.TestAmounts.test_taxes_of_every_kind_are_the_stores_to_the_cent",),
    ),
    46: Fault(
        "Other currencies, of no and of three decimals",
        (
            "data.TestAmounts."
            "test_amounts_are_exact_in_currencies_of_any_number_of_decimals",
        ),
    ),
    47: Fault(
        "Shipments in parts, too much, returned, called off",
        (
            "data.TestWhatFollows."
            "test_what_is_delivered_in_parts_returned_or_called_off_is_shipped_once",
        ),
    ),
    48: Fault(
        "Refunds in part, in full, told twice, before the order",
        (
            "data.TestWhatFollows."
            "test_a_refund_is_one_note_however_often_and_early_it_is_told",
        ),
    ),
    49: Fault(
        "An order edited after its confirmation",
        (
            "data.TestWhatFollows."
            "test_an_order_edited_after_its_confirmation_is_told_once_and_left_alone",
        ),
    ),
    50: Fault(
        "Stock that is negative, in parts, huge, or nowhere",
        (
            "data.TestNumbers."
            "test_stock_that_the_store_cannot_hold_is_cut_to_whole_levels_or_waits",
        ),
    ),
    51: Fault(
        "Large ids, numbers written as texts",
        (
            "data.TestNumbers."
            "test_large_ids_and_numbers_written_as_texts_are_kept_exactly",
        ),
    ),
    52: Fault(
        "Fields and values that nobody has seen before, or that are missing",
        ("data.TestNumbers.test_what_nobody_has_seen_before_is_tolerated_or_waits",),
    ),
    # Lists and time
    53: Fault(
        "Orders that come and go between two pages",
        (
            "paging.TestLists."
            "test_orders_that_come_and_go_between_two_pages_are_neither_missed_nor_twice",
        ),
    ),
    54: Fault(
        "A list that miscounts itself",
        ("paging.TestLists.test_a_list_that_miscounts_itself_is_read_to_its_end",),
    ),
    55: Fault(
        "Many orders changed in the same second, across a page's edge",
        (
            "paging.TestLists."
            "test_of_many_orders_changed_in_the_same_second_none_is_missed",
        ),
    ),
    56: Fault(
        "Clocks that differ or jump",
        (
            "paging.TestClocks."
            "test_clocks_that_differ_or_jump_lose_nothing_and_hold_nothing_up",
        ),
    ),
    57: Fault(
        "Dates of any spelling",
        (
            "paging.TestClocks."
            "test_a_date_of_any_spelling_is_that_moment_and_another_text_waits",
        ),
    ),
    # Limits
    58: Fault(
        "Long queues",
        (
            "limits.TestLongQueues."
            "test_the_next_line_of_a_long_queue_is_found_by_its_index",
        ),
    ),
    59: Fault(
        "A queue full of one store's failures",
        (
            "limits.TestLongQueues."
            "test_a_queue_full_of_one_stores_failures_keeps_no_other_store_waiting",
        ),
    ),
    60: Fault(
        "Rows that pile up",
        (
            "limits.TestLongQueues."
            "test_what_is_long_settled_is_purged_in_batches_and_failures_are_kept",
        ),
    ),
    61: Fault(
        "The addon uninstalled with a queue and bindings",
        (
            "limits.TestStoresThatGo."
            "test_uninstalling_with_a_queue_and_bindings_leaves_what_is_odoos",
        ),
    ),
    62: Fault(
        "A store archived or deleted in mid-run",
        (
            "limits.TestStoresThatGo."
            "test_a_store_archived_in_the_middle_of_a_run_is_not_asked_again",
            "limits.TestStoresThatGo.test_a_store_with_work_or_orders_is_not_deleted",
        ),
    ),
}
