/* Fields by the pointer of the request they fill: the id, the error and the label belong together. */
import { Textarea, TextInput } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { fieldId } from '../api/problem';
import { useWords } from '../i18n';
import { formatDate, parseDate } from '../i18n/format';
import { ChoiceLine } from './Choices';
import type { FieldError } from './ErrorSummary';

interface Base {
  pointer: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  optional?: boolean;
}

interface TextFieldProps extends Base {
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
  maxLength?: number;
  rows?: number;
  type?: 'text' | 'email' | 'tel' | 'url';
  className?: string;
}

function useLabel(label: string, optional: boolean | undefined): ReactNode {
  const { t } = useWords();
  return optional === true ? <>{label} <span className="muted optional">{t.common.optional}</span></> : label;
}

export function TextField(props: TextFieldProps) {
  const { pointer, label, hint, error, optional, value, onChange, onBlur, maxLength, rows, type } = props;
  const shared = {
    id: fieldId(pointer),
    label: useLabel(label, optional),
    description: hint,
    error,
    value,
    maxLength,
    onBlur,
    className: props.className,
    inputWrapperOrder: ['label', 'description', 'error', 'input'] as ('label' | 'description' | 'error' | 'input')[],
  };
  if (rows !== undefined) {
    return (
      <Textarea {...shared} rows={rows} resize="vertical"
        onChange={(event) => onChange(event.currentTarget.value)} />
    );
  }
  return (
    <TextInput {...shared} type={type ?? 'text'} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

interface DateFieldProps extends Base {
  value: string | null;
  onChange(iso: string | null): void;
  onBlur?(): void;
}

/* The dates of a form that are none: whoever sends it asks, for the value of such a field is null. */
export function badDates(form: Element): FieldError[] {
  return [...form.querySelectorAll<HTMLInputElement>('input[data-date]:invalid')]
    .map((input) => ({ pointer: input.dataset.date!, message: input.validationMessage }));
}

/* A date as it is written here, typed; what is no date stays in the field and says so. */
export function DateField({ pointer, label, hint, error, optional, value, onChange, onBlur }: DateFieldProps) {
  const { t } = useWords();
  const [typed, setTyped] = useState(value === null ? '' : formatDate(value));
  const [bad, setBad] = useState(false);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    if (value !== parseDate(typed)) {
      setTyped(value === null ? '' : formatDate(value));
    }
  }
  const named = useLabel(label, optional);
  const input = useRef<HTMLInputElement>(null);
  const none = typed.trim() !== '' && parseDate(typed) === null;
  useEffect(() => input.current?.setCustomValidity(none ? t.common.dateBad : ''), [none, t]);
  return (
    <TextInput ref={input} data-date={pointer} id={fieldId(pointer)} label={named} description={hint ?? t.common.dateHint} value={typed}
      error={bad ? t.common.dateBad : error} inputMode="numeric" className="date-field"
      inputWrapperOrder={['label', 'description', 'error', 'input']}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        setBad(false);
        const iso = parseDate(text);
        setSeen(iso);
        onChange(iso);
      }}
      onBlur={(event) => {
        /* A button that is being pressed must not move away: the form says it then. */
        setBad(none && !(event.relatedTarget instanceof HTMLButtonElement));
        onBlur?.();
      }} />
  );
}

export interface Choice {
  value: string;
  label: string;
  hint?: string | undefined;
}

interface ChoiceProps {
  pointer: string;
  legend: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  choices: Choice[];
  inline?: boolean;
}

interface RadioProps extends ChoiceProps {
  value: string | null;
  onChange(value: string): void;
}

export function RadioGroup({ pointer, legend, hint, error, choices, inline, value, onChange }: RadioProps) {
  const id = fieldId(pointer);
  return (
    <ChoiceFrame id={id} legend={legend} hint={hint} error={error} inline={inline}>
      {choices.map((choice) => (
        <ChoiceLine key={choice.value} kind="radio" group={id} {...choice} checked={value === choice.value}
          onChange={() => onChange(choice.value)} />
      ))}
    </ChoiceFrame>
  );
}

interface FrameProps {
  id: string;
  legend: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  inline?: boolean | undefined;
  children: ReactNode;
}

export function ChoiceFrame({ id, legend, hint, error, inline, children }: FrameProps) {
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].join(' ').trim();
  return (
    <fieldset id={id} className={error ? 'question question-bad' : 'question'}
      aria-describedby={described || undefined}>
      <legend>{legend}</legend>
      {hint && <div id={`${id}-hint`} className="question-hint">{hint}</div>}
      {error && <p id={`${id}-error`} className="field-error">{error}</p>}
      <div className={inline ? 'choices choices-inline' : 'choices'}>{children}</div>
    </fieldset>
  );
}

interface SelectProps extends Base {
  value: string;
  onChange(value: string): void;
  choices: Choice[];
  blank?: string;
}

/* The browser's own select: right on every device and for every reader. */
export function SelectField({ pointer, label, hint, error, optional, value, onChange, choices, blank }: SelectProps) {
  const id = fieldId(pointer);
  const named = useLabel(label, optional);
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].join(' ').trim();
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">{named}</label>
      {hint && <p id={`${id}-hint`} className="question-hint">{hint}</p>}
      {error && <p id={`${id}-error`} className="field-error">{error}</p>}
      <select id={id} className="select" value={value} aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined} onChange={(event) => onChange(event.currentTarget.value)}>
        {blank !== undefined && <option value="">{blank}</option>}
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.label}</option>)}
      </select>
    </div>
  );
}
