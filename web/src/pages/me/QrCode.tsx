import qrcode from 'qrcode-generator';

const QUIET = 4;

/* Drawn as one path: no image address, nothing that the content policy would have to allow. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const cells: string[] = [];
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      if (code.isDark(row, column)) {
        cells.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`);
      }
    }
  }
  const side = count + 2 * QUIET;
  return (
    <svg className="qr" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path className="qr-ground" d={`M0 0h${side}v${side}h-${side}z`} />
      <path className="qr-cells" d={cells.join('')} />
    </svg>
  );
}
