import { describe, expect, it } from 'vitest';
import type { StatsRow } from '../../api/types';
import { wordsOf } from '../../i18n';
import { charted, messageOf, toTable } from './figures';

const row = (key: string, measure: string, value: number): StatsRow =>
  ({ key, label: { vi: key, en: key }, measure, value, href: `/api/v1/systems?x=${key}` });

describe('figures', () => {
  it('become one line per thing and one column per measure', () => {
    const table = toTable([row('a', 'systems', 3), row('a', 'approved', 1), row('b', 'systems', 2)]);
    expect(table.measures).toEqual(['systems', 'approved']);
    expect(table.lines.map((line) => line.key)).toEqual(['a', 'b']);
    expect(table.lines[1]!.cells.approved).toBeUndefined();
  });

  it('chart the largest organisations only', () => {
    const rows = Array.from({ length: 30 }, (_, index) => row(`o${index}`, 'systems', index));
    const lines = charted('by_organisation', toTable(rows)).lines;
    expect(lines).toHaveLength(12);
    expect(lines[0]!.key).toBe('o29');
  });

  it('say their message', () => {
    const words = wordsOf('vi');
    expect(messageOf('overdue', [row('appraisal', 'overdue', 0)], words)).toBe('Không có hồ sơ nào quá hạn');
    expect(messageOf('overdue', [row('appraisal', 'overdue', 7)], words)).toContain('7');
    expect(messageOf('by_level', [row('1', 'systems', 80), row('2', 'systems', 20)], words)).toContain('80 trên 100');
  });
});
