-- What a system shows of others is looked up as the one who asks, below the policies: the function no
-- longer returns it (routines/system.sql).
DROP FUNCTION IF EXISTS capdo.system_parts(uuid);
