import { useQueries, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import {
  meQuery, metaQuery, rulesetQuery, rulesetsQuery, systemQuery, useMay,
} from '../../api/queries';
import type { Ruleset } from '../../api/ruleset';
import type { Me, RulesetRow } from '../../api/types';
import type { Tagged } from '../../api/client';
import type { System } from '../../api/types';
import { ForbiddenPage } from '../../app/Failures';
import { Gate, Waiting } from '../../components/Gate';
import { draftOf, emptyDraft } from './draft';
import { SystemForm } from './SystemForm';
import { useSystemDraft } from './useSystemDraft';

interface Ready {
  me: Me;
  rows: RulesetRow[];
  rulesets: Ruleset[];
  current: string;
}

/* Everything the form needs before the first question. */
function useReady(): Ready | null {
  const me = useQuery(meQuery).data;
  const meta = useQuery(metaQuery).data;
  const rows = useQuery(rulesetsQuery).data;
  const rulesets = useQueries({ queries: (rows ?? []).map((row) => rulesetQuery(row.id)) });
  const loaded = rulesets.flatMap((one) => one.data ?? []);
  if (!me || meta === undefined || rows === undefined || loaded.length < rows.length) {
    return null;
  }
  return { me, rows, rulesets: loaded, current: meta.current_ruleset };
}

export function SystemNewPage() {
  const may = useMay();
  const ready = useReady();
  if (!may('system.write')) {
    return <ForbiddenPage right="system.write" />;
  }
  return ready === null ? <Waiting /> : <NewForm {...ready} />;
}

function NewForm({ me, rows, rulesets, current }: Ready) {
  const own = me.capacities.find((capacity) => capacity.role === 'staff')?.organisation ?? null;
  const state = useSystemDraft(me.id, 'new', emptyDraft(current, own), null, null);
  return <SystemForm id={null} title={null} state={state} rows={rows} rulesets={rulesets} />;
}

export function SystemEditPage() {
  const { id = '' } = useParams();
  const may = useMay();
  const ready = useReady();
  const system = useQuery(systemQuery(id));
  if (!may('system.write')) {
    return <ForbiddenPage right="system.write" />;
  }
  return (
    <Gate query={system}>
      {(loaded) => (ready === null ? <Waiting /> : <EditForm key={id} {...ready} loaded={loaded} />)}
    </Gate>
  );
}

function EditForm({ me, rows, rulesets, loaded }: Ready & { loaded: Tagged<System> }) {
  const base = draftOf(loaded.data);
  const state = useSystemDraft(me.id, loaded.data.id, base, base, loaded.etag);
  return (
    <SystemForm id={loaded.data.id} title={loaded.data.name} state={state} rows={rows} rulesets={rulesets} />
  );
}
