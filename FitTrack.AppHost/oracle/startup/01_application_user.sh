# Run by the Oracle container at every start, as the operating system user oracle. Makes the user that FitTrack's programs
# connect as, so that they never are SYSTEM; again and again with the same result.
sqlplus -S -L / as sysdba <<SQL
WHENEVER SQLERROR EXIT FAILURE
SET FEEDBACK OFF
-- The pluggable database opens by itself, but not before the listener answers.
DECLARE
  open_mode v\$pdbs.open_mode%TYPE;
BEGIN
  FOR attempt IN 1 .. 120 LOOP
    SELECT MAX(open_mode) INTO open_mode FROM v\$pdbs WHERE name = 'FREEPDB1';
    EXIT WHEN open_mode = 'READ WRITE';
    DBMS_SESSION.SLEEP(1);
  END LOOP;
END;
/
ALTER SESSION SET CONTAINER = FREEPDB1;
DECLARE
  found PLS_INTEGER;
BEGIN
  SELECT COUNT(*) INTO found FROM dba_users WHERE username = 'FITTRACK';
  IF found = 0 THEN
    EXECUTE IMMEDIATE 'CREATE USER fittrack IDENTIFIED BY "${FITTRACK_PASSWORD}" DEFAULT TABLESPACE users QUOTA UNLIMITED ON users';
  ELSE
    EXECUTE IMMEDIATE 'ALTER USER fittrack IDENTIFIED BY "${FITTRACK_PASSWORD}" ACCOUNT UNLOCK';
  END IF;
  EXECUTE IMMEDIATE 'GRANT DB_DEVELOPER_ROLE TO fittrack';
END;
/
SQL
