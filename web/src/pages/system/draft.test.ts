import { describe, expect, it } from 'vitest';
import { changedFields, conflictingFields, emptyDraft, rebase, stepOf, toChange, toNew } from './draft';
import { parseWhole } from './Question';
import { safeTarget } from '../session/SignInPage';

const base = { ...emptyDraft('vn-331-2026', { id: 'o', name: 'Sở Y tế' }), name: 'A', purpose: 'p' };

describe('a draft', () => {
  it('sends only what was changed', () => {
    const mine = { ...base, name: 'B' };
    expect(changedFields(mine, base, [])).toEqual(['name']);
    expect(toChange(mine, base, [])).toEqual({ name: 'B' });
  });

  it('leaves out rows without a choice', () => {
    const mine = { ...base, units: [{ organisation: null, duty: 'x' }] };
    expect(toNew(mine, []).units).toEqual([]);
  });

  it('meets another change only where both touched', () => {
    const mine = { ...base, name: 'B', scope: 's' };
    const theirs = { ...base, name: 'C', purpose: 'q' };
    expect(conflictingFields(mine, base, theirs, [])).toEqual(['name']);
    const kept = rebase(mine, base, theirs, new Set(), []);
    expect([kept.name, kept.scope, kept.purpose]).toEqual(['B', 's', 'q']);
    const taken = rebase(mine, base, theirs, new Set(['name']), []);
    expect([taken.name, taken.scope, taken.purpose]).toEqual(['C', 's', 'q']);
  });

  it('knows which step holds a field', () => {
    expect(stepOf('/facts/vn-331-2026/info_types')).toBe('facts');
    expect(stepOf('/contacts/0/email')).toBe('operations');
    expect(stepOf('/name')).toBe('general');
  });
});

describe('whole numbers', () => {
  it('are read with the separators people use, within their range', () => {
    expect(parseWhole('100.000', 0, 1_000_000)).toBe(100_000);
    expect(parseWhole('100 000', 0, 1_000_000)).toBe(100_000);
    expect(parseWhole('6', 0, 5)).toBeNull();
    expect(parseWhole('-1', 0, 5)).toBeNull();
    expect(parseWhole('ba', 0, 5)).toBeNull();
  });
});

describe('the way back after signing in', () => {
  it('never leaves this site', () => {
    expect(safeTarget('/ho-so?level=3')).toBe('/ho-so?level=3');
    for (const bad of [null, 'https://example.org', '//example.org', '/\\example.org', 'javascript:1']) {
      expect(safeTarget(bad)).toBe('/');
    }
  });
});
