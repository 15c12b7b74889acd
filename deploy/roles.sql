-- The database and its three roles. Run once as the superuser; change the passwords.
-- What each may do in the book is granted by `manage.py migrate` (pools/guards.py).
CREATE ROLE byakassan_owner LOGIN PASSWORD 'password';
CREATE ROLE byakassan_app LOGIN PASSWORD 'password';
CREATE ROLE byakassan_reports LOGIN PASSWORD 'password';
CREATE DATABASE byakassan OWNER byakassan_owner ENCODING 'UTF8' TEMPLATE template0;
\connect byakassan
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO byakassan_owner;
ALTER ROLE byakassan_app SET statement_timeout = '10s';
ALTER ROLE byakassan_reports SET default_transaction_read_only = on;
