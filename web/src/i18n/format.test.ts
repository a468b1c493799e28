import { describe, expect, it } from 'vitest';
import { formatDate, formatMoment, formatNumber, localDate, parseDate, workingDaysBetween } from './format';

describe('dates and numbers as written here', () => {
  it('writes day, month, year and grouped numbers', () => {
    expect(formatDate('2026-11-26')).toBe('26/11/2026');
    expect(formatNumber(1234, 'vi')).toBe('1.234');
    expect(formatNumber(1234, 'en')).toBe('1,234');
  });

  it('shows moments in the time of Vietnam', () => {
    expect(formatMoment('2026-11-26T20:05:00Z', 'vi')).toBe('27/11/2026 03:05');
    expect(localDate(new Date('2026-11-26T16:59:59Z'))).toBe('2026-11-26');
    expect(localDate(new Date('2026-11-26T17:00:00Z'))).toBe('2026-11-27');
  });

  it('reads what people type and nothing that is no date', () => {
    expect(parseDate('26/11/2026')).toBe('2026-11-26');
    expect(parseDate(' 6/1/2026 ')).toBe('2026-01-06');
    expect(parseDate('2026-11-26')).toBe('2026-11-26');
    for (const bad of ['', '31/02/2026', '11/26/2026', '26/11/26', 'hôm nay']) {
      expect(parseDate(bad)).toBeNull();
    }
  });

  it('counts working days forwards and backwards', () => {
    expect(workingDaysBetween('2026-11-20', '2026-11-20')).toBe(0);
    expect(workingDaysBetween('2026-11-20', '2026-11-23')).toBe(1);
    expect(workingDaysBetween('2026-11-21', '2026-11-26')).toBe(4);
    expect(workingDaysBetween('2026-11-26', '2026-11-20')).toBe(-4);
    expect(workingDaysBetween('2026-11-22', '2026-11-20')).toBe(0);
  });
});
