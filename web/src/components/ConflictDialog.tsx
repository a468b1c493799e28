/* 412: somebody else saved meanwhile. Field by field mine beside the present value; nothing typed is
 * lost and nothing is overwritten unseen. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from '../i18n';
import { ChoiceLine } from './Choices';
import { Dialog } from './Dialog';

export interface Difference {
  key: string;
  label: string;
  mine: string;
  theirs: string;
}

interface Props {
  differences: Difference[] | null;
  onClose(): void;
  /* The keys for which the present value is taken; all others keep mine. */
  onResolve(takenFromTheirs: Set<string>): void;
}

export function ConflictDialog({ differences, onClose, onResolve }: Props) {
  const { t } = useWords();
  return (
    <Dialog opened={differences !== null} onClose={onClose} size="xl" title={t.conflict.title} staysOnClickOutside>
      {differences !== null && <Choosing differences={differences} onResolve={onResolve} />}
    </Dialog>
  );
}

function Choosing({ differences, onResolve }: { differences: Difference[]; onResolve(taken: Set<string>): void }) {
  const { t } = useWords();
  const [taken, setTaken] = useState<Set<string>>(new Set());

  function take(key: string, theirs: boolean) {
    const next = new Set(taken);
    if (theirs) {
      next.add(key);
    } else {
      next.delete(key);
    }
    setTaken(next);
  }

  return (
    <div className="stack">
      <p>{differences.length === 0 ? t.conflict.same : t.conflict.text}</p>
      {differences.map((difference) => (
        <fieldset key={difference.key} className="conflict">
          <legend>{difference.label}</legend>
          {([['mine', false], ['theirs', true]] as const).map(([side, theirs]) => (
            <ChoiceLine key={side} kind="radio" group={`conflict-${difference.key}`} value={side} strong
              label={t.conflict[side]} hint={difference[side] || t.common.notGiven}
              checked={taken.has(difference.key) === theirs} onChange={() => take(difference.key, theirs)} />
          ))}
        </fieldset>
      ))}
      <div className="row">
        <Button onClick={() => onResolve(taken)}>{t.conflict.save}</Button>
        {differences.length > 1 && (
          <>
            <Button variant="default" onClick={() => setTaken(new Set())}>{t.conflict.keepMine}</Button>
            <Button variant="default"
              onClick={() => setTaken(new Set(differences.map((difference) => difference.key)))}>
              {t.conflict.takeTheirs}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
