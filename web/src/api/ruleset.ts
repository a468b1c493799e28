/* The form of schema/rulesets/<id>.json as far as pages read it, and the pure rules of asking. */
import type { Text } from '../i18n';
import type { Facts, TraceEntry } from './types';

export type FactValue = string | number | boolean | string[] | null;

export interface FactOption {
  id: string;
  label: Text;
  hint?: Text;
}

export interface Fact {
  id: string;
  type: 'bool' | 'int' | 'enum' | 'set';
  group: string;
  question: Text;
  why: Text;
  article: Text;
  note?: Text;
  unit?: Text;
  min?: number;
  max?: number;
  default_hint?: boolean | number;
  values?: FactOption[];
  ask_when?: Condition;
}

export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { fact: string; op: string; value: unknown };

export interface TimeLimit {
  step: string;
  levels: number[];
  value: number | null;
  unit: 'working_day' | 'calendar_day' | null;
  article: Text;
}

export interface Ruleset {
  ruleset_id: string;
  title: Text;
  short_title: Text;
  fact_groups: { id: string; title: Text }[];
  facts: Fact[];
  levels: { level: number; title: Text; harm: Text; article: Text }[];
  criteria: { id: string; level: number; article: Text; text: Text }[];
  terminology: Record<string, Text | string>;
  time_limits: TimeLimit[];
  dossier_items: { id: string; title: Text }[];
}

type Verdict = boolean | null;

function compare(op: string, answer: FactValue, value: unknown): boolean {
  const list = Array.isArray(answer) ? answer : [];
  switch (op) {
    case 'eq': return answer === value;
    case 'ne': return answer !== value;
    case 'ge': return Number(answer) >= Number(value);
    case 'gt': return Number(answer) > Number(value);
    case 'le': return Number(answer) <= Number(value);
    case 'lt': return Number(answer) < Number(value);
    case 'in': return Array.isArray(value) && value.includes(answer);
    case 'contains': return list.includes(String(value));
    case 'not_contains': return !list.includes(String(value));
    case 'only': return list.length > 0 && list.every((item) => item === value);
    default: return false;
  }
}

/* Three-valued: null while an answer is missing. */
export function holds(condition: Condition, facts: Facts): Verdict {
  if ('all' in condition) {
    const parts = condition.all.map((part) => holds(part, facts));
    return parts.includes(false) ? false : parts.includes(null) ? null : true;
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => holds(part, facts));
    return parts.includes(true) ? true : parts.includes(null) ? null : false;
  }
  if ('not' in condition) {
    const part = holds(condition.not, facts);
    return part === null ? null : !part;
  }
  const answer = facts[condition.fact] as FactValue | undefined;
  return answer === undefined || answer === null
    ? null
    : compare(condition.op, answer, condition.value);
}

/* A question is put once the answers before it call for it. */
export function isAsked(fact: Fact, facts: Facts): boolean {
  return fact.ask_when === undefined || holds(fact.ask_when, facts) === true;
}

export function askedFacts(ruleset: Ruleset, facts: Facts): Fact[] {
  return ruleset.facts.filter((fact) => isAsked(fact, facts));
}

/* Only what is asked is sent; an answer to a question that fell away stays with the form. */
export function answersToSend(ruleset: Ruleset, facts: Facts): Facts {
  const sent: Facts = {};
  for (const fact of askedFacts(ruleset, facts)) {
    const answer = facts[fact.id];
    if (answer !== undefined) {
      sent[fact.id] = answer;
    }
  }
  return sent;
}

function fits(fact: Fact, answer: FactValue): boolean {
  const known = new Set(fact.values?.map((value) => value.id));
  if (fact.type === 'enum') {
    return known.has(String(answer));
  }
  return fact.type !== 'set' || (Array.isArray(answer) && answer.every((item) => known.has(item)));
}

/* Answers of one ruleset for the questions of another: same name, same type, a value it knows.
 * What is answered there already stays. */
export function carryOver(from: Ruleset, answers: Facts, to: Ruleset, present: Facts): Facts {
  const result: Facts = { ...present };
  for (const fact of to.facts) {
    const source = from.facts.find((other) => other.id === fact.id && other.type === fact.type);
    const answer = answers[fact.id] as FactValue | undefined;
    const open = result[fact.id] === undefined;
    if (source !== undefined && open && answer !== undefined && answer !== null
      && fits(fact, answer)) {
      result[fact.id] = answer;
    }
  }
  return result;
}

/* The question a criterion leads to: the first one asked that lacks an answer, else the first one. */
export function questionOf(entry: TraceEntry, ruleset: Ruleset, facts: Facts): string | null {
  const names = Object.keys(entry.facts);
  const asked = askedFacts(ruleset, facts).map((fact) => fact.id)
    .filter((id) => names.includes(id));
  const open = asked.find((id) => facts[id] === undefined || facts[id] === null);
  return open ?? asked[0] ?? null;
}

export function optionLabel(fact: Fact, id: string): Text {
  return fact.values?.find((value) => value.id === id)?.label ?? { vi: id, en: id };
}
