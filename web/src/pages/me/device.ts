/* What a User-Agent says in two words: the program and the system. Only for a person to recognise. */
import type { Dictionary } from '../../i18n';

const PROGRAMS: [RegExp, string][] = [
  [/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/coc_coc_browser\//i, 'Cốc Cốc'], [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'], [/Safari\//, 'Safari'], [/curl\//, 'curl'],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X|Macintosh/, 'macOS'], [/Linux/, 'Linux'],
];

export interface Device {
  program: string | null;
  system: string | null;
}

export function deviceOf(userAgent: string): Device {
  const find = (table: [RegExp, string][]) => table.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
  return { program: find(PROGRAMS), system: find(SYSTEMS) };
}

export function deviceName(userAgent: string, t: Dictionary): string {
  const { program, system } = deviceOf(userAgent);
  return program !== null && system !== null ? t.me.onSystem(program, system) : program ?? system ?? t.me.unknownDevice;
}
