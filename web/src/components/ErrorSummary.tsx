/* All problems of a form in one box on top that takes the focus; each leads to its field and says
 * what the field says. */
import { useEffect, useRef } from 'react';
import { fieldId, isApiError } from '../api/problem';
import { useWords, type Words } from '../i18n';

export interface FieldError {
  pointer: string;
  message: string;
}

export interface Failure {
  title: string;
  fields: FieldError[];
  trace: string | null;
}

/* What went wrong, what was kept, what to do; the server's own sentence where it gave one. */
export function failureOf(error: unknown, { t }: Words): Failure {
  if (!isApiError(error)) {
    return { title: t.errors.network, fields: [], trace: null };
  }
  const trace = error.problem?.trace_id ?? null;
  if (error.status === 401 && error.problem === null) {
    return { title: t.errors.signedOut, fields: [], trace };
  }
  if (error.status === 503 || error.status === 429) {
    const title = error.retryAfter === null ? t.errors.busy : t.errors.busyIn(error.retryAfter);
    return { title, fields: [], trace };
  }
  const fields = error.errors.map(({ pointer, message }) => ({ pointer, message }));
  const title = fields.length > 0
    ? t.errors.summary(fields.length)
    : error.problem?.detail ?? error.problem?.title ?? t.errors.unexpected;
  return { title, fields, trace };
}

/* What the form itself found before anything was sent. */
export function failureOfFields(fields: FieldError[], { t }: Words): Failure {
  return { title: t.errors.summary(fields.length), fields, trace: null };
}

export function errorAt(failure: Failure | null, pointer: string): string | undefined {
  return failure?.fields.find((field) => field.pointer === pointer)?.message;
}

/* Moves to the field; a form of several steps first shows the step that holds it. */
export function goToField(pointer: string): void {
  const element = document.getElementById(fieldId(pointer));
  const target = element?.matches('input, textarea, select, button, [tabindex]')
    ? element
    : element?.querySelector<HTMLElement>('input, textarea, select, button');
  (target ?? element)?.focus();
  element?.scrollIntoView({ block: 'center' });
}

interface Props {
  failure: Failure | null;
  onGo?(pointer: string): void;
}

export function ErrorSummary({ failure, onGo = goToField }: Props) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (failure !== null) {
      box.current?.focus();
    }
  }, [failure]);

  return (
    <div role="alert">
      {failure !== null && (
        <div className="error-summary" ref={box} tabIndex={-1}>
          <h2>{failure.title}</h2>
          {failure.fields.length > 0 && (
            <ul className="plain">
              {failure.fields.map((field) => (
                <li key={field.pointer + field.message}>
                  <a href={`#${fieldId(field.pointer)}`} onClick={(event) => {
                    event.preventDefault();
                    onGo(field.pointer);
                  }}>
                    {field.message}
                  </a>
                </li>
              ))}
            </ul>
          )}
          {failure.trace !== null && failure.fields.length === 0 && (
            <p className="small">{t.errors.trace(failure.trace)}</p>
          )}
        </div>
      )}
    </div>
  );
}
