/* The API as a program uses it: to prepare what a test does not show, and to compare. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Role = 'staff' | 'staff2' | 'appraiser' | 'director' | 'chairman' | 'office' | 'admin';

export const ORIGIN = process.env.CAPDO_TEST_URL ?? '';

/* The same server under the name that passkeys of a development machine belong to. */
export const LOCALHOST = ORIGIN.replace('127.0.0.1', 'localhost');

interface AccountEntry {
  username: Role;
  password: string;
  totp_secret?: string;
}

const accounts = JSON.parse(readFileSync(process.env.CAPDO_TEST_ACCOUNTS ?? '', 'utf8')) as AccountEntry[];

function account(role: Role): AccountEntry {
  const found = accounts.find((one) => one.username === role);
  if (found === undefined) {
    throw new Error(`there is no demo account ${role}`);
  }
  return found;
}

export function password(role: Role): string {
  return account(role).password;
}

/* The code that an authenticator app with this secret shows now. */
export function code(secret: string): string {
  return execFileSync(process.env.CAPDO_PROGRAM ?? 'capdo', ['totp', secret], { encoding: 'utf8' }).trim();
}

/* The next code of a demo account: each works once, so a used one is waited out. */
const used = new Map<Role, string>();
export async function nextCode(role: Role): Promise<string> {
  const secret = account(role).totp_secret ?? '';
  for (;;) {
    const now = code(secret);
    if (used.get(role) !== now) {
      used.set(role, now);
      return now;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/* One statement as the superuser of the test's database. */
export function psql(text: string): string {
  const url = process.env.CAPDO_TEST_SUPERUSER_URL ?? '';
  return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', url], { encoding: 'utf8', input: text }).trim();
}

/* Opens a session in the database itself, its second factor shown just now, and returns the value of
 * its cookie: what is not about signing in needs no code. */
export function signIn(role: Role): string {
  const token = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(token).digest('hex');
  psql(`SELECT capdo.session_open((SELECT id FROM capdo.account WHERE username = '${role}'),
    '\\x${hash}', 43200, 5, 'password', false, true, '', '');
    UPDATE capdo.session SET factor_at = now() + interval '1 day' WHERE token_sha256 = '\\x${hash}'`);
  return token;
}

const shared = new Map<Role, string>();

/* One session per role serves all tests that do not end it; a new one when others have taken its place,
 * since an account has only so many. */
export async function session(role: Role): Promise<string> {
  const known = shared.get(role);
  if (known !== undefined) {
    const alive = await fetch(`${ORIGIN}/api/v1/me`, { headers: { Cookie: `sid=${known}` } });
    await alive.arrayBuffer();
    if (alive.ok) {
      return known;
    }
  }
  const opened = signIn(role);
  shared.set(role, opened);
  return opened;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export async function call(role: Role, method: string, path: string, body?: unknown, etag?: string): Promise<Json> {
  const headers: Record<string, string> = { Cookie: `sid=${await session(role)}`, Origin: ORIGIN };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (method === 'POST') {
    headers['Idempotency-Key'] = randomUUID();
  }
  if (etag !== undefined) {
    headers['If-Match'] = etag;
  }
  const answer = await fetch(ORIGIN + path, {
    method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path} as ${role}: ${answer.status} ${text}`);
  }
  return text === '' ? null : JSON.parse(text);
}

const RULESET = 'vn-331-2026';

const COMMON = {
  serves_defence_security: false, national_egov_system: false, national_critical_data_store: false,
  pm_or_risk_framework_level: 0, important_to_national_security: false,
};

const FACTS: Record<2 | 3, object> = {
  2: { system_type: 'internal', info_types: ['private'], ...COMMON },
  3: {
    system_type: 'citizen_business', info_types: ['personal'], online_service: true,
    handles_administrative_procedures: true, conditional_business_service: false,
    data_subjects_basic: 500000, data_subjects_sensitive: 0, ...COMMON,
  },
};

export interface Made {
  id: string;
  code: string;
}

export async function makeSystem(level: 2 | 3, name: string, more: object = {}, role: Role = 'staff'): Promise<Made> {
  const me = await call(role, 'GET', '/api/v1/me');
  const unit = me.capacities.find((one: Json) => one.role === 'staff').organisation.id;
  const operator = await call(role, 'GET', `/api/v1/organisations/${unit}`);
  return call(role, 'POST', '/api/v1/systems', {
    governing_id: operator.parent_id, operator_id: unit, name, ruleset: RULESET,
    purpose: 'Quản lý văn bản đi, đến của đơn vị', scope: 'Trụ sở và các đơn vị trực thuộc',
    served_users: 'Công chức, viên chức của đơn vị', facts: { [RULESET]: FACTS[level] },
    components: [{ name: 'Máy chủ ứng dụng', kind: 'hardware', location: 'Trung tâm dữ liệu tỉnh' }],
    contacts: [{ name: 'Nguyễn Văn An', title: 'Trưởng phòng Công nghệ thông tin', purpose: 'technical' }],
    ...more,
  });
}

export async function makeDraft(level: 2 | 3, name: string, role: Role = 'staff'): Promise<Json> {
  const system = await makeSystem(level, name, {}, role);
  return call(role, 'POST', '/api/v1/dossiers', {
    ruleset: RULESET, systems: [{ system_id: system.id, proposed_level: level, reason: '' }],
  });
}

export function dossier(role: Role, id: string): Promise<Json> {
  return call(role, 'GET', `/api/v1/dossiers/${id}`);
}

export async function putItem(id: string, item: string, body: object, role: Role = 'staff'): Promise<void> {
  const now = await dossier(role, id);
  await call(role, 'PUT', `/api/v1/dossiers/${id}/items/${item}`, body, `"${now.version}"`);
}

export async function take(role: Role, id: string, body: object): Promise<void> {
  const now = await dossier(role, id);
  await call(role, 'POST', `/api/v1/dossiers/${id}/transitions`, body, `"${now.version}"`);
}

export async function makeSubmitted(level: 2 | 3, name: string): Promise<Json> {
  const draft = await makeDraft(level, name);
  await putItem(draft.id, 'design', { content: 'Thuyết minh thiết kế theo tài liệu kèm theo.' });
  await putItem(draft.id, 'security_plan', { content: 'Phương án bảo đảm an ninh mạng theo cấp độ đề xuất.' });
  await putItem(draft.id, 'regulation', {
    content: 'Quy chế bảo đảm an ninh mạng của đơn vị.', document_number: '12/QC-SYT', document_date: '2026-09-14',
  });
  await take('staff', draft.id, { to: 'submitted' });
  return draft;
}

export async function makeAppraised(level: 2 | 3, name: string): Promise<Json> {
  const draft = await makeSubmitted(level, name);
  await take('appraiser', draft.id, { to: 'received' });
  await take('appraiser', draft.id, {
    to: 'appraised', conclusion: 'suitable', method: 'written', reason: 'Hồ sơ đầy đủ, căn cứ rõ ràng.',
  });
  return draft;
}
