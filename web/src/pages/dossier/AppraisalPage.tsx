import { PageTitle } from '../../components/PageTitle';

export function AppraisalPage() {
  return <PageTitle title="AppraisalPage" />;
}
