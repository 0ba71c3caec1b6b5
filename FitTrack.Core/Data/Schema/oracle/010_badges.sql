-- Streaks follow from the days and are not stored; the badges there are stand in the code that holds their rules, and nowhere else.

ALTER TABLE user_badges DROP CONSTRAINT fk_user_badges_badge_code;
DROP TABLE badges;
DROP TABLE streaks;
