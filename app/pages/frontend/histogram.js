// @ts-check
// The photos along time: a bar for each month, or for several, and the months that are chosen.

import { isoMonth, monthName, monthNumber, monthRange } from "./dates.js";
import { button, h, svg } from "./dom.js";
import { t } from "./texts.js";

/** @import { Month } from "./dates.js" */
/** @import { ChosenMonths, Facets, IsoMonth } from "./types.d.ts" */

const MOST_BARS = 60;
const MONTH = "(19|20)[0-9]{2}-(0[1-9]|1[0-2])";
const MEANT = new RegExp(`^${MONTH}$`); // "0201-01" is what is there while 2018 is typed

/**
 * Photos of some months that follow each other.
 *
 * @typedef {object} Bar
 * @property {Month} first
 * @property {Month} last
 * @property {number} count
 */

/**
 * Bars of a month, or of several where there are too many; without gaps.
 *
 * @param {[month: IsoMonth, count: number][]} months  The earliest first, at least one.
 * @returns {Bar[]}
 */
export function barsOf(months, most = MOST_BARS) {
  const first = monthNumber(months[0][0]);
  const last = monthNumber(months[months.length - 1][0]);
  const step = Math.ceil((last - first + 1) / most);
  /** @type {Bar[]} */
  const bars = [];
  for (let month = first; month <= last; month += step)
    bars.push({ first: month, last: Math.min(month + step - 1, last), count: 0 });
  for (const [month, count] of months)
    bars[Math.floor((monthNumber(month) - first) / step)].count += count;
  return bars;
}

/**
 * Whether some of a bar's months are among the chosen ones.
 *
 * @param {Bar} bar
 * @param {ChosenMonths} chosen
 */
export function isChosen(bar, { from, until }) {
  return (!from || bar.last >= monthNumber(from)) && (!until || bar.first <= monthNumber(until));
}

/**
 * The place of the bar at a share of the width.
 *
 * @param {number} share  0 to 1; what is beyond is the bar at the edge.
 * @param {number} count  Of bars.
 */
export const barAt = (share, count) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));

/**
 * The chart and its two fields; drag over the bars to choose a time.
 *
 * @param {Facets} facets
 * @param {(from: IsoMonth | null, until: IsoMonth | null) => void} choose
 * @returns {Node[]}
 */
export function histogram({ months, dates }, choose) {
  const bars = barsOf(months);
  const { first } = bars[0];
  const { last } = bars[bars.length - 1];
  const top = Math.max(...bars.map((bar) => bar.count));
  const chart = svg("svg", { viewBox: `0 0 ${bars.length} 30`, preserveAspectRatio: "none",
    class: "histogram", role: "img",
    "aria-label": t("panel.range", { first: monthName(first), last: monthName(last) }) });
  const nodes = bars.map((bar, place) => {
    const height = bar.count ? Math.max(2, (28 * bar.count) / top) : 0;
    return svg("rect", { x: place + 0.08, y: 30 - height, width: 0.84, height,
      class: isChosen(bar, dates) ? "in" : "out" },
    svg("title", {}, t("panel.bar", { months: monthRange(bar.first, bar.last), count: bar.count })));
  });
  chart.append(...nodes);
  brush(chart, nodes,
    (one, two) => choose(isoMonth(bars[one].first), isoMonth(bars[two].last)));
  /**
   * Each digit of a year that is typed is a change, and only the last one makes a month that is meant.
   *
   * @param {"from" | "until"} end
   * @param {string} name
   * @param {IsoMonth | null} value
   * @param {(value: IsoMonth) => void} change
   */
  const field = (end, name, value, change) => h("label", {}, `${name} `, h("input", { type: "month",
    "data-name": `time:${end}`, value: value ?? "",
    pattern: MONTH, // for browsers in which it is a field for text
    onchange: ({ target }) => {
      const isWhole = target.value ? MEANT.test(target.value) : !target.validity.badInput;
      if (isWhole) change(target.value);
    } }));
  const { from, until } = dates;
  return [chart, h("div", { class: "months" },
    field("from", t("panel.from"), from, (value) => choose(value, until)),
    field("until", t("panel.until"), until, (value) => choose(from, value)),
    from || until ? button(t("panel.any-time"), () => choose(null, null), { class: "quiet" }) : null)];
}

/**
 * @param {SVGSVGElement} chart
 * @param {SVGElement[]} nodes  The bars.
 * @param {(one: number, two: number) => void} choose  Takes the places of the first and last bar.
 */
function brush(chart, nodes, choose) {
  /** @param {PointerEvent} event */
  const at = (event) => {
    const box = chart.getBoundingClientRect();
    return barAt((event.clientX - box.left) / box.width, nodes.length);
  };
  chart.addEventListener("pointerdown", (down) => {
    const start = at(down);
    chart.setPointerCapture(down.pointerId);
    /** @param {PointerEvent} event */
    const paint = (event) => {
      const [one, two] = ordered(start, at(event));
      nodes.forEach((node, place) => node.setAttribute("class",
        place >= one && place <= two ? "in" : "out"));
    };
    paint(down);
    chart.addEventListener("pointermove", paint);
    chart.addEventListener("pointerup", (up) => {
      chart.removeEventListener("pointermove", paint);
      choose(...ordered(start, at(up)));
    }, { once: true });
  });
}

/**
 * @param {number} one
 * @param {number} two
 * @returns {[number, number]}
 */
const ordered = (one, two) => [Math.min(one, two), Math.max(one, two)];
