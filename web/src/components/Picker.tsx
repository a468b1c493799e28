/* Choosing one thing out of thousands: the server searches, without diacritics, as one types. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldId } from '../api/problem';
import { listQuery, type ListPath } from '../api/queries';
import { useWords } from '../i18n';

interface Row {
  id: string;
  name?: string;
  display_name?: string;
}

export interface Picked {
  id: string;
  name: string;
}

/* What each is called by, and sorted. */
const NAME = {
  '/api/v1/organisations': 'name', '/api/v1/systems': 'name', '/api/v1/accounts': 'display_name',
} as const satisfies Partial<Record<ListPath, keyof Row>>;

interface Props {
  path: keyof typeof NAME;
  pointer: string;
  label: string;
  hint?: string;
  error?: string | undefined;
  value: Picked | null;
  onChange(value: Picked | null): void;
  filter?: Record<string, string | string[]>;
  optional?: boolean;
}

const SHOWN = 20;

export function Picker({ path, pointer, label, hint, error, value, onChange, filter, optional }: Props) {
  const { t } = useWords();
  const [typed, setTyped] = useState('');
  const [opened, setOpened] = useState(false);
  const [query] = useDebouncedValue(typed, 200);
  const searched = query === value?.name ? '' : query.trim();
  const found = useQuery({
    ...listQuery<Row>(path, {
      ...filter, limit: SHOWN, count: 'none', sort: NAME[path], q: searched === '' ? undefined : searched,
    }),
    enabled: opened,
  });
  const rows = found.data?.items ?? [];
  const none = found.isError ? t.errors.loadTitle : found.data === undefined ? t.common.loading : t.common.pickNone;

  const data = rows.map((row) => ({ value: row.id, label: row[NAME[path]] ?? '' }));
  if (value !== null && !rows.some((row) => row.id === value.id)) {
    data.push({ value: value.id, label: value.name });
  }
  return (
    <Select id={fieldId(pointer)} searchable clearable={value !== null} data={data} error={error}
      label={optional ? <>{label} <span className="muted optional">{t.common.optional}</span></> : label}
      description={hint ?? t.common.pickHint} value={value?.id ?? null}
      inputWrapperOrder={['label', 'description', 'error', 'input']}
      filter={({ options }) => options} nothingFoundMessage={none}
      clearButtonProps={{ 'aria-label': `${t.common.remove}: ${label}` }}
      comboboxProps={{ withinPortal: true, shadow: 'md' }}
      onDropdownOpen={() => setOpened(true)} onSearchChange={setTyped}
      onChange={(id, option) => onChange(id === null ? null : { id, name: String(option?.label ?? '') })} />
  );
}
