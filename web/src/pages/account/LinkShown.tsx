/* The link by which a person chooses a password. */
import type { Account } from '../../api/types';
import { ShownOnce } from '../../components/ShownOnce';
import { useWords } from '../../i18n';

export function LinkShown({ account, onDone }: { account: Account; onDone(): void }) {
  const { t, moment } = useWords();
  const { link, link_path: path } = account;
  return (
    <ShownOnce text={path === null || link === null ? null : window.location.origin + path} lost={t.account.linkLost}
      title={t.account.linkTitle} lead={link === null ? '' : t.account.linkText(moment(link.expires_at))}
      label={t.account.linkLabel} done={t.account.linkDone} testId="link-text" onDone={onDone} />
  );
}
