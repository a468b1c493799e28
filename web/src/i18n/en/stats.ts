import type { Dictionary } from '../vi';

export const stats: Dictionary['stats'] = {
  title: 'Figures',
  asOf: (moment) => `Figures at ${moment}`,
  key: 'Key figures',
  showTable: 'Show the figures as a table',
  showChart: 'Show the chart',
  wall: 'Wall-screen mode',
  wallLeave: 'Leave wall-screen mode',
  total: 'Total',
  systems: 'systems',
  item: 'Item',
  value: 'Number',
  noData: 'No figures yet.',
  noDataText: 'Figures appear once the register holds systems.',
  view: {
    by_level: 'Systems by level',
    by_status: 'Systems by approval status',
    by_organisation: 'Systems by organisation',
    progress: 'Progress',
    labels: 'Trusted network labels',
    overdue: 'Overdue dossiers',
  },
  message: {
    most: (name, value, total) => `Most: ${name}, ${value} of ${total}`,
    none: 'Nothing yet',
    approved: (value, total, percent) => `${value} of ${total} are approved (${percent})`,
    overdue: (value) => `${value} dossiers are overdue`,
    overdueNone: 'No dossier is overdue',
  },
  measure: {
    count: 'Number', total: 'Total', systems: 'Systems', dossiers: 'Dossiers', approved: 'Approved',
    classified: 'Classified', overdue: 'Overdue', granted: 'Granted', requested: 'Requested',
    full: 'Fully implemented', labels: 'Labels',
  },
};
