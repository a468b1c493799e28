/* A whole number of days between the two, or null. */
export function daysOf(text: string, least: number, most: number): number | null {
  const trimmed = text.trim();
  const days = /^\d{1,3}$/.test(trimmed) ? Number(trimmed) : NaN;
  return days >= least && days <= most ? days : null;
}

/* One address or network a line; commas and spaces separate too. */
export function networksOf(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '');
}
