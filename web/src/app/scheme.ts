/* Light, dark or as the device; Mantine keeps the choice under this key. Set before the first paint. */
const KEY = 'mantine-color-scheme-value';

export function applyColourScheme(): void {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    kept = null;
  }
  const dark = kept === 'dark'
    || (kept !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
