import { expect, test } from 'vitest';
import { codesOf, emptyDraft, requestOf } from './change';

test('codes are taken from lines, commas and semicolons', () => {
  expect(codesOf(' HT0000001\nHT0000002, HT0000003;\n\n')).toEqual(['HT0000001', 'HT0000002', 'HT0000003']);
  expect(codesOf('')).toEqual([]);
});

test('a request holds what its kind needs and nothing else', () => {
  const draft = { ...emptyDraft('renamed', 'Cũ', 'p'), effective_on: '2025-07-01', document_number: '1/QĐ', name: 'Mới' };
  const shared = { kind: 'renamed', effective_on: '2025-07-01', document_number: '1/QĐ', note: '' };
  expect(requestOf(draft)).toEqual({ ...shared, name: 'Mới' });
  expect(requestOf({ ...draft, kind: 'moved', parent_id: null })).toEqual({ ...shared, kind: 'moved', parent_id: null });
});

test('a split sends systems and units to their receivers, and the rest when the body ends', () => {
  const draft = {
    ...emptyDraft('split', 'A', null), effective_on: '2025-07-01', document_number: '1',
    receivers: [{ organisation_id: 'b', systems: 'HT1 HT2' }, { organisation_id: 'c', systems: '' }],
    units: { u: 1 }, ends: true, remainder: 1,
  };
  expect(requestOf(draft)).toEqual({
    kind: 'split', effective_on: '2025-07-01', document_number: '1', note: '',
    successors: [
      { organisation_id: 'b', systems: [{ code: 'HT1' }, { code: 'HT2' }], units: [] },
      { organisation_id: 'c', systems: [], units: [{ organisation_id: 'u' }] },
    ],
    remainder_id: 'c',
  });
  expect(requestOf({ ...draft, ends: false })).not.toHaveProperty('remainder_id');
});
