import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { GROUPS } from '../api/groups';
import { useLabels, useMe } from '../api/queries';
import { PageTitle } from '../components/PageTitle';
import { useWords } from '../i18n';
import { useActing } from './acting';

export function NotFoundPage() {
  const { t } = useWords();
  return (
    <div className="stack measure">
      <PageTitle title={t.errors.notFoundTitle} />
      <p>{t.errors.notFoundText}</p>
      <p>{t.errors.notFoundDo}</p>
      <p><Link to="/">{t.errors.home}</Link></p>
    </div>
  );
}

export function ForbiddenPage({ right }: { right?: string | undefined }) {
  const { t } = useWords();
  const me = useMe();
  const acting = useActing(me);
  const label = useLabels();
  return (
    <div className="stack measure">
      <PageTitle title={t.errors.forbiddenTitle} />
      {acting !== '' && <p>{t.errors.forbiddenText(acting)}</p>}
      {right !== undefined && <p>{t.errors.forbiddenRight(label(GROUPS.permission, right))}</p>}
      <p>{t.errors.forbiddenDo}</p>
      <p><Link to="/">{t.errors.home}</Link></p>
    </div>
  );
}

export function PageFailed() {
  const { t } = useWords();
  return (
    <main className="alone stack">
      <h1>{t.errors.pageTitle}</h1>
      <p>{t.errors.pageText}</p>
      <div className="row">
        <Button onClick={() => window.location.reload()}>{t.errors.reload}</Button>
      </div>
    </main>
  );
}
