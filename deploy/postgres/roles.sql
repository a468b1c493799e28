-- Roles, database and extensions of Capdo. Run by a superuser with psql; running it again changes
-- nothing.
--
--   psql -v ON_ERROR_STOP=1 [-v database=capdo] -d postgres -f roles.sql
--
--   capdo_owner  owns the schema and migrates it; the server never connects with this role
--   capdo_rt     what the server connects with: no DDL, not a member of the owner, and bound by
--                row-level security; what it may do on each table is granted by the migrations

\if :{?database}
\else
    \set database capdo
\endif

SELECT format('CREATE ROLE %I', name)
  FROM (VALUES ('capdo_owner'), ('capdo_rt')) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name)
\gexec

ALTER ROLE capdo_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE capdo_rt    LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;

-- Whoever granted one role to the other made row-level security meaningless: take it back.
SELECT format('REVOKE %I FROM capdo_rt', granted.rolname)
  FROM pg_auth_members AS m
  JOIN pg_roles AS granted ON granted.oid = m.roleid
  JOIN pg_roles AS member ON member.oid = m.member
 WHERE member.rolname = 'capdo_rt'
\gexec

-- Last resorts, wider than the server's own deadlines: a forgotten transaction holds back vacuum
-- and, later, the ledger's horizon.
ALTER ROLE capdo_rt SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE capdo_rt SET statement_timeout = '120s';
ALTER ROLE capdo_rt SET lock_timeout = '10s';

SELECT format('CREATE DATABASE %I OWNER capdo_owner TEMPLATE template0 ENCODING ''UTF8'' '
              'LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8''', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO capdo_owner, capdo_rt;

\connect :"database"

-- Search that ignores diacritics, and by parts of words.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO capdo_rt;
GRANT USAGE, CREATE ON SCHEMA public TO capdo_owner;
