import { PageTitle } from '../../components/PageTitle';

export function AccountListPage() {
  return <PageTitle title="AccountListPage" />;
}
