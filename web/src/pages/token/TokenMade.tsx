/* The text of a token, shown this once. */
import { Button, CopyButton } from '@mantine/core';
import type { ApiTokenMade } from '../../api/types';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';

export function TokenMade({ made, onDone }: { made: ApiTokenMade; onDone(): void }) {
  const { t } = useWords();
  if (made.token === null) {
    return (
      <div className="stack">
        <Notice tone="warn"><p>{t.token.madeLost}</p></Notice>
        <div><Button variant="default" onClick={onDone}>{t.common.close}</Button></div>
      </div>
    );
  }
  const text = made.token;
  return (
    <div className="stack">
      <Notice tone="warn" title={t.token.madeTitle}><p>{t.token.madeText}</p></Notice>
      <div className="stack-s">
        <p className="strong" id="token-text-label">{t.token.text}</p>
        <code className="token-text" aria-labelledby="token-text-label" data-testid="token-text">{text}</code>
        <p className="muted">{t.token.madeText2} <code>Authorization: Bearer …</code></p>
      </div>
      <div className="row">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} aria-live="polite">{copied ? t.token.copied : t.token.copy}</Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t.token.done}</Button>
      </div>
    </div>
  );
}
