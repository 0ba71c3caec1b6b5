-- A member can undo the pairing of two trackers' workouts; an administrator can reject an activity after a review.

ALTER TABLE activities ADD pairing_undone_at timestamptz;

ALTER TABLE activities DROP CONSTRAINT ck_activities_admission;
ALTER TABLE activities ADD CONSTRAINT ck_activities_admission CHECK (admission IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'overlaps_another', 'rejected_in_review', 'deleted'));

ALTER TABLE activities DROP CONSTRAINT ck_activities_decision;
ALTER TABLE activities ADD CONSTRAINT ck_activities_decision CHECK (decision IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'overlaps_another', 'rejected_in_review', 'deleted'));

ALTER TABLE activity_receipts DROP CONSTRAINT ck_activity_receipts_decision;
ALTER TABLE activity_receipts ADD CONSTRAINT ck_activity_receipts_decision CHECK (decision IN ('scores', 'entered_by_hand', 'imported', 'source_never_scores', 'sport_never_scores', 'account_not_active', 'before_activation', 'before_connection', 'arrived_too_late', 'no_profile_yet', 'in_the_future', 'too_many_steps', 'too_long', 'not_primary_tracker', 'seen_by_another_tracker', 'overlaps_on_one_device', 'more_than_a_day', 'overlaps_another', 'rejected_in_review', 'deleted'));
