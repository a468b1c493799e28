import { useQuery } from '@tanstack/react-query';
import { organisationQuery } from '../../api/queries';
import { Picker } from '../../components/Picker';

interface Props {
  pointer: string;
  label: string;
  hint?: string;
  optional?: boolean;
  id: string | null;
  error?: string | undefined;
  onChange(id: string | null): void;
}

/** Chooses an active organisation by its name. */
export function OrganisationPicker({ id, onChange, ...rest }: Props) {
  const name = useQuery({ ...organisationQuery(id ?? ''), enabled: id !== null }).data?.data.name;
  return (
    <Picker path="/api/v1/organisations" filter={{ status: 'active' }} {...rest}
      value={id === null ? null : { id, name: name ?? '…' }} onChange={(picked) => onChange(picked?.id ?? null)} />
  );
}
