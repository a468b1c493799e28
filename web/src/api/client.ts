/* The one way to the API: typed by schema.d.ts, in the chosen language, and able to wait for a new
 * sign-in or a fresh second factor in the middle: a request answered 401, or refused for want of a
 * factor, is repeated after it, so nothing typed is lost. */
import createClient from 'openapi-fetch';
import { language } from '../i18n/language';
import { ApiError, type Problem } from './problem';
import type { paths } from './schema';

export type Ask = () => Promise<void>;

/* What stands over the page and asks: for the password when the session is gone, for a second factor
 * when the present one is too old. Null while nobody can. Requests of one moment share one question. */
class Question {
  private ask: Ask | null = null;
  private waiting: Promise<void> | null = null;

  set(ask: Ask | null): void {
    this.ask = ask;
    this.waiting = null;
  }

  get possible(): boolean {
    return this.ask !== null;
  }

  once(): Promise<void> {
    if (this.waiting === null) {
      const asked = (this.ask ?? (() => Promise.reject(new Error('nobody asks'))))().finally(() => {
        this.waiting = this.waiting === asked ? null : this.waiting;
      });
      this.waiting = asked;
    }
    return this.waiting;
  }
}

const signIn = new Question();
const stepUp = new Question();

export function onSessionLost(ask: Ask | null): void {
  signIn.set(ask);
}

export function onStepUp(ask: Ask | null): void {
  stepUp.set(ask);
}

/* A second factor gives the session another token at once. A request that was under way with the old
 * one is refused without anyone having signed out: it waits for the new one and is sent again. */
let tokens = 0;
let renewal: Promise<unknown> | null = null;

export async function renewing<T>(change: () => Promise<T>): Promise<T> {
  const pending = change();
  renewal = pending.catch(() => undefined);
  try {
    const result = await pending;
    tokens += 1;
    return result;
  } finally {
    renewal = null;
  }
}

function mayWait(request: Request): boolean {
  return !new URL(request.url).pathname.startsWith('/api/v1/session');
}

async function wantsFactor(response: Response): Promise<boolean> {
  if (response.status !== 403) {
    return false;
  }
  const problem = await response.clone().json().catch(() => null) as { code?: string } | null;
  return problem?.code === 'step_up_required';
}

async function guardedFetch(request: Request): Promise<Response> {
  request.headers.set('Accept-Language', language());
  const again = request.clone();
  const before = tokens;
  const response = await fetch(request);
  if (!mayWait(request)) {
    return response;
  }
  if (response.status === 401) {
    await renewal;
    if (tokens === before) {
      if (!signIn.possible) {
        return response;
      }
      await signIn.once();
    }
    return fetch(again);
  }
  if (stepUp.possible && await wantsFactor(response)) {
    /* Who gives up sees the refusal; the form keeps what was typed. */
    const shown = await stepUp.once().then(() => true, () => false);
    return shown ? fetch(again) : response;
  }
  return response;
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: guardedFetch });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export interface Tagged<T> {
  data: T;
  etag: string;
}

function refuse(answer: Answer<unknown>): never {
  const body = answer.error;
  const problem = typeof body === 'object' && body !== null && 'code' in body ? body : null;
  throw new ApiError(answer.response.status, problem as Problem | null, answer.response.headers);
}

/* The body of a good answer; anything else is thrown as an ApiError. */
export async function body<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await pending;
  if (!answer.response.ok) {
    refuse(answer);
  }
  return answer.data as T;
}

/* As body, with the version that a later change has to name in If-Match. */
export async function tagged<T extends { version: number }>(
  pending: Promise<Answer<T>>,
): Promise<Tagged<T>> {
  const answer = await pending;
  if (!answer.response.ok) {
    refuse(answer);
  }
  const data = answer.data as T;
  return { data, etag: answer.response.headers.get('ETag') ?? `"${data.version}"` };
}

/* A file as it is, not as JSON; the good answer's body. */
export async function sendFile<T>(path: string, file: File, type: string, key: string): Promise<T> {
  const response = await guardedFetch(new Request(new URL(path, window.location.origin), {
    method: 'POST', body: file, headers: { 'Content-Type': type, 'Idempotency-Key': key },
  }));
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    refuse({ error: answer, response });
  }
  return answer as T;
}

/* Made when a form opens and kept across its retries: the server does the work once. */
export function newKey(): string {
  return crypto.randomUUID();
}
