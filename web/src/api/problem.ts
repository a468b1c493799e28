/* Every refusal of the API as one kind of error (RFC 9457). */
import type { components } from './schema';

export type Problem = components['schemas']['Problem'];
export type ProblemError = components['schemas']['ProblemError'];

export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  /* Seconds after which trying again makes sense; null when the server did not say. */
  readonly retryAfter: number | null;
  /* The present version of the thing, when a change was refused because it is newer (412). */
  readonly etag: string | null;

  constructor(status: number, problem: Problem | null, headers?: Headers) {
    super(problem?.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
    this.retryAfter = retrySeconds(headers?.get('Retry-After') ?? null);
    this.etag = headers?.get('ETag') ?? null;
  }

  get errors(): ProblemError[] {
    return this.problem?.errors ?? [];
  }
}

export function retrySeconds(value: string | null): number | null {
  if (value === null) {
    return null;
  }
  const seconds = /^\d+$/.test(value.trim())
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}

export function statusOf(error: unknown): number | null {
  return isApiError(error) ? error.status : null;
}

/* The id of the form field that a JSON Pointer of the request body names. */
export function fieldId(pointer: string): string {
  return `f${pointer.replace(/[^A-Za-z0-9_]+/g, '-')}`;
}
