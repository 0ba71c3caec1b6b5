-- Two-factor sign-in: the time step of the last code that was accepted, so that none is accepted twice.

ALTER TABLE users ADD last_totp_step NUMBER(19);
