// Every way to read: each GET of the contract with each of its parameters, for each thing. Used to
// compare what different servers answer (layers.mjs) and to harvest identifiers (idor.mjs).

import { openapi, objectsOf, operations, matrix, path } from "./rights.mjs";

// Answers that tell of the asking itself.
const SELF = ["healthz_get", "readyz_get", "metrics_get", "openapi_get", "meta_get", "security_event_list", "my_security_event_list"];

// Values worth asking for, from the schema of a parameter.
function valuesOf(parameter, things) {
  const schema = parameter.schema.items ?? parameter.schema;
  const names = { q: ["he thong", "HT0", "bacninh"], limit: ["7"], system_id: Object.values(things.system).map((thing) => thing.id) };
  if (names[parameter.name]) return names[parameter.name];
  if (/operator_id|parent_id/.test(parameter.name)) return Object.values(things.place);
  if (parameter.name === "governing_id") return [...new Set(Object.values(things.governing))];
  if (schema.enum) return schema.enum;
  if (schema.type === "boolean") return ["true", "false"];
  if (schema.format === "date") return ["2026-01-01", "2030-01-01"];
  if (schema.format === "date-time") return ["2026-01-01T00:00:00Z"];
  if (parameter.name === "level") return ["1", "2", "3", "none"];
  if (parameter.name === "ruleset") return ["vn-331-2026", "vn-85-2016"];
  return [];
}

// {id, targets}: the operation and the paths to ask, without the cursor, which pages follow.
export function reads(things) {
  return operations()
    .filter((row) => row.method === "GET" && !SELF.includes(row.id))
    .map((row) => {
      const described = openapi.paths[row.template].get.parameters ?? [];
      const kind = matrix.operations[row.id].object;
      const views = described.find((parameter) => parameter.name === "view")?.schema.enum ?? [null];
      const bases = [
        ...new Set(
          objectsOf(matrix, kind).flatMap((object) =>
            views.map((view) => path(things, { row: view ? { ...row, template: row.template.replace("{view}", view) } : row, object })),
          ),
        ),
      ];
      const queries = described
        .filter((parameter) => parameter.in === "query" && parameter.name !== "cursor")
        .flatMap((parameter) => valuesOf(parameter, things).map((value) => `?${parameter.name}=${encodeURIComponent(value)}`));
      return { row, targets: bases.flatMap((base) => [base, ...queries.map((query) => `${base}${query}`)]) };
    });
}

// An answer without what differs from one request to the next.
export function bare(answer) {
  const text = answer.text.replace(/"(trace_id|data_version|as_of|cursor|next|second_factor_age_s|last_seen_at|last_used_at)": ?("[^"]*"|\d+|null)/g, '"$1":0');
  // The second server has another port, and with it another origin.
  return `${answer.status} ${text.replace(/http:\/\/(127\.0\.0\.1|localhost):\d+/g, "origin")}`;
}
