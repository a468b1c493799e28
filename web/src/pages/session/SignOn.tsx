/* Single sign-on as the sign-in page shows it: the way to the identity provider, and what became of it. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { metaQuery } from '../../api/queries';
import { useWords, type Words } from '../../i18n';

/* The words for a code that the server put into the address (`?sso=`); null when nothing went wrong. */
export function signOnFailure(code: string | null, { t }: Words): string | null {
  if (code === null || code === 'second_factor') {
    return null;
  }
  return code in t.signOn.failed ? t.signOn.failed[code as keyof typeof t.signOn.failed] : t.signOn.failed.other;
}

/* Whether there is such a way, and what it is called. */
export function useSignOn(): { label: string } | null {
  return useQuery(metaQuery).data?.sign_on ?? null;
}

export function SignOnButton({ target }: { target: string }) {
  const { t } = useWords();
  const on = useSignOn();
  if (on === null) {
    return null;
  }
  return (
    <div>
      <Button component="a" variant="default" href={`/api/v1/session/oidc?return=${encodeURIComponent(target)}`}>
        {t.signOn.button(on.label)}
      </Button>
    </div>
  );
}
