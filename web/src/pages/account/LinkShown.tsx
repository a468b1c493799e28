/* The link by which a person chooses a password, shown this once. */
import { Button, CopyButton } from '@mantine/core';
import type { Account } from '../../api/types';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import './account.css';

export function LinkShown({ account, onDone }: { account: Account; onDone(): void }) {
  const { t, moment } = useWords();
  if (account.link_path === null || account.link === null) {
    return (
      <div className="stack">
        <Notice tone="warn"><p>{t.account.linkLost}</p></Notice>
        <div><Button variant="default" onClick={onDone}>{t.common.close}</Button></div>
      </div>
    );
  }
  const address = window.location.origin + account.link_path;
  return (
    <div className="stack">
      <Notice tone="warn" title={t.account.linkTitle}><p>{t.account.linkText(moment(account.link.expires_at))}</p></Notice>
      <div className="stack-s">
        <p className="strong" id="link-text-label">{t.account.linkLabel}</p>
        <code className="link-text" aria-labelledby="link-text-label" data-testid="link-text">{address}</code>
      </div>
      <div className="row">
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} aria-live="polite">{copied ? t.account.copied : t.account.copy}</Button>
          )}
        </CopyButton>
        <Button onClick={onDone}>{t.account.linkDone}</Button>
      </div>
    </div>
  );
}
