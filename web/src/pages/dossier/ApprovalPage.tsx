import { PageTitle } from '../../components/PageTitle';

export function ApprovalPage() {
  return <PageTitle title="ApprovalPage" />;
}
