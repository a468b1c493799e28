import { describe, expect, it } from 'vitest';
import { nextSort, pageOfHref, toQuery, withFilter, withValue } from './listParams';

describe('the address of a list', () => {
  it('becomes the API parameters, known names only', () => {
    const search = new URLSearchParams('level=1&level=2&q=he+thong&man-hinh=lon');
    expect(toQuery(search, ['level'], '-updated_at')).toEqual({
      limit: 50, count: 'bounded', sort: '-updated_at', level: ['1', '2'], q: 'he thong',
    });
  });

  it('gains and loses filters and goes back to the first page', () => {
    const search = new URLSearchParams('level=1&cursor=abc');
    expect(withFilter(search, 'level', '2', true).toString()).toBe('level=1&level=2');
    expect(withFilter(search, 'level', '1', false).toString()).toBe('');
    expect(withValue(search, 'q', '').toString()).toBe('level=1');
  });

  it('turns the sorting round', () => {
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBe('name');
    expect(nextSort('code', 'name')).toBe('name');
  });

  it('follows the link behind a figure, and only such a link', () => {
    expect(pageOfHref('/api/v1/systems?level=3')).toBe('/he-thong?level=3');
    expect(pageOfHref('/api/v1/dossiers?overdue=true&step=approval')).toBe('/ho-so?overdue=true&step=approval');
    expect(pageOfHref('https://example.org/api/v1/systems')).toBeNull();
    expect(pageOfHref('/api/v1/other')).toBeNull();
  });
});
