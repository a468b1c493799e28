/* The only place that knows ECharts; fetched when the page is idle. No HTML tooltips: the page's
 * policy refuses markup made from text. Series differ by pattern as well as colour. Drawn on a
 * canvas: one labelled picture to every reader, the numbers themselves stand in the table. */
import { BarChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([BarChart, GridComponent, TooltipComponent, LegendComponent, AriaComponent, CanvasRenderer]);

export interface Series {
  name: string;
  values: number[];
  /* Custom properties of tokens.css, one per bar or one for all. */
  colours: string[];
}

interface Props {
  label: string;
  categories: string[];
  series: Series[];
  horizontal: boolean;
  scheme: string;
  onPick(category: number, series: number): void;
}

const ROW_PX = 38;

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/* The names of bars take less than half of a narrow chart; text follows the size of the page's. */
const NAMES_SHARE = 0.42;

function optionOf({ categories, series, horizontal }: Props, width: number) {
  const ink = token('--ink');
  const line = token('--line');
  const fontSize = Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125);
  const font = { color: ink, fontFamily: token('--font'), fontSize };
  const room = Math.min(fontSize * 14.6, width * NAMES_SHARE);
  const names = {
    type: 'category' as const, data: categories, inverse: horizontal, axisTick: { show: false },
    axisLine: { lineStyle: { color: line } },
    axisLabel: {
      ...font, lineHeight: fontSize + 2, width: horizontal ? room : 110, overflow: 'break' as const, interval: 0,
    },
  };
  const values = {
    type: 'value' as const, minInterval: 1, splitLine: { lineStyle: { color: line } },
    axisLabel: { ...font, color: token('--ink-2'), hideOverlap: true }, splitNumber: width < 400 ? 3 : 5,
  };
  return {
    animation: false,
    textStyle: font,
    aria: { enabled: true, label: { enabled: false }, decal: { show: series.length > 1 } },
    legend: series.length > 1 ? { top: 0, left: 0, textStyle: font, icon: 'rect' } : { show: false },
    tooltip: {
      trigger: 'item' as const, renderMode: 'richText' as const, backgroundColor: token('--raised'),
      borderColor: line, textStyle: font,
    },
    grid: { left: 8, right: 48, top: series.length > 1 ? 36 : 8, bottom: 8, containLabel: true },
    xAxis: horizontal ? values : names,
    yAxis: horizontal ? names : values,
    series: series.map((one) => ({
      type: 'bar' as const, name: one.name, barMaxWidth: 28, cursor: 'pointer',
      label: { show: true, position: horizontal ? 'right' as const : 'top' as const, ...font },
      itemStyle: { color: token(one.colours[0] ?? '--accent-2') },
      data: one.values.map((value, index) => ({
        value, itemStyle: { color: token(one.colours[index] ?? one.colours[0] ?? '--accent-2') },
      })),
    })),
  };
}

export default function Chart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const pick = useRef(props.onPick);
  const latest = useRef(props);
  pick.current = props.onPick;
  latest.current = props;

  useEffect(() => {
    const made = init(box.current!, null, { renderer: 'canvas' });
    chart.current = made;
    made.on('click', (event) => pick.current(event.dataIndex, event.seriesIndex ?? 0));
    const observer = new ResizeObserver(() => {
      made.resize();
      made.setOption(optionOf(latest.current, made.getWidth()), { notMerge: true });
    });
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);

  const drawn = JSON.stringify([props.categories, props.series, props.scheme, props.horizontal]);
  useEffect(() => {
    chart.current?.setOption(optionOf(latest.current, chart.current.getWidth()), { notMerge: true });
  }, [drawn]);

  const rows = props.categories.length * Math.max(1, props.series.length * 0.75);
  const height = props.horizontal ? Math.max(140, rows * ROW_PX + 60) : 280;
  return <div ref={box} role="img" aria-label={props.label} style={{ height }} />;
}
