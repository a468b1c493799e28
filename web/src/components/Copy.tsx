import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useWords } from '../i18n';

/* Copies a text, and says whether it could: without TLS a browser refuses. */
export function Copy({ text, label }: { text: string; label: string }) {
  const { t } = useWords();
  const { copy, copied, error } = useClipboard({ timeout: 3000 });
  return (
    <>
      <Button variant="default" onClick={() => copy(text)}>{label}</Button>
      <span role="status">{copied ? t.common.copied : error !== null && t.common.copyFailed}</span>
    </>
  );
}
