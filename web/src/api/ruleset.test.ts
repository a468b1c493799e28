import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answersToSend, askedFacts, carryOver, holds, questionOf, type Condition, type Ruleset } from './ruleset';
import type { TraceEntry } from './types';

function load(id: string): Ruleset {
  const path = new URL(`../../../schema/rulesets/${id}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Ruleset;
}

const present = load('vn-331-2026');
const former = load('vn-85-2016');

describe('conditions', () => {
  const isA: Condition = { fact: 'a', op: 'eq', value: true };
  const isB: Condition = { fact: 'b', op: 'ge', value: 3 };

  it('are three-valued', () => {
    expect(holds({ all: [isA, isB] }, { a: false })).toBe(false);
    expect(holds({ all: [isA, isB] }, { a: true })).toBeNull();
    expect(holds({ any: [isA, isB] }, { a: true })).toBe(true);
    expect(holds({ any: [isA, isB] }, { a: false })).toBeNull();
    expect(holds({ not: isA }, {})).toBeNull();
    expect(holds({ not: isA }, { a: false })).toBe(true);
  });

  it('know both sides of a threshold', () => {
    expect(holds(isB, { b: 2 })).toBe(false);
    expect(holds(isB, { b: 3 })).toBe(true);
  });
});

describe('questions', () => {
  it('are put only when the answers before call for them', () => {
    const asked = (facts: object) => askedFacts(present, facts as never).map((fact) => fact.id);
    expect(asked({})).not.toContain('infra_scope');
    expect(asked({ system_type: 'infrastructure' })).toContain('infra_scope');
    expect(asked({ system_type: 'internal' })).not.toContain('online_service');
  });

  it('that fell away are not sent', () => {
    const facts = { system_type: 'internal', online_service: true };
    expect(answersToSend(present, facts)).toEqual({ system_type: 'internal' });
  });

  it('lead from a criterion to the open one first', () => {
    const entry = { facts: { system_type: 'infrastructure', infra_scope: null } } as unknown as TraceEntry;
    expect(questionOf(entry, present, { system_type: 'infrastructure' })).toBe('infra_scope');
    expect(questionOf(entry, present, { system_type: 'infrastructure', infra_scope: 'national' })).toBe('system_type');
    expect(questionOf({ facts: { infra_scope: null } } as unknown as TraceEntry, present, {})).toBeNull();
  });
});

describe('carrying answers to another ruleset', () => {
  it('keeps what both know and leaves the rest', () => {
    const answers = {
      system_type: 'infrastructure', infra_scope: 'ministry_sector_province_or_provinces', data_subjects_basic: 5,
      serves_defence_security: false, info_types: null,
    };
    const carried = carryOver(present, answers, former, {});
    expect(carried).toEqual({ system_type: 'infrastructure', serves_defence_security: false });
  });

  it('never replaces an answer given there', () => {
    const carried = carryOver(present, { system_type: 'internal' }, former, { system_type: 'ics' });
    expect(carried.system_type).toBe('ics');
  });
});
