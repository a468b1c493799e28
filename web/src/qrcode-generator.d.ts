/* The part of the package that is used here. */
declare module 'qrcode-generator' {
  interface QrCode {
    addData(text: string): void;
    make(): void;
    getModuleCount(): number;
    isDark(row: number, column: number): boolean;
  }
  /* type 0: as small as the text allows. */
  export default function qrcode(type: 0, correction: 'L' | 'M' | 'Q' | 'H'): QrCode;
}
