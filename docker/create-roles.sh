#!/bin/bash
# Runs once, when the database is made: the role that owns the tables, and the role that the application uses, which owns nothing.
# Row security binds the second one only because it is neither owner nor superuser.
set -euo pipefail

psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
  --set owner_password="$NODUE_OWNER_PASSWORD" --set app_password="$NODUE_APP_PASSWORD" <<'SQL'
CREATE ROLE nodue_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT;
CREATE ROLE nodue_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT;
CREATE DATABASE nodue OWNER nodue_owner ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE nodue FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE nodue TO nodue_app;
\connect nodue
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gin;
CREATE EXTENSION citext;
-- Lets ILIKE use the search indexes under row security (docs/decisions/0005).
ALTER FUNCTION pg_catalog.texticlike(text, text) LEAKPROOF;
ALTER SCHEMA public OWNER TO nodue_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SQL
