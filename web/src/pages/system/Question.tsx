/* One question of a ruleset: what, why, under which article; "not known yet" is an answer. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { fieldId } from '../../api/problem';
import type { Fact, FactValue } from '../../api/ruleset';
import { ChoiceLine } from '../../components/Choices';
import { ChoiceFrame, RadioGroup, type Choice } from '../../components/Fields';
import { useWords } from '../../i18n';

interface Props {
  fact: Fact;
  pointer: string;
  value: FactValue | undefined;
  error: string | undefined;
  /* undefined takes an answer back. */
  onAnswer(value: FactValue | undefined): void;
}

const UNKNOWN = '?';

function Why({ fact }: { fact: Fact }) {
  const { t, text } = useWords();
  return (
    <>
      <p>{text(fact.why)} <span className="nowrap">{t.common.article}:</span> {text(fact.article)}.</p>
      {fact.note !== undefined && <p>{t.system.note}: {text(fact.note)}</p>}
    </>
  );
}

export function Question(props: Props) {
  switch (props.fact.type) {
    case 'set': return <SetQuestion {...props} />;
    case 'int': return <NumberQuestion {...props} />;
    default: return <SingleQuestion {...props} />;
  }
}

function SingleQuestion({ fact, pointer, value, error, onAnswer }: Props) {
  const { t, text } = useWords();
  const bool = fact.type === 'bool';
  const choices: Choice[] = bool
    ? [{ value: 'true', label: t.common.yes }, { value: 'false', label: t.common.no }]
    : (fact.values ?? []).map((option) => ({
      value: option.id, label: text(option.label), hint: option.hint && text(option.hint),
    }));
  choices.push({ value: UNKNOWN, label: t.common.unknown });
  const shown = value === undefined ? null : value === null ? UNKNOWN : String(value);
  return (
    <RadioGroup pointer={pointer} legend={text(fact.question)} hint={<Why fact={fact} />} error={error}
      choices={choices} inline={bool} value={shown}
      onChange={(answer) => onAnswer(answer === UNKNOWN ? null : bool ? answer === 'true' : answer)} />
  );
}

function SetQuestion({ fact, pointer, value, error, onAnswer }: Props) {
  const { t, text } = useWords();
  const id = fieldId(pointer);
  const chosen = Array.isArray(value) ? value : [];

  function toggle(option: string, on: boolean) {
    const order = (fact.values ?? []).map((one) => one.id);
    const next = order.filter((one) => (one === option ? on : chosen.includes(one)));
    onAnswer(next.length === 0 ? null : next);
  }

  return (
    <ChoiceFrame id={id} legend={text(fact.question)} hint={<Why fact={fact} />} error={error}>
      {(fact.values ?? []).map((option) => (
        <ChoiceLine key={option.id} kind="checkbox" group={id} value={option.id} label={text(option.label)}
          hint={option.hint && text(option.hint)} checked={chosen.includes(option.id)}
          onChange={(on) => toggle(option.id, on)} />
      ))}
      <ChoiceLine kind="checkbox" group={id} value="unknown" label={t.common.unknown} checked={value === null}
        onChange={() => onAnswer(null)} />
    </ChoiceFrame>
  );
}

/* A whole number as typed, with the separators people use; null when it is none or out of range. */
export function parseWhole(typed: string, min: number, max: number): number | null {
  const digits = typed.replace(/[\s.,]/g, '');
  const value = /^\d{1,12}$/.test(digits) ? Number(digits) : NaN;
  return value >= min && value <= max ? value : null;
}

function NumberQuestion({ fact, pointer, value, error, onAnswer }: Props) {
  const { t, text, number } = useWords();
  const id = fieldId(pointer);
  const min = fact.min ?? 0;
  const max = fact.max ?? 1_000_000_000;
  const [typed, setTyped] = useState(typeof value === 'number' ? number(value) : '');
  const [bad, setBad] = useState(false);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    // answered from elsewhere: together with its group, or carried over
    setSeen(value);
    if (typeof value === 'number' && value !== parseWhole(typed, min, max)) {
      setTyped(number(value));
    }
  }
  const said = bad ? t.system.numberBad(number(min), number(max)) : error;
  return (
    <ChoiceFrame id={id} legend={text(fact.question)} hint={<Why fact={fact} />} error={said}>
      <div className="row">
        <TextInput inputMode="numeric" value={typed} aria-label={text(fact.question)} w="11rem"
          aria-invalid={said !== undefined} disabled={value === null}
          onChange={(event) => {
            const next = event.currentTarget.value;
            setTyped(next);
            setBad(false);
            const whole = parseWhole(next, min, max);
            if (whole !== null) {
              onAnswer(whole);
            }
          }}
          onBlur={() => {
            const whole = parseWhole(typed, min, max);
            setBad(typed.trim() !== '' && whole === null);
            if (whole !== null) {
              setTyped(number(whole));
            }
          }} />
        {fact.unit !== undefined && <span className="muted">{text(fact.unit)}</span>}
      </div>
      <p className="question-hint">{t.system.numberHint(number(min), number(max))}</p>
      <ChoiceLine kind="checkbox" group={id} value="unknown" label={t.common.unknown} checked={value === null}
        onChange={(on) => onAnswer(on ? null : parseWhole(typed, min, max) ?? undefined)} />
    </ChoiceFrame>
  );
}
