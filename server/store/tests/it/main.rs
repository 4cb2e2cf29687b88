//! The same rules on SQLite and on a real Postgres.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected should stop there"
)]

mod postgres;
mod rules;
mod tampering;

/// A key that this test alone has.
fn keys() -> store::Keys {
    store::Keys::parse(&store::Keys::new_line().unwrap()).unwrap()
}

/// One test per rule and backend.
macro_rules! on_both {
    ($($rule:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $rule() {
                let folder = tempfile::tempdir().unwrap();
                let store = store::Store::sqlite(&folder.path().join("it.db"), super::keys()).await.unwrap();
                super::rules::$rule(store).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            async fn $rule() {
                let store = store::Store::postgres(&super::postgres::new_database().await, super::keys()).await.unwrap();
                super::rules::$rule(store.clone()).await;
                store.close().await;
            })+
        }
    };
}

on_both!(
    a_name_is_taken_whatever_its_case,
    a_disabled_account_is_kept_and_not_counted,
    of_two_activations_at_once_one_wins,
    a_setup_token_is_refused_after_its_time,
    time_moves_forward_only,
    failures_are_counted_until_cleared,
    audit_entries_are_numbered_without_gaps_also_when_written_at_once,
    an_audit_entry_closes_once,
    a_session_is_found_by_its_id_and_stored_without_it,
    ending_the_sessions_of_one_person_leaves_others,
    a_person_s_sessions_are_listed_and_ended_by_handle,
    an_expired_session_is_gone,
    a_session_that_was_ended_is_not_brought_back_by_a_request_under_way,
    a_project_keeps_its_amounts_exactly_and_its_name_is_taken,
    a_membership_is_one_role_and_counts_in_its_project_only,
    access_for_a_time_gives_nothing_from_its_end_on,
    what_a_group_has_its_people_have_until_they_leave,
    a_role_of_a_projects_own_counts_there_as_it_is_now_and_stays_while_somebody_has_it,
    a_request_is_decided_once_and_goes_with_its_project,
    a_namespace_belongs_to_one_project_and_keeps_it_from_being_deleted,
    what_an_index_lists_replaces_what_was_listed_and_stays_when_reading_fails,
    a_login_is_read_back_for_its_address_and_survives_another_key,
    a_cluster_has_one_source_of_metrics_or_none,
    the_stronger_of_a_role_by_hand_and_one_by_rules_counts_and_each_ends_by_itself,
    a_sign_in_under_way_is_taken_once_by_the_browser_that_began_it,
    a_session_of_a_provider_is_asked_about_by_one_at_a_time_and_keeps_its_token_sealed,
    an_account_is_bound_to_a_subject_once,
    a_view_is_its_persons_own_and_the_last_of_its_name_counts,
);
