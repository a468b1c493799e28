// Faults planted in answers that were good: each must be found, or the validator proves nothing.

const parsed = (exchange) => JSON.parse(exchange.body.toString("utf8"));
const withBody = (exchange, change) => {
  const value = parsed(exchange);
  change(value);
  return { ...exchange, body: Buffer.from(JSON.stringify(value)) };
};
const withHeaders = (exchange, headers) => ({ ...exchange, headers: { ...exchange.headers, ...headers } });

const FAULTS = [
  ["a member of another type", "system_get 200", (x) => withBody(x, (v) => (v.version = String(v.version)))],
  ["a member that is missing", "system_get 200", (x) => withBody(x, (v) => delete v.operator)],
  ["a member too many", "system_get 200", (x) => withBody(x, (v) => (v.unheard_of = 1))],
  ["a nested member too many", "system_list 200", (x) => withBody(x, (v) => (v.items[0].operator.phone = "1"))],
  ["a code outside its list", "system_get 200", (x) => withBody(x, (v) => (v.life_cycle = "sold"))],
  ["a number out of range", "system_get 200", (x) => withBody(x, (v) => (v.computed_level = 6))],
  ["an identifier that is none", "system_get 200", (x) => withBody(x, (v) => (v.id = "17"))],
  ["a date that is none", "dossier_get 200", (x) => withBody(x, (v) => (v.updated_at = "yesterday"))],
  ["null where there must be a value", "label_get 200", (x) => withBody(x, (v) => (v.code = null))],
  ["an undocumented status", "system_get 200", (x) => ({ ...x, status: 206 })],
  ["an internal error", "system_get 200", (x) => ({ ...x, status: 500 })],
  ["another media type", "system_get 200", (x) => withHeaders(x, { "content-type": "text/html" })],
  ["an ETag that is absent", "system_get 200", (x) => withHeaders(x, { etag: undefined })],
  ["a weak ETag", "system_get 200", (x) => withHeaders(x, { etag: 'W/"1"' })],
  ["a cookie nobody documented", "system_get 200", (x) => withHeaders(x, { "set-cookie": ["a=b"] })],
  ["a Location that is absent", "system_create 201", (x) => withHeaders(x, { location: undefined })],
  ["a body with 304", "system_get 304", (x) => ({ ...x, body: Buffer.from("{}") })],
  ["half a body", "system_get 200", (x) => ({ ...x, body: x.body.subarray(0, x.body.length - 1) })],
  ["bytes that are not UTF-8", "system_get 200", (x) => ({ ...x, body: Buffer.concat([x.body.subarray(0, -1), Buffer.from([0xff, 0x7d])]) })],
  ["a problem with an unknown code", "system_get 404", (x) => withBody(x, (v) => (v.code = "gone"))],
  ["a problem with another status", "system_get 404", (x) => withBody(x, (v) => (v.status = 410))],
  ["a problem with a title of its own", "system_get 404", (x) => withBody(x, (v) => (v.title = "Lỗi"))],
  ["a problem of another request", "system_get 404", (x) => withBody(x, (v) => (v.trace_id = "0"))],
  ["an answer without request id", "system_get 200", (x) => withHeaders(x, { "x-request-id": undefined })],
  ["an answer that a browser may guess at", "system_get 200", (x) => withHeaders(x, { "x-content-type-options": undefined })],
  ["an answer that may be framed", "system_get 404", (x) => withHeaders(x, { "content-security-policy": "default-src 'none'" })],
  ["an answer for other origins", "system_get 200", (x) => withHeaders(x, { "access-control-allow-origin": "*" })],
  ["a body without charset", "system_get 200", (x) => withHeaders(x, { "content-type": "application/json" })],
  ["405 without Allow", null, (x) => withHeaders({ ...x, status: 405 }, { allow: undefined })],
];

export function controls(contract, exchanges, report) {
  const missed = [];
  for (const [name, pair, plant] of FAULTS) {
    const [id, status] = (pair ?? "system_get 404").split(" ");
    const good = exchanges.find(
      (x) => String(x.status) === status && x.method === "GET" === (id !== "system_create") && contract.match(x.method, x.path)?.id === id &&
        contract.check(x).length === 0 && (!id.endsWith("_list") || parsed(x).items.length > 0),
    );
    if (!good) missed.push(`${name}: no good ${pair} to plant it in`);
    else if (contract.check(plant(good)).length === 0) missed.push(`${name}: not found`);
  }
  report.none(`control: ${FAULTS.length} planted faults are found`, missed);

  const pair = "system_get 200";
  const count = contract.seen.get(pair);
  contract.seen.delete(pair);
  report.check("control: a pair that was never seen is reported", contract.unseen().includes(pair));
  contract.seen.set(pair, count);
}
