/* Colours live in tokens.css; Mantine only needs a palette to compute with and our shapes. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#e8f3f8', '#d3e5ee', '#a6cadc', '#76aec9', '#5097b9', '#3888b0', '#2a80ab', '#1b6e96', '#0c6587',
  '#0a4f6b',
];

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: { light: 9, dark: 7 },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { sm: '1rem' },
});
