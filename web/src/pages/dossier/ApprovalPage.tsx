/* One sheet to read, one decision of three, one second question. What is shown is what is signed. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import type { Tagged } from '../../api/client';
import { dossierQuery, dossierTransitionsQuery, submissionQuery } from '../../api/queries';
import type { Dossier, TransitionList } from '../../api/types';
import { Gate } from '../../components/Gate';
import { Notice } from '../../components/Notice';
import { useWords } from '../../i18n';
import { DossierHeader } from './DossierPage';
import { ApprovalSheet } from './ApprovalSheet';
import { ConfirmDecision, DecisionForm, type DecisionDraft } from './DecisionForm';
import './dossier.css';
import { Blockers } from './TransitionPanel';
import { useTransition } from './useTransition';

export function ApprovalPage() {
  const { id = '' } = useParams();
  const dossier = useQuery(dossierQuery(id));
  const transitions = useQuery(dossierTransitionsQuery(id));
  return (
    <Gate query={dossier}>
      {(loaded) => (
        <Gate query={transitions}>{(list) => <Approval loaded={loaded} list={list} />}</Gate>
      )}
    </Gate>
  );
}

function Approval({ loaded, list }: { loaded: Tagged<Dossier>; list: TransitionList }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const dossier = loaded.data;
  const submission = useQuery(submissionQuery(dossier.id, dossier.submissions)).data;
  const taking = useTransition(loaded);
  const [draft, setDraft] = useState<DecisionDraft>({ to: null, number: '', date: null, reason: '' });
  const [asking, setAsking] = useState(false);
  const task = useRef<HTMLDivElement>(null);
  const options = list.items.filter((item) => ['approved', 'refused', 'returned'].includes(item.to));
  const mine = dossier.state === 'appraised' && options.some((item) => item.allowed);

  useEffect(() => {
    if (asking) {
      task.current?.scrollIntoView({ block: 'center' });
    }
  }, [asking]);

  async function confirm() {
    if (draft.to === null) {
      return;
    }
    const decided = draft.to !== 'returned';
    const taken = await taking.take({
      to: draft.to,
      ...(decided ? { number: draft.number.trim(), date: draft.date ?? '' } : {}),
      ...(draft.to === 'approved' && draft.reason.trim() === '' ? {} : { reason: draft.reason }),
    });
    if (taken) {
      await navigate(`/ho-so/${dossier.id}`);
    } else {
      setAsking(false);
    }
  }

  return (
    <article className="stack sheet">
      <p className="no-print"><Link to={`/ho-so/${dossier.id}`}>{t.dossier.backToDossier}</Link></p>
      <DossierHeader dossier={dossier} title={t.dossier.approveTitle(dossier.code)} />
      <ApprovalSheet dossier={dossier} hash={submission?.snapshot_sha256 ?? null} />
      <div ref={task} className="no-print">
        {!mine ? (
          <Notice title={t.dossier.notYourTurn}>
            <Blockers items={options.flatMap((item) => item.blocked)} dossier={dossier} />
          </Notice>
        ) : asking ? (
          <ConfirmDecision dossier={dossier} draft={draft} busy={taking.busy}
            onConfirm={() => void confirm()} onBack={() => setAsking(false)} />
        ) : (
          <DecisionForm dossier={dossier} options={options} draft={draft} failure={taking.failure}
            onChange={(part) => setDraft({ ...draft, ...part })} onFail={taking.fail} onAsk={() => setAsking(true)} />
        )}
      </div>
    </article>
  );
}
