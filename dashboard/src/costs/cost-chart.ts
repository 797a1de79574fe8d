/**
 * The charts of costs. Loaded when one is shown first, with the library that draws it.
 * @module
 */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  Legend,
  type LegendItem,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { usdText } from '../format.ts';
import { minutesText } from '../money.ts';
import type { ChartLook } from './chart-look.ts';
import { type CostGroup, type CostSeries, OTHERS } from './cost-series.ts';
import { dayText, figuresText } from './cost-words.ts';

Chart.register(
  BarController,
  BarElement,
  LineController,
  LineElement,
  PointElement,
  CategoryScale,
  LinearScale,
  Legend,
  Tooltip,
);

type Mixed = 'bar' | 'line';
type Configuration = ChartConfiguration<Mixed, (number | null)[], string>;
type Dataset = ChartDataset<Mixed, (number | null)[]>;

const MICRO = 1_000_000;
/** Characters of a user's name beside a bar. */
const NAME_ROOM = { little: 14, much: 28 } as const;
/** Look of what is no user of its own. */
const OTHERS_PLACE = 6;

/** Draws days as stacked bars, minutes as a line, and a mark over days with something unpriced. The caller destroys it. */
export function drawSeries(
  canvas: HTMLCanvasElement,
  series: CostSeries,
  look: ChartLook,
): { destroy(): void } {
  const { days, groups, totals } = series;
  const bars = groups.map((group, place): Dataset => {
    const { fill, edge } = look.series(place);
    return {
      type: 'bar',
      label: group.name,
      data: group.days.map((each) => (each === null ? null : each.microUsd / MICRO)),
      backgroundColor: fill,
      borderColor: edge,
      borderWidth: 1,
      pointStyle: 'rect',
      stack: 'cost',
      yAxisID: 'cost',
      order: 2,
    };
  });
  const minutes: Dataset = {
    type: 'line',
    label: 'Minutes leased',
    data: totals.map((each) => (each === null ? null : each.leasedSeconds / 60)),
    borderColor: look.text,
    backgroundColor: look.text,
    borderWidth: 1.5,
    borderDash: [5, 3],
    pointRadius: 2,
    pointStyle: 'circle',
    yAxisID: 'minutes',
    order: 1,
  };
  const unpriced: Dataset = {
    type: 'line',
    label: 'Some unpriced',
    data: totals.map((each) => (each !== null && each.unpriced > 0 ? each.microUsd / MICRO : null)),
    showLine: false,
    pointStyle: 'triangle',
    pointRadius: 5,
    borderColor: look.surface,
    backgroundColor: look.text,
    yAxisID: 'cost',
    order: 0,
  };
  const datasets = [...bars, minutes, ...(series.sum.unpriced > 0 ? [unpriced] : [])];
  const configuration: Configuration = {
    type: 'bar',
    data: { labels: days.map((day) => dayText(day)), datasets },
    options: {
      ...common(look),
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { stacked: true, grid: { display: false }, ...axis(look, 'UTC day') },
        cost: {
          stacked: true,
          beginAtZero: true,
          ...axis(look, 'Cost'),
          ticks: { color: look.muted, callback: (value) => usdText(Number(value) * MICRO) },
          grid: { color: look.line },
        },
        minutes: {
          position: 'right',
          beginAtZero: true,
          ...axis(look, 'Minutes leased'),
          ticks: { color: look.muted, callback: (value) => minutesText(Number(value) * 60) },
          grid: { display: false },
        },
      },
      plugins: {
        legend: legend(look),
        tooltip: {
          ...tooltip(look),
          filter: ({ dataset, raw }) => raw !== null && dataset.label !== unpriced.label,
          callbacks: {
            title: ([item]) => (item === undefined ? '' : `${days[item.dataIndex]} (UTC)`),
            label: ({ datasetIndex, dataIndex }) => {
              const group = groups[datasetIndex];
              const figures = group?.days[dataIndex];
              if (group && figures) return `${group.name}: ${figuresText(figures)}`;
              return `Minutes leased: ${minutesText(totals[dataIndex]?.leasedSeconds ?? 0)}`;
            },
            footer: ([item]) => {
              const all = item === undefined ? null : totals[item.dataIndex];
              return all ? `In all: ${figuresText(all)}` : '';
            },
          },
        },
      },
    },
  };
  return new Chart(canvas, configuration);
}

/** Draws users as bars beside one another, the costliest on top. The caller destroys it. */
export function drawUsers(
  canvas: HTMLCanvasElement,
  groups: readonly CostGroup[],
  look: ChartLook,
): { destroy(): void } {
  const fills = groups.map(({ name }) => look.series(name === OTHERS ? OTHERS_PLACE : 0));
  const room = (canvas.parentElement?.clientWidth ?? 0) < 600 ? NAME_ROOM.little : NAME_ROOM.much;
  const configuration: ChartConfiguration<'bar', number[], string> = {
    type: 'bar',
    data: {
      labels: groups.map(({ name }) => (name.length > room ? `${name.slice(0, room - 1)}…` : name)),
      datasets: [
        {
          label: 'Cost',
          data: groups.map(({ sum }) => sum.microUsd / MICRO),
          backgroundColor: fills.map(({ fill }) => fill),
          borderColor: fills.map(({ edge }) => edge),
          borderWidth: 1,
        },
      ],
    },
    options: {
      ...common(look),
      indexAxis: 'y',
      scales: {
        x: {
          beginAtZero: true,
          ...axis(look, 'Cost'),
          ticks: { color: look.muted, callback: (value) => usdText(Number(value) * MICRO) },
          grid: { color: look.line },
        },
        y: { grid: { display: false }, ticks: { color: look.muted, autoSkip: false } },
      },
      plugins: {
        legend: { display: false },
        tooltip: {
          ...tooltip(look),
          callbacks: {
            title: ([item]) => (item === undefined ? '' : (groups[item.dataIndex]?.name ?? '')),
            label: ({ dataIndex }) => {
              const group = groups[dataIndex];
              return group ? figuresText(group.sum) : '';
            },
          },
        },
      },
    },
  };
  return new Chart(canvas, configuration);
}

const common = (look: ChartLook) => ({
  responsive: true,
  maintainAspectRatio: false,
  font: { family: look.font },
  ...(look.calm ? ({ animation: false } as const) : { animation: { duration: 200 } }),
});

const axis = (look: ChartLook, text: string) => ({
  border: { color: look.line },
  ticks: { color: look.muted },
  title: { display: !look.narrow, text, color: look.muted },
});

const legend = (look: ChartLook) => ({
  position: 'bottom' as const,
  // A part that is hidden would stay in the sums beside it.
  onClick: () => undefined,
  labels: {
    color: look.text,
    usePointStyle: true,
    boxHeight: 9,
    sort: (a: LegendItem, b: LegendItem) => (a.datasetIndex ?? 0) - (b.datasetIndex ?? 0),
  },
});

const tooltip = (look: ChartLook) => ({
  backgroundColor: look.surface,
  borderColor: look.muted,
  borderWidth: 1,
  titleColor: look.text,
  bodyColor: look.text,
  footerColor: look.text,
  padding: 10,
});
