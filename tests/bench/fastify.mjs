// What Capdo is measured against: the same two answers by Fastify and pg. Same statements (taken from
// the running server), same rights check in the same transaction, same JSON; a pool of 8.
//
//   FASTIFY_PORT, FASTIFY_SOCKET, FASTIFY_DATABASE, FASTIFY_SQL (file: {begin_as, get, page, idle_s})
//   FASTIFY_PIPELINE=1  sends a transaction's statements without waiting in between (pg 8.23 can)
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import pg from 'pg';

const sql = JSON.parse(readFileSync(process.env.FASTIFY_SQL, 'utf8'));
// Dates and numbers as PostgreSQL writes them; only json columns become objects.
const types = {
  getTypeParser: (oid, format) =>
    oid === 114 || oid === 3802
      ? JSON.parse
      : oid === 21 || oid === 23 || oid === 20
        ? Number
        : (value) => value,
};
const pool = new pg.Pool({
  host: process.env.FASTIFY_SOCKET,
  database: process.env.FASTIFY_DATABASE,
  user: 'capdo_rt',
  max: 8,
  options: '-c statement_timeout=200 -c jit=off -c timezone=UTC -c datestyle=ISO',
  pipeline: process.env.FASTIFY_PIPELINE === '1',
  types,
});

// Runs the statement as the one who signed in, in one transaction; null when the session is over.
async function asActor(request, name, values) {
  const cookie = /(?:^|; )(__Host-)?sid=([^;]*)/.exec(request.headers.cookie ?? '');
  if (!cookie) return null;
  const token = '\\x' + createHash('sha256').update(cookie[2]).digest('hex');
  const client = await pool.connect();
  try {
    const [, actor, result] = await Promise.all([
      client.query('BEGIN READ ONLY'),
      client.query({ name: 'begin_as', text: sql.begin_as, values: [token, sql.idle_s] }),
      client.query({ name, text: sql[name], values, rowMode: 'array' }),
      client.query('COMMIT'),
    ]);
    return actor.rowCount === 1 && actor.rows[0].roles !== '' ? result.rows : null;
  } finally {
    client.release();
  }
}

const time = (text) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
const row = (r) => ({
  id: r[1],
  code: r[2],
  name: r[3],
  operator: { id: r[4], name: r[5] },
  governing: { id: r[6], name: r[7] },
  life_cycle: r[8],
  plan_status: r[9],
  ruleset: r[10],
  computed_level: r[11],
  at_least: r[12],
  approved_level: r[13],
  approved_on: r[14],
  level: r[15],
  approval_status: r[16],
  version: r[17],
  updated_at: time(r[18]),
});

const text = { type: 'string' };
const integer = { type: 'integer' };
const number = { type: 'integer', nullable: true };
const reference = { type: 'object', properties: { id: text, name: text } };
const page = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: text, code: text, name: text, operator: reference, governing: reference,
          life_cycle: text, plan_status: text, ruleset: text, computed_level: number,
          at_least: integer, approved_level: number, approved_on: { type: 'string', nullable: true },
          level: number, approval_status: text, version: integer, updated_at: text,
        },
      },
    },
    next: { type: 'string', nullable: true },
    data_version: text,
  },
};

const server = Fastify({ logger: false });
const refuse = (reply, status) => reply.code(status).type('application/problem+json').send('{}');

server.get('/api/v1/systems/:id', async (request, reply) => {
  const rows = await asActor(request, 'get', [request.params.id]);
  if (rows === null) return refuse(reply, 401);
  if (rows.length === 0) return refuse(reply, 404);
  const r = rows[0];
  reply.header('etag', `"${r[17]}"`).header('cache-control', 'no-store');
  return {
    ...row(r),
    purpose: r[19], scope: r[20], served_users: r[21], facts: r[22], contacts: r[23],
    addresses: r[24], components: r[25], units: r[26], relations: r[27], open_dossier: r[28],
    decision: r[29], created_at: time(r[30]),
  };
});

server.get('/api/v1/systems', { schema: { response: { 200: page } } }, async (request, reply) => {
  const { limit, approval_status: status } = request.query;
  // The statement is the one for this limit and has it as a number.
  const rows = await asActor(request, 'page', [`{${status}}`]);
  if (rows === null) return refuse(reply, 401);
  const more = rows.length > Number(limit);
  const items = rows.slice(0, Number(limit)).map(row);
  const last = items.at(-1);
  const next = more ? Buffer.from(`${last.updated_at}|${last.id}`).toString('base64url') : null;
  reply.header('cache-control', 'no-store');
  return { items, next, data_version: '0' };
});

await server.listen({ host: '127.0.0.1', port: Number(process.env.FASTIFY_PORT) });
