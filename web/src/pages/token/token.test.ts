import { describe, expect, it } from 'vitest';
import { daysOf, networksOf } from './token';

describe('days of a token', () => {
  it('are whole and within their bounds', () => {
    expect(daysOf(' 90 ', 1, 365)).toBe(90);
    expect(daysOf('0', 0, 7)).toBe(0);
    for (const text of ['', '0', '366', '1.5', '-1', '1e2', 'x']) {
      expect(daysOf(text, 1, 365)).toBeNull();
    }
  });
});

describe('networks of a token', () => {
  it('stand one a line, or behind commas', () => {
    expect(networksOf(' 10.0.0.0/8\n192.0.2.1, 2001:db8::/32 \n')).toEqual(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);
    expect(networksOf(' \n')).toEqual([]);
  });
});
