/* Line icons on a 20 x 20 grid, drawn for this site. Always beside words, so hidden from readers. */
const PATHS = {
  brand: 'M3 17v-4h3v4zM7.5 17V9h3v8zM12 17V6h3v11zM16.5 17V3H18v14z',
  inbox: 'M3 11.5 5.2 4h9.6L17 11.5V16H3zM3 11.5h4l1 2h4l1-2h4',
  system: 'M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01M9 6.5h5M9 13.5h5',
  folder: 'M3 5h5l1.5 2H17v9H3z',
  seal: 'M10 2.5l2 1.6 2.6-.2.6 2.5 2 1.6-1 2.4.4 2.6-2.5.8L12.6 16 10 15l-2.6 1-1.5-2.2-2.5-.8.4-2.6-1-2.4 2-1.6.6-2.5 2.6.2zM7 9.5l2.2 2.2L13.2 7.5',
  chart: 'M3 17h14M5 14V9M9 14V4M13 14v-3M16.5 14V7',
  building: 'M4 17V3h8v14M12 8h4v9M7 6h2M7 9h2M7 12h2M2.5 17h15',
  mandate: 'M4 3h9l3 3v11H4zM13 3v3h3M7 8h4M7 11h6M7 14l1.3 1.2L11 12.8',
  people: 'M7.5 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 16c0-2.8 2-4.5 4.5-4.5S12 13.2 12 16M13 9a2 2 0 1 0-.8-3.8M14 11.7c1.8.4 3 2 3 4.3',
  person: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c0-3.3 2.7-5.2 6-5.2s6 1.9 6 5.2',
  search: 'M8.7 14.2a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12.8 12.8 17 17',
  down: 'M5.5 8l4.5 4.5L14.5 8',
  right: 'M8 5.5l4.5 4.5L8 14.5',
  left: 'M12 5.5 7.5 10l4.5 4.5',
  check: 'M4 10.5l4 4 8-9',
  cross: 'M5 5l10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  leave: 'M8 4H4v12h4M8.5 10H17M13.5 6.5 17 10l-3.5 3.5',
  pencil: 'M4 16l.8-3.5L13 4.3l2.7 2.7-8.2 8.2zM11.5 5.8l2.7 2.7',
  send: 'M3 10l14-6.5-4.5 13.5-3-5.5zM9.5 11.5 17 3.5',
  lens: 'M8.5 13.5a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM12.2 12.2 17 17M6.3 8.5l1.6 1.6 2.8-3',
  approved: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM6.5 10.2l2.4 2.4 4.6-5',
  refused: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6',
  returned: 'M7.5 4.5 3.5 8.5l4 4M3.5 8.5h8.3a4 4 0 0 1 0 8H9',
  withdrawn: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM6.5 10h7',
  received: 'M10 3v8M6.5 7.8 10 11.3l3.5-3.5M3.5 12.5v4h13v-4',
  clock: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM10 6v4.3l2.8 1.7',
  late: 'M10 3 2.8 16h14.4zM10 8v4M10 14h.01',
  pause: 'M7 5v10M13 5v10',
  open: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM8 8a2 2 0 1 1 2.7 1.9c-.5.2-.7.6-.7 1.1v.5M10 14h.01',
  up: 'M5.5 12.5 10 8l4.5 4.5',
  columns: 'M3 4h14v12H3zM7.7 4v12M12.3 4v12',
  density: 'M3 5h14M3 10h14M3 15h14',
  filter: 'M3 5h14M5.5 10h9M8 15h4',
  journal: 'M5 3h10.5v14H5zM5 3v14M8 7h5M8 10h5M8 13h3M3.5 6H6M3.5 10H6M3.5 14H6',
  lock: 'M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9',
  print: 'M6 7V3h8v4M6 13H3V7h14v6h-3M6 11h8v6H6z',
  table: 'M3 4h14v12H3zM3 8h14M8 8v8',
  screen: 'M3 4h14v9H3zM7 17h6M10 13v4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  const filled = name === 'brand';
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"
      fill={filled ? 'currentColor' : 'none'} stroke={filled ? 'none' : 'currentColor'}
      strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round">
      <path d={PATHS[name]} />
    </svg>
  );
}
