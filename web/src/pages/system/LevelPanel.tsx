/* The level so far, always in sight while one answers, with the reason of each criterion. */
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { answersToSend, questionOf, type Ruleset } from '../../api/ruleset';
import type { Facts } from '../../api/types';
import { LevelBadge } from '../../components/LevelBadge';
import { Reasons } from '../../components/Reasons';
import { useWords } from '../../i18n';

interface Props {
  ruleset: Ruleset;
  facts: Facts;
  onQuestion(fact: string): void;
}

const PAUSE_MS = 150;

function useClassification(ruleset: Ruleset, facts: Facts) {
  const asked = { ruleset: ruleset.ruleset_id, facts: answersToSend(ruleset, facts) };
  const [sent] = useDebouncedValue(JSON.stringify(asked), PAUSE_MS);
  return useQuery({
    queryKey: ['classification', sent],
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    queryFn: () => body(api.POST('/api/v1/classifications', { body: JSON.parse(sent) as typeof asked })),
  });
}

export function LevelPanel({ ruleset, facts, onQuestion }: Props) {
  const { t, text } = useWords();
  const query = useClassification(ruleset, facts);
  const data = query.data;
  const answered = Object.values(facts).some((value) => value !== null && value !== undefined);
  const wide = useMediaQuery('(min-width: 72rem)', undefined, { getInitialValueInEffect: false });
  const harm = ruleset.levels.find((row) => row.level === data?.level)?.harm;

  return (
    <section className="level-panel panel stack" aria-labelledby="muc-cap-do" data-testid="level-panel">
      <h2 id="muc-cap-do">{t.system.panelTitle}</h2>
      <div aria-live="polite" className="stack-s">
        {!answered || data === undefined ? <p className="muted">{t.system.panelEmpty}</p> : (
          <>
            <div><LevelBadge large level={data.level} atLeast={data.at_least} kind="computed" /></div>
            <p className="small">
              {data.missing.length > 0 ? t.system.panelMissing(data.missing.length)
                : data.level === null ? t.system.panelNone : t.system.panelComplete}
            </p>
          </>
        )}
        {query.isError && <p className="small alert-line">{t.system.panelFailed}</p>}
      </div>
      {answered && data !== undefined && (
        <details className="level-panel-more" open={wide}>
          <summary>{t.system.reasonsShort}</summary>
          {harm !== undefined && <p className="small muted">{t.system.harm}: {text(harm)}.</p>}
          <Reasons classification={data} onQuestion={onQuestion}
            questionOf={(entry) => questionOf(entry, ruleset, facts)} />
        </details>
      )}
    </section>
  );
}
