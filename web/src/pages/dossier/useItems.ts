/* Autosave of dossier items. One request at a time, each with the version the one before returned;
 * what could not be saved stays in the fields and in this browser until it is. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, tagged, type Tagged } from '../../api/client';
import { isApiError } from '../../api/problem';
import { dossierChangesQuery, dossierQuery, dossierTransitionsQuery } from '../../api/queries';
import type { Dossier, DossierItem } from '../../api/types';
import type { Difference } from '../../components/ConflictDialog';
import { failureOf } from '../../components/ErrorSummary';
import { useWords } from '../../i18n';

const PAUSE_MS = 1000;

export interface ItemEdit {
  content: string;
  document_number: string;
  document_date: string | null;
}

interface Status {
  saving: boolean;
  savedAt: string | null;
  failure: string | null;
}

const QUIET: Status = { saving: false, savedAt: null, failure: null };

type Edits = Record<string, ItemEdit>;

export interface Items {
  of(item: DossierItem): ItemEdit;
  status(item: string): Status;
  change(item: DossierItem, part: Partial<ItemEdit>): void;
  flush(item: string): void;
  differences: Difference[] | null;
  resolve(taken: Set<string>): void;
  closeConflict(): void;
}

function editOf(item: DossierItem): ItemEdit {
  const { content, document_number, document_date } = item;
  return { content, document_number, document_date };
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function storeName(id: string): string {
  return `capdo.draft.items.${id}`;
}

function kept(id: string): Edits {
  try {
    return JSON.parse(localStorage.getItem(storeName(id)) ?? '{}') as Edits;
  } catch {
    return {};
  }
}

function keep(id: string, edits: Edits): void {
  try {
    if (Object.keys(edits).length === 0) {
      localStorage.removeItem(storeName(id));
    } else {
      localStorage.setItem(storeName(id), JSON.stringify(edits));
    }
  } catch {
    // a browser that keeps nothing still saves to the server
  }
}

interface Conflict {
  item: string;
  mine: ItemEdit;
  present: Tagged<Dossier>;
}

export function useItems(loaded: Tagged<Dossier>): Items {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const id = loaded.data.id;
  const [edits, setEdits] = useState<Edits>(() => kept(id));
  const [statuses, setStatuses] = useState<Record<string, Status>>({});
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const latest = useRef(edits);
  const queue = useRef<Promise<void>>(Promise.resolve());

  useEffect(() => {
    const pending = timers.current;
    return () => pending.forEach((timer) => clearTimeout(timer));
  }, []);

  function put(next: Edits) {
    latest.current = next;
    setEdits(next);
    keep(id, next);
  }

  function settle(item: string, status: Partial<Status>) {
    setStatuses((now) => ({ ...now, [item]: { ...(now[item] ?? QUIET), ...status } }));
  }

  async function save(item: string): Promise<void> {
    const mine = latest.current[item];
    const present = client.getQueryData<Tagged<Dossier>>(dossierQuery(id).queryKey) ?? loaded;
    if (mine === undefined) {
      return;
    }
    settle(item, { saving: true, failure: null });
    try {
      const saved = await tagged(api.PUT('/api/v1/dossiers/{id}/items/{item}', {
        params: { path: { id, item }, header: { 'If-Match': present.etag } }, body: mine,
      }));
      client.setQueryData(dossierQuery(id).queryKey, saved);
      void client.invalidateQueries({ queryKey: dossierTransitionsQuery(id).queryKey });
      void client.invalidateQueries({ queryKey: dossierChangesQuery(id).queryKey });
      if (same(latest.current[item], mine)) {
        const { [item]: _saved, ...rest } = latest.current;
        put(rest);
      }
      settle(item, { saving: false, savedAt: new Date().toISOString() });
    } catch (error) {
      settle(item, { saving: false, failure: `${t.common.notSaved}: ${failureOf(error, words).title}` });
      if (isApiError(error) && error.status === 412) {
        await meet(item, mine, present);
      }
    }
  }

  /* Another person's change to another item is no conflict: mine is saved on top of it. */
  async function meet(item: string, mine: ItemEdit, before: Tagged<Dossier>) {
    const now = await client.fetchQuery({ ...dossierQuery(id), staleTime: 0 });
    const was = before.data.items.find((one) => one.item === item);
    const is = now.data.items.find((one) => one.item === item);
    if (was !== undefined && is !== undefined && same(editOf(was), editOf(is))) {
      await save(item);
      return;
    }
    setConflict({ item, mine, present: now });
  }

  function flush(item: string) {
    const timer = timers.current.get(item);
    if (timer !== undefined) {
      clearTimeout(timer);
      timers.current.delete(item);
    }
    if (latest.current[item] !== undefined) {
      queue.current = queue.current.then(() => save(item));
    }
  }

  function later(item: string) {
    clearTimeout(timers.current.get(item));
    timers.current.set(item, setTimeout(() => flush(item), PAUSE_MS));
  }

  function differences(): Difference[] | null {
    const theirs = conflict?.present.data.items.find((one) => one.item === conflict.item);
    if (conflict === null || theirs === undefined) {
      return null;
    }
    const names = Object.keys(conflict.mine) as (keyof ItemEdit)[];
    return names.filter((name) => !same(conflict.mine[name], theirs[name])).map((name) => ({
      key: name,
      label: `${words.text(theirs.title)}: ${t.dossier.field[name] ?? name}`,
      mine: conflict.mine[name] ?? '',
      theirs: theirs[name] ?? '',
    }));
  }

  function resolve(taken: Set<string>) {
    const theirs = conflict?.present.data.items.find((one) => one.item === conflict.item);
    if (conflict === null || theirs === undefined) {
      return;
    }
    const chosen = Object.fromEntries([...taken].map((name) => [name, theirs[name as keyof ItemEdit]]));
    put({ ...latest.current, [conflict.item]: { ...conflict.mine, ...chosen } });
    setConflict(null);
    flush(conflict.item);
  }

  return {
    of: (item) => edits[item.item] ?? editOf(item),
    status: (item) => statuses[item] ?? QUIET,
    change(item, part) {
      const mine = latest.current[item.item] ?? editOf(item);
      put({ ...latest.current, [item.item]: { ...mine, ...part } });
      settle(item.item, { savedAt: null });
      later(item.item);
    },
    flush,
    differences: differences(),
    resolve,
    closeConflict: () => setConflict(null),
  };
}
