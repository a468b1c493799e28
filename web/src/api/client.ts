/* The one way to the API: typed by schema.d.ts, in the chosen language, and able to wait for a new
 * sign-in in the middle: a request answered 401 is repeated after it, so nothing typed is lost. */
import createClient from 'openapi-fetch';
import { language } from '../i18n/language';
import { ApiError, type Problem } from './problem';
import type { paths } from './schema';

type SignIn = () => Promise<void>;

let askSignIn: SignIn | null = null;
let waiting: Promise<void> | null = null;

/* Who asks for the password when the session is gone; null while nobody can. */
export function onSessionLost(ask: SignIn | null): void {
  askSignIn = ask;
}

function signInOnce(ask: SignIn): Promise<void> {
  waiting ??= ask().finally(() => {
    waiting = null;
  });
  return waiting;
}

function mayWait(request: Request): boolean {
  const path = new URL(request.url).pathname;
  return path !== '/api/v1/session' && path !== '/api/v1/me';
}

async function guardedFetch(request: Request): Promise<Response> {
  request.headers.set('Accept-Language', language());
  const again = request.clone();
  const response = await fetch(request);
  if (response.status !== 401 || askSignIn === null || !mayWait(request)) {
    return response;
  }
  await signInOnce(askSignIn);
  return fetch(again);
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
