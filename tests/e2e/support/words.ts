/* The words of the site in both languages, and the questions of the ruleset in force. */
import { readFileSync } from 'node:fs';
import { en } from '../../../web/src/i18n/en/index';
import { vi } from '../../../web/src/i18n/vi/index';

export type Language = 'vi' | 'en';
export type Words = typeof vi;

/* A word that the site no longer has is a fault of the test, not a match for anything. */
function strict<T extends object>(words: T, path: string): T {
  return new Proxy(words, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (value === undefined && typeof name === 'string') {
        throw new Error(`the site has no words ${path}.${name}`);
      }
      return typeof value === 'object' && value !== null ? strict(value, `${path}.${String(name)}`) : value;
    },
  });
}

export const WORDS: Record<Language, Words> = { vi: strict(vi, 'vi'), en: strict(en, 'en') };

interface Text {
  vi: string;
  en: string;
}

interface Fact {
  id: string;
  question: Text;
  values?: { id: string; label: Text }[];
}

interface Ruleset {
  facts: Fact[];
  criteria: { id: string; level: number; text: Text }[];
  dossier_items: { id: string; title: Text }[];
  gates: { id: string; title: Text }[];
}

const ruleset = JSON.parse(readFileSync(
  new URL('../../../schema/rulesets/vn-331-2026.json', import.meta.url), 'utf8')) as Ruleset;

function factOf(id: string): Fact {
  const fact = ruleset.facts.find((one) => one.id === id);
  if (fact === undefined) {
    throw new Error(`the ruleset has no fact ${id}`);
  }
  return fact;
}

export function question(id: string, language: Language): string {
  return factOf(id).question[language];
}

export function option(id: string, value: string, language: Language): string {
  const found = factOf(id).values?.find((one) => one.id === value);
  if (found === undefined) {
    throw new Error(`the fact ${id} has no value ${value}`);
  }
  return found.label[language];
}

export function itemTitle(id: string, language: Language): string {
  const found = [...ruleset.dossier_items, ...ruleset.gates].find((one) => one.id === id);
  if (found === undefined) {
    throw new Error(`the ruleset has no item ${id}`);
  }
  return found.title[language];
}

export function criterion(id: string, language: Language): string {
  return ruleset.criteria.find((one) => one.id === id)?.text[language] ?? '';
}

/* Every fixed sentence of a dictionary. */
function sentences(of: unknown): string[] {
  if (typeof of === 'string') {
    return [of];
  }
  return typeof of === 'object' && of !== null ? Object.values(of).flatMap(sentences) : [];
}

/* What must not stand on a page in the other language: sentences that the two do not share. */
export function foreign(language: Language): string[] {
  const dictionaries = { vi, en };
  const own = new Set(sentences(dictionaries[language]).map((one) => one.toLowerCase()));
  const other = sentences(dictionaries[language === 'vi' ? 'en' : 'vi']);
  return [...new Set(other.filter((one) => one.length > 3 && !own.has(one.toLowerCase())))];
}

export function today(): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric',
  });
  return parts.format(new Date());
}

let last = 0;

/* A name that no other test uses, as a person would number it. */
export function unique(base: string): string {
  last = Math.max(last + 1, Math.floor(Date.now() / 1000) % 100_000);
  return `${base} ${last}`;
}
