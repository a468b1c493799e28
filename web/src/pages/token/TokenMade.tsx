/* The text of a token. */
import type { ApiTokenMade } from '../../api/types';
import { ShownOnce } from '../../components/ShownOnce';
import { useWords } from '../../i18n';

export function TokenMade({ made, onDone }: { made: ApiTokenMade; onDone(): void }) {
  const { t } = useWords();
  return (
    <ShownOnce text={made.token} lost={t.token.madeLost} title={t.token.madeTitle} lead={t.token.madeText} label={t.token.text}
      note={<p className="muted">{t.token.madeText2} <code>Authorization: Bearer …</code></p>} done={t.token.done}
      testId="token-text" onDone={onDone} />
  );
}
